package dev.meshdojo.gateway.upstream;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.tls.SecretStore;
import dev.meshdojo.gateway.tls.UpstreamTls;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import org.jspecify.annotations.Nullable;

/**
 * What connections to an endpoint are wrapped in.
 *
 * @param tls null for plain text
 * @param proxyHeader the PROXY header they begin with; null for none
 */
record TransportSettings(@Nullable UpstreamTls tls, ProxyHeader.@Nullable Version proxyHeader) {

    /** Bare connections. */
    static final TransportSettings PLAIN = new TransportSettings(null, null);

    /**
     * Compiles a transport socket.
     *
     * @throws InvalidConfigException when there is no such socket here
     */
    static TransportSettings compile(TransportSocket socket, SecretStore secrets) {
        String type = socket.getTypedConfig().getTypeUrl();
        boolean typed = !type.isEmpty();
        if (typed ? type.endsWith("tls.v3.UpstreamTlsContext") : socket.getName().endsWith("tls")) {
            return new TransportSettings(
                    UpstreamTls.compile(socket.getTypedConfig(), secrets), null);
        }
        if (typed
                ? type.endsWith("raw_buffer.v3.RawBuffer")
                : socket.getName().endsWith("raw_buffer")) {
            return PLAIN;
        }
        if (socket.getTypedConfig().is(ProxyProtocolUpstreamTransport.class)) {
            return proxyProtocol(socket, secrets);
        }
        throw new InvalidConfigException(
                "Didn't find a registered implementation for '"
                        + socket.getName()
                        + "' with type URL: '"
                        + type.substring(type.lastIndexOf('/') + 1)
                        + "'");
    }

    private static TransportSettings proxyProtocol(TransportSocket socket, SecretStore secrets) {
        try {
            ProxyProtocolUpstreamTransport proto =
                    socket.getTypedConfig().unpack(ProxyProtocolUpstreamTransport.class);
            if (!proto.hasTransportSocket()) {
                throw new InvalidConfigException(
                        "ProxyProtocolUpstreamTransportValidationError.TransportSocket: value is"
                                + " required");
            }
            return new TransportSettings(
                    compile(proto.getTransportSocket(), secrets).tls(),
                    proto.getConfig().getVersion() == ProxyProtocolConfig.Version.V2
                            ? ProxyHeader.Version.V2
                            : ProxyHeader.Version.V1);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as " + socket.getName());
        }
    }
}
