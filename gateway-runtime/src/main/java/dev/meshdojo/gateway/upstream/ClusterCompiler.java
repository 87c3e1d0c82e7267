package dev.meshdojo.gateway.upstream;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.UnbuiltFields;
import dev.meshdojo.gateway.tls.SecretStore;
import dev.meshdojo.gateway.upstream.ClusterConfig.Discovery;
import dev.meshdojo.gateway.upstream.ClusterConfig.Policy;
import dev.meshdojo.gateway.upstream.ClusterConfig.Protocol;
import dev.meshdojo.gateway.upstream.ClusterConfig.TransportMatch;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compiles cluster protos. Pure but for files that TLS contexts name. */
final class ClusterCompiler {

    /** Everything of a cluster that is not its name. */
    record Parts(
            Discovery discovery,
            Protocol protocol,
            Policy policy,
            long connectTimeoutMillis,
            long idleTimeoutMillis,
            long maxConnectionMillis,
            long maxStreamMillis,
            long maxRequestsPerConnection,
            int maxConcurrentStreams,
            boolean autoSni,
            int panicThreshold,
            long updateMergeMillis,
            boolean localityWeighted,
            OutlierDetector.@Nullable Settings outlier,
            CircuitBreaker defaultBreaker,
            CircuitBreaker highBreaker,
            long minRingSize,
            long maxRingSize,
            int maglevTableSize,
            int choiceCount,
            TransportSettings transport,
            List<TransportMatch> transportMatches) {

        Parts {
            transportMatches = List.copyOf(transportMatches);
        }
    }

    private static final String HTTP_OPTIONS =
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

    private ClusterCompiler() {}

    static ClusterConfig compile(
            Cluster proto, SecretStore secrets, UpstreamEnvironment environment) {
        if (proto.getName().isEmpty()) {
            throw new InvalidConfigException(
                    "ClusterValidationError.Name: value length must be at least 1 characters");
        }
        UnbuiltFields.refuse(
                proto,
                "cluster " + proto.getName(),
                "lb_subset_config",
                "health_checks",
                "connection_pool_per_downstream_connection");
        var http = httpOptions(proto);
        CircuitBreaker[] breakers = breakers(proto);
        var lb = proto.getCommonLbConfig();
        Policy policy = policy(proto);
        List<TransportMatch> matches = new ArrayList<>();
        for (Cluster.TransportSocketMatch match : proto.getTransportSocketMatchesList()) {
            matches.add(
                    new TransportMatch(
                            match.getMatch(),
                            TransportSettings.compile(match.getTransportSocket(), secrets)));
        }
        HttpProtocolOptions common = http.getCommonHttpProtocolOptions();
        return new ClusterConfig(
                environment,
                proto,
                new Parts(
                        discovery(proto),
                        protocol(proto, http),
                        policy,
                        proto.hasConnectTimeout() ? millis(proto.getConnectTimeout()) : 5000,
                        common.hasIdleTimeout() ? millis(common.getIdleTimeout()) : 3_600_000,
                        millis(common.getMaxConnectionDuration()),
                        millis(common.getMaxStreamDuration()),
                        maxRequests(proto, common),
                        streams(http),
                        http.getUpstreamHttpProtocolOptions().getAutoSni(),
                        lb.hasHealthyPanicThreshold()
                                ? (int) lb.getHealthyPanicThreshold().getValue()
                                : 50,
                        lb.hasUpdateMergeWindow() ? millis(lb.getUpdateMergeWindow()) : 1000,
                        lb.hasLocalityWeightedLbConfig(),
                        proto.hasOutlierDetection()
                                ? OutlierDetector.Settings.compile(proto.getOutlierDetection())
                                : null,
                        breakers[0],
                        breakers[1],
                        proto.getRingHashLbConfig().hasMinimumRingSize()
                                ? proto.getRingHashLbConfig().getMinimumRingSize().getValue()
                                : 1024,
                        proto.getRingHashLbConfig().hasMaximumRingSize()
                                ? proto.getRingHashLbConfig().getMaximumRingSize().getValue()
                                : 8_388_608,
                        proto.getMaglevLbConfig().hasTableSize()
                                ? (int) proto.getMaglevLbConfig().getTableSize().getValue()
                                : 65_537,
                        proto.getLeastRequestLbConfig().hasChoiceCount()
                                ? Math.max(
                                        2,
                                        proto.getLeastRequestLbConfig().getChoiceCount().getValue())
                                : 2,
                        proto.hasTransportSocket()
                                ? TransportSettings.compile(proto.getTransportSocket(), secrets)
                                : TransportSettings.PLAIN,
                        matches));
    }

    static long millis(Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }

    private static Discovery discovery(Cluster proto) {
        return switch (proto.getClusterDiscoveryTypeCase()) {
            case CLUSTER_TYPE ->
                    switch (proto.getClusterType().getName()) {
                        case "envoy.cluster.static" -> Discovery.STATIC;
                        case "envoy.cluster.eds" -> Discovery.EDS;
                        case "envoy.cluster.strict_dns",
                                "envoy.clusters.dns",
                                "envoy.cluster.dns" ->
                                Discovery.STRICT_DNS;
                        case "envoy.cluster.logical_dns" -> Discovery.LOGICAL_DNS;
                        case "envoy.cluster.original_dst" -> Discovery.ORIGINAL_DST;
                        default ->
                                throw new InvalidConfigException(
                                        "Didn't find a registered cluster factory implementation"
                                                + " for name: '"
                                                + proto.getClusterType().getName()
                                                + "'");
                    };
            default ->
                    switch (proto.getType()) {
                        case STATIC -> Discovery.STATIC;
                        case EDS -> Discovery.EDS;
                        case STRICT_DNS -> Discovery.STRICT_DNS;
                        case LOGICAL_DNS -> Discovery.LOGICAL_DNS;
                        case ORIGINAL_DST -> Discovery.ORIGINAL_DST;
                        case UNRECOGNIZED ->
                                throw new InvalidConfigException(
                                        "cluster "
                                                + proto.getName()
                                                + ": unknown discovery type "
                                                + proto.getTypeValue());
                    };
        };
    }

    private static Policy policy(Cluster proto) {
        if (proto.hasLoadBalancingPolicy()) {
            for (var policy : proto.getLoadBalancingPolicy().getPoliciesList()) {
                String name = policy.getTypedExtensionConfig().getName();
                Policy known =
                        switch (name) {
                            case "envoy.load_balancing_policies.round_robin" -> Policy.ROUND_ROBIN;
                            case "envoy.load_balancing_policies.least_request" ->
                                    Policy.LEAST_REQUEST;
                            case "envoy.load_balancing_policies.random" -> Policy.RANDOM;
                            case "envoy.load_balancing_policies.ring_hash" -> Policy.RING_HASH;
                            case "envoy.load_balancing_policies.maglev" -> Policy.MAGLEV;
                            default -> null;
                        };
                if (known != null) {
                    return known;
                }
            }
            throw new InvalidConfigException(
                    "cluster: didn't find a registered load balancer factory for cluster: '"
                            + proto.getName()
                            + "'");
        }
        return switch (proto.getLbPolicy()) {
            case ROUND_ROBIN -> Policy.ROUND_ROBIN;
            case LEAST_REQUEST -> Policy.LEAST_REQUEST;
            case RANDOM -> Policy.RANDOM;
            case RING_HASH -> Policy.RING_HASH;
            case MAGLEV -> Policy.MAGLEV;
            case CLUSTER_PROVIDED -> Policy.PROVIDED;
            case LOAD_BALANCING_POLICY_CONFIG, UNRECOGNIZED ->
                    throw new InvalidConfigException(
                            "cluster: LB policy "
                                    + proto.getLbPolicy()
                                    + " is not valid for Cluster "
                                    + proto.getName());
        };
    }

    private static io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions httpOptions(
            Cluster proto) {
        Any any = proto.getTypedExtensionProtocolOptionsMap().get(HTTP_OPTIONS);
        if (any == null) {
            return io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                    .getDefaultInstance();
        }
        try {
            return any.unpack(
                    io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions.class);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException(
                    "Unable to unpack as " + HTTP_OPTIONS + ": " + any.getTypeUrl());
        }
    }

    @SuppressWarnings("deprecation") // Envoy 1.40 still reads the field
    private static Protocol protocol(
            Cluster proto,
            io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions http) {
        return switch (http.getUpstreamProtocolOptionsCase()) {
            case EXPLICIT_HTTP_CONFIG ->
                    http.getExplicitHttpConfig().hasHttp2ProtocolOptions()
                            ? Protocol.HTTP2
                            : Protocol.HTTP1;
            case USE_DOWNSTREAM_PROTOCOL_CONFIG -> Protocol.DOWNSTREAM;
            case AUTO_CONFIG -> Protocol.HTTP2;
            case UPSTREAMPROTOCOLOPTIONS_NOT_SET ->
                    proto.hasHttp2ProtocolOptions() ? Protocol.HTTP2 : Protocol.HTTP1;
        };
    }

    @SuppressWarnings("deprecation") // Envoy 1.40 still reads the field
    private static long maxRequests(Cluster proto, HttpProtocolOptions common) {
        return common.hasMaxRequestsPerConnection()
                ? Integer.toUnsignedLong(common.getMaxRequestsPerConnection().getValue())
                : Integer.toUnsignedLong(proto.getMaxRequestsPerConnection().getValue());
    }

    private static int streams(
            io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions http) {
        int max =
                http.getExplicitHttpConfig()
                        .getHttp2ProtocolOptions()
                        .getMaxConcurrentStreams()
                        .getValue();
        return max > 0 ? max : 1024;
    }

    private static CircuitBreaker[] breakers(Cluster proto) {
        CircuitBreaker[] breakers = {CircuitBreaker.byDefault(), CircuitBreaker.byDefault()};
        for (Thresholds thresholds : proto.getCircuitBreakers().getThresholdsList()) {
            breakers[thresholds.getPriority() == RoutingPriority.HIGH ? 1 : 0] =
                    CircuitBreaker.compile(thresholds);
        }
        return breakers;
    }
}
