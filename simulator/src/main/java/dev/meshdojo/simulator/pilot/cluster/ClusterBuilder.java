package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.ListValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.ConfigMetadata;
import dev.meshdojo.simulator.pilot.model.DestinationRule;
import dev.meshdojo.simulator.pilot.model.Durations;
import dev.meshdojo.simulator.pilot.model.Endpoint;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.Protocol;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.Service;
import dev.meshdojo.simulator.pilot.route.Destinations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.core.v3.AggregatedConfigSource;
import io.envoyproxy.envoy.config.core.v3.ApiVersion;
import io.envoyproxy.envoy.config.core.v3.ConfigSource;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.extensions.network.dns_resolver.cares.v3.CaresDnsResolverConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds the clusters of one Service for a proxy, one a port and subset, with the endpoints of
 * those that take them from EDS. Not thread-safe.
 */
final class ClusterBuilder {

    /** Whom a cluster's clients are. */
    enum Mode {
        /** The proxy's own routes. */
        DEFAULT,
        /** Clients of a passing-through gateway, who name the cluster by SNI. */
        SNI
    }

    private static final TypedExtensionConfig DNS_RESOLVER =
            TypedExtensionConfig.newBuilder()
                    .setName("envoy.network.dns_resolver.cares")
                    .setTypedConfig(
                            Any.pack(
                                    CaresDnsResolverConfig.newBuilder()
                                            .setUdpMaxQueries(UInt32Value.of(100))
                                            .build()))
                    .build();

    private final Scope scope;
    private final MeshTls meshTls;
    private final LocalityPriorities localities;
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final List<ClusterLoadAssignment> assignments = new ArrayList<>();

    ClusterBuilder(ProxyIdentity proxy, MeshTls meshTls, Scope scope) {
        this.scope = scope;
        this.meshTls = meshTls;
        this.localities =
                new LocalityPriorities(
                        proxy.labels().getOrDefault("istio-locality", "").replace('.', '/'),
                        proxy.labels());
    }

    /** The cluster that swallows what leads nowhere. */
    static Cluster blackHole(MeshConfig mesh) {
        return Cluster.newBuilder()
                .setName("BlackHoleCluster")
                .setAltStatName("BlackHoleCluster;")
                .setType(DiscoveryType.STATIC)
                .setConnectTimeout(mesh.connectTimeout())
                .setLbPolicy(Cluster.LbPolicy.ROUND_ROBIN)
                .build();
    }

    /** What was built. */
    List<Cluster> clusters() {
        return List.copyOf(clusters.values());
    }

    /** Endpoints of the clusters that take them from EDS. */
    List<ClusterLoadAssignment> assignments() {
        return List.copyOf(assignments);
    }

    void build(Service service, Mode mode) {
        if (service.resolution() == Service.Resolution.ALIAS) {
            return;
        }
        DestinationRule rule = scope.destinationRule(service.hostname());
        for (Service.Port port : service.ports()) {
            if (port.protocol() == Protocol.UDP) {
                continue;
            }
            build(service, port, rule, null, mode);
            if (rule != null && !service.resolvedByRequest()) {
                for (JsonView subset : rule.subsets()) {
                    build(service, port, rule, subset, mode);
                }
            }
        }
    }

    private void build(
            Service service,
            Service.Port port,
            @Nullable DestinationRule rule,
            @Nullable JsonView subset,
            Mode mode) {
        String subsetName = subset == null ? "" : subset.text("name");
        String sniName = Destinations.sniClusterName(subsetName, service.hostname(), port.number());
        String name =
                mode == Mode.SNI
                        ? sniName
                        : Destinations.clusterName(subsetName, service.hostname(), port.number());
        JsonView written = rule == null ? JsonView.ABSENT : rule.trafficPolicy();
        TrafficPolicy policy =
                (subset == null
                                ? TrafficPolicy.of(written, port.number())
                                : TrafficPolicy.of(
                                        written, subset.at("trafficPolicy"), port.number()))
                        .withDefaults(scope.mesh().view().at("defaultTrafficPolicy"));
        Cluster.Builder cluster =
                Cluster.newBuilder()
                        .setName(name)
                        .setAltStatName(name + ";")
                        .setType(type(service));
        List<Endpoint> endpoints =
                service.endpoints(port, subset == null ? Map.of() : subset.textMap("labels"));
        if (service.dns() && endpoints.isEmpty()) {
            return;
        }
        HttpOptions options = new HttpOptions(cluster);
        options.protocol(port, policy.connectionPool(), scope.mesh());
        options.pool(policy.connectionPool(), policy.retryBudget(), scope.mesh());
        LoadBalancing.outlierDetection(cluster, policy.outlierDetection());
        LocalitySetting locality = LocalitySetting.of(policy, service, scope.mesh());
        LoadBalancing.apply(cluster, policy.loadBalancer(), locality);
        assign(cluster, service, mode, endpoints, locality, policy);
        if (mode == Mode.DEFAULT) {
            new UpstreamTls(cluster, options, service, scope.mesh())
                    .apply(
                            policy.tls(),
                            meshTls.automatic(service, port, policy.loadBalancer()),
                            sniName,
                            meshTls.identities(service));
            ProxyProtocol.wrap(cluster, policy.proxyProtocol());
        }
        options.finish();
        cluster.setMetadata(metadata(service, rule, subset, policy));
        put(cluster.build());
    }

    private void assign(
            Cluster.Builder cluster,
            Service service,
            Mode mode,
            List<Endpoint> endpoints,
            LocalitySetting locality,
            TrafficPolicy policy) {
        if (cluster.getType() == DiscoveryType.ORIGINAL_DST) {
            return;
        }
        List<Endpoint> usable =
                endpoints.stream()
                        .filter(endpoint -> mode == Mode.DEFAULT || endpoint.mesh())
                        .filter(endpoint -> service.dns() || address(endpoint))
                        .map(meshTls::seen)
                        .toList();
        ClusterLoadAssignment assignment =
                localities.apply(
                        Assignments.group(cluster.getName(), usable),
                        locality.rules(),
                        locality.forced() || policy.outlierDetection().present());
        if (service.dns()) {
            dns(cluster);
            cluster.setLoadAssignment(assignment);
        } else {
            cluster.getEdsClusterConfigBuilder()
                    .setServiceName(cluster.getName())
                    .setEdsConfig(
                            ConfigSource.newBuilder()
                                    .setAds(AggregatedConfigSource.getDefaultInstance())
                                    .setInitialFetchTimeout(Durations.ZERO)
                                    .setResourceApiVersion(ApiVersion.V3));
            assignments.add(assignment);
        }
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private void dns(Cluster.Builder cluster) {
        cluster.setDnsLookupFamily(Cluster.DnsLookupFamily.V4_ONLY)
                .setDnsRefreshRate(scope.mesh().dnsRefreshRate())
                .setDnsJitter(Durations.millis(100))
                .setRespectDnsTtl(true)
                .setTypedDnsResolverConfig(DNS_RESOLVER);
    }

    private static boolean address(Endpoint endpoint) {
        String address = endpoint.address();
        return address.startsWith("unix://")
                || address.contains(":")
                || address.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    private static DiscoveryType type(Service service) {
        return switch (service.resolution()) {
            case DNS -> DiscoveryType.STRICT_DNS;
            case DNS_ROUND_ROBIN -> DiscoveryType.LOGICAL_DNS;
            case CLIENT_SIDE, DYNAMIC_DNS, PASSTHROUGH, ALIAS -> DiscoveryType.EDS;
        };
    }

    private static Metadata metadata(
            Service service,
            @Nullable DestinationRule rule,
            @Nullable JsonView subset,
            TrafficPolicy policy) {
        Struct.Builder istio = Struct.newBuilder();
        Struct named =
                Struct.newBuilder()
                        .putFields("host", ConfigMetadata.text(service.hostname()))
                        .putFields("name", ConfigMetadata.text(service.name()))
                        .putFields("namespace", ConfigMetadata.text(service.namespace()))
                        .build();
        istio.putFields(
                "services",
                Value.newBuilder()
                        .setListValue(
                                ListValue.newBuilder()
                                        .addValues(Value.newBuilder().setStructValue(named)))
                        .build());
        if (service.meshExternal() && subset == null) {
            istio.putFields("external", ConfigMetadata.flag(true));
        }
        if (rule != null) {
            istio.putFields("config", ConfigMetadata.text(ConfigMetadata.path(rule.object())));
            String mode = policy.tls().text("mode");
            if (mode.equals("SIMPLE") || mode.equals("MUTUAL")) {
                istio.putFields("alpn_override", ConfigMetadata.text("false"));
            }
        }
        if (subset != null) {
            istio.putFields("subset", ConfigMetadata.text(subset.text("name")));
        }
        return Metadata.newBuilder().putFilterMetadata(ConfigMetadata.ISTIO, istio.build()).build();
    }

    private void put(Cluster cluster) {
        clusters.putIfAbsent(cluster.getName(), cluster);
    }
}
