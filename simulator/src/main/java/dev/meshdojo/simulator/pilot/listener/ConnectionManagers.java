package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.Durations;
import dev.meshdojo.simulator.pilot.model.HeaderCase;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Protocol;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ForwardClientCertDetails;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.PathWithEscapedSlashesAction;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.ServerHeaderTransformation;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.Rds;
import io.envoyproxy.envoy.extensions.request_id.uuid.v3.UuidRequestIdConfig;

/** Builds the HTTP connection managers of a gateway's filter chains. */
final class ConnectionManagers {

    private static final String NAME = "envoy.filters.network.http_connection_manager";

    private final MeshModel model;
    private final ProxyIdentity proxy;
    private final ProxyHeaders headers;
    private final HttpFilters filters;
    private final AccessLogs accessLogs;
    private final TracingSettings tracing;

    ConnectionManagers(
            MeshModel model, ProxyIdentity proxy, JwksSource keys, AccessLogs accessLogs) {
        this.model = model;
        this.proxy = proxy;
        this.headers = ProxyHeaders.of(model.mesh());
        this.filters = new HttpFilters(model, proxy, keys, headers);
        this.accessLogs = accessLogs;
        this.tracing = TracingSettings.of(model, proxy);
    }

    /**
     * The network filter.
     *
     * @param route the route table's name
     * @param protocol what the first server speaks
     * @param statPrefix prefix of its statistics
     */
    Filter filter(String route, Protocol protocol, String statPrefix) {
        HttpConnectionManager.Builder out =
                HttpConnectionManager.newBuilder()
                        .setStatPrefix(statPrefix)
                        .setServerName(headers.serverName())
                        .setXffNumTrustedHops(headers.trustedProxies())
                        .setHttpProtocolOptions(
                                Http1ProtocolOptions.newBuilder()
                                        .setAcceptHttp10(
                                                "1"
                                                        .equals(
                                                                proxy.environment()
                                                                        .get("ISTIO_META_HTTP10"))))
                        .setUseRemoteAddress(BoolValue.of(true))
                        .setAppendXForwardedPort(headers.forwardedPort())
                        .setStreamIdleTimeout(Durations.ZERO)
                        .setProxy100Continue(true)
                        .addAllAccessLog(accessLogs.logs())
                        .addAllHttpFilters(filters.of(protocol));
        if (headers.preserveCase()) {
            out.getHttpProtocolOptionsBuilder().setHeaderKeyFormat(HeaderCase.PRESERVED);
        }
        if (headers.passServerHeader()) {
            out.setServerHeaderTransformation(ServerHeaderTransformation.PASS_THROUGH);
        }
        if (headers.requestIdDisabled()) {
            out.setGenerateRequestId(BoolValue.of(false));
        }
        out.addUpgradeConfigsBuilder().setUpgradeType("websocket");
        clientCertificate(out);
        normalization(out);
        if (tracing.tracing() != null) {
            out.setTracing(tracing.tracing());
        }
        out.setRds(
                Rds.newBuilder()
                        .setRouteConfigName(route)
                        .setConfigSource(
                                TlsContexts.ads().toBuilder()
                                        .setInitialFetchTimeout(Durations.ZERO)));
        out.getRequestIdExtensionBuilder()
                .setTypedConfig(
                        Any.pack(
                                UuidRequestIdConfig.newBuilder()
                                        .setUseRequestIdForTraceSampling(
                                                BoolValue.of(tracing.sampleByRequestId()))
                                        .build()));
        return Filter.newBuilder().setName(NAME).setTypedConfig(Any.pack(out.build())).build();
    }

    private void clientCertificate(HttpConnectionManager.Builder out) {
        ForwardClientCertDetails details =
                ForwardClientCertDetails.valueOf(headers.forwardClientCertificate());
        out.setForwardClientCertDetails(details);
        if (details == ForwardClientCertDetails.APPEND_FORWARD
                || details == ForwardClientCertDetails.SANITIZE_SET) {
            out.getSetCurrentClientCertDetailsBuilder()
                    .setSubject(BoolValue.of(true))
                    .setCert(true)
                    .setDns(true)
                    .setUri(true);
        }
    }

    private void normalization(HttpConnectionManager.Builder out) {
        String written = model.mesh().view().at("pathNormalization").text("normalization");
        boolean decode = written.equals("DECODE_AND_MERGE_SLASHES");
        out.setNormalizePath(BoolValue.of(!written.equals("NONE")))
                .setMergeSlashes(decode || written.equals("MERGE_SLASHES"))
                .setPathWithEscapedSlashesAction(
                        decode
                                ? PathWithEscapedSlashesAction.UNESCAPE_AND_FORWARD
                                : PathWithEscapedSlashesAction.KEEP_UNCHANGED);
    }
}
