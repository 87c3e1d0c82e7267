package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Any;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;

/** The PROXY header that a traffic policy's {@code proxyProtocol} has connections begin with. */
final class ProxyProtocol {

    private ProxyProtocol() {}

    /** Puts the header before whatever sockets the cluster has; {@code settings} may be absent. */
    static void wrap(Cluster.Builder cluster, JsonView settings) {
        if (!settings.present()) {
            return;
        }
        ProxyProtocolConfig.Version version =
                settings.text("version").equals("V2")
                        ? ProxyProtocolConfig.Version.V2
                        : ProxyProtocolConfig.Version.V1;
        if (cluster.hasTransportSocket()) {
            cluster.setTransportSocket(socket(cluster.getTransportSocket(), version));
        } else if (cluster.getTransportSocketMatchesCount() == 0) {
            cluster.setTransportSocket(socket(UpstreamTls.RAW, version));
        }
        for (Cluster.TransportSocketMatch.Builder match :
                cluster.getTransportSocketMatchesBuilderList()) {
            match.setTransportSocket(socket(match.getTransportSocket(), version));
        }
    }

    private static TransportSocket socket(
            TransportSocket inner, ProxyProtocolConfig.Version version) {
        ProxyProtocolUpstreamTransport.Builder out =
                ProxyProtocolUpstreamTransport.newBuilder().setTransportSocket(inner);
        out.getConfigBuilder().setVersion(version);
        return TransportSocket.newBuilder()
                .setName("envoy.transport_sockets.upstream_proxy_protocol")
                .setTypedConfig(Any.pack(out.build()))
                .build();
    }
}
