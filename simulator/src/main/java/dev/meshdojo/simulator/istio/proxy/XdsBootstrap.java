package dev.meshdojo.simulator.istio.proxy;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiConfigSource.ApiType;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.SubjectAltNameMatcher;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import java.util.Optional;

/**
 * A bootstrap for a proxy that takes everything from a control plane over ADS, as Istio's agent
 * writes it, but without the agent in between. Pure functions.
 */
public final class XdsBootstrap {

    private static final String CLUSTER = "xds-grpc";

    /**
     * How the control plane is spoken to.
     *
     * @param host a name or address
     * @param port such as 15010
     * @param tls how to encrypt; empty for plain text
     */
    public record Server(String host, int port, Optional<Tls> tls) {}

    /**
     * How a control plane's TLS is checked.
     *
     * @param authorityPem whom to trust
     * @param name the DNS name that its certificate must have, such as {@code
     *     istiod.istio-system.svc}
     * @param token the proxy's bearer token; empty for none
     */
    public record Tls(String authorityPem, String name, String token) {

        @Override
        public String toString() {
            return "Tls[" + name + "]";
        }
    }

    private XdsBootstrap() {}

    /** The bootstrap. */
    public static Bootstrap of(Node node, Server server) {
        Bootstrap.Builder bootstrap = Bootstrap.newBuilder().setNode(node);
        var dynamic = bootstrap.getDynamicResourcesBuilder();
        dynamic.setCdsConfig(ads()).setLdsConfig(ads());
        var service =
                dynamic.getAdsConfigBuilder()
                        .setApiType(ApiType.GRPC)
                        .setTransportApiVersion(ApiVersion.V3)
                        .setSetNodeOnFirstMessageOnly(true)
                        .addGrpcServicesBuilder();
        service.getEnvoyGrpcBuilder().setClusterName(CLUSTER);
        server.tls()
                .filter(tls -> !tls.token().isEmpty())
                .ifPresent(
                        tls ->
                                service.addInitialMetadata(
                                        HeaderValue.newBuilder()
                                                .setKey("authorization")
                                                .setValue("Bearer " + tls.token())));
        bootstrap.getStaticResourcesBuilder().addClusters(cluster(server));
        return bootstrap.build();
    }

    private static ConfigSource ads() {
        return ConfigSource.newBuilder()
                .setAds(AggregatedConfigSource.getDefaultInstance())
                .setResourceApiVersion(ApiVersion.V3)
                .setInitialFetchTimeout(Durations.ZERO)
                .build();
    }

    private static Cluster cluster(Server server) {
        HttpProtocolOptions.Builder protocol = HttpProtocolOptions.newBuilder();
        protocol.getExplicitHttpConfigBuilder()
                .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
        Cluster.Builder cluster =
                Cluster.newBuilder()
                        .setName(CLUSTER)
                        .setType(Cluster.DiscoveryType.STRICT_DNS)
                        .setConnectTimeout(Durations.fromSeconds(1))
                        .putTypedExtensionProtocolOptions(
                                "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                                Any.pack(protocol.build()));
        cluster.getLoadAssignmentBuilder()
                .setClusterName(CLUSTER)
                .addEndpointsBuilder()
                .addLbEndpointsBuilder()
                .getEndpointBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(server.host())
                .setPortValue(server.port());
        server.tls().ifPresent(tls -> encrypt(cluster, tls));
        return cluster.build();
    }

    private static void encrypt(Cluster.Builder cluster, Tls tls) {
        CommonTlsContext.Builder common = CommonTlsContext.newBuilder().addAlpnProtocols("h2");
        var validation = common.getValidationContextBuilder();
        validation.getTrustedCaBuilder().setInlineString(tls.authorityPem());
        validation
                .addMatchTypedSubjectAltNamesBuilder()
                .setSanType(SubjectAltNameMatcher.SanType.DNS)
                .getMatcherBuilder()
                .setExact(tls.name());
        cluster.getTransportSocketBuilder()
                .setName("envoy.transport_sockets.tls")
                .setTypedConfig(
                        Any.pack(
                                UpstreamTlsContext.newBuilder()
                                        .setCommonTlsContext(common)
                                        .setSni(tls.name())
                                        .build()));
    }
}
