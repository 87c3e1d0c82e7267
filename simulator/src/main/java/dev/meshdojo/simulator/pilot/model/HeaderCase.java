package dev.meshdojo.simulator.pilot.model;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions.HeaderKeyFormat;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.http.header_formatters.preserve_case.v3.PreserveCaseFormatterConfig;

/** How names of HTTP/1 headers are written. */
public final class HeaderCase {

    /** As the other side wrote them. */
    public static final HeaderKeyFormat PRESERVED =
            HeaderKeyFormat.newBuilder()
                    .setStatefulFormatter(
                            TypedExtensionConfig.newBuilder()
                                    .setName("preserve_case")
                                    .setTypedConfig(
                                            Any.pack(
                                                    PreserveCaseFormatterConfig
                                                            .getDefaultInstance())))
                    .build();

    private HeaderCase() {}
}
