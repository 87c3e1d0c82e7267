package dev.meshdojo.gateway.upstream;

import com.google.protobuf.Struct;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's settings, compiled. Identity is what pools are told apart by, so a changed cluster
 * gets connections of its own. Immutable.
 */
final class ClusterConfig {

    /** How endpoints are found. */
    enum Discovery {
        STATIC,
        EDS,
        STRICT_DNS,
        LOGICAL_DNS,
        ORIGINAL_DST
    }

    /** Which protocol is spoken upstream. */
    enum Protocol {
        HTTP1,
        HTTP2,
        DOWNSTREAM
    }

    /** How endpoints are chosen. */
    enum Policy {
        ROUND_ROBIN,
        LEAST_REQUEST,
        RANDOM,
        RING_HASH,
        MAGLEV,
        PROVIDED
    }

    /** The transport of the endpoints whose metadata has all of {@code match}. */
    record TransportMatch(Struct match, TransportSettings transport) {}

    private final UpstreamEnvironment environment;
    private final Cluster proto;
    private final ClusterCompiler.Parts parts;

    ClusterConfig(UpstreamEnvironment environment, Cluster proto, ClusterCompiler.Parts parts) {
        this.environment = environment;
        this.proto = proto;
        this.parts = parts;
    }

    UpstreamEnvironment environment() {
        return environment;
    }

    String name() {
        return proto.getName();
    }

    /** What statistics call it. */
    String statName() {
        return proto.getAltStatName().isEmpty() ? proto.getName() : proto.getAltStatName();
    }

    String edsName() {
        String service = proto.getEdsClusterConfig().getServiceName();
        return service.isEmpty() ? proto.getName() : service;
    }

    Cluster proto() {
        return proto;
    }

    Discovery discovery() {
        return parts.discovery();
    }

    Protocol protocol() {
        return parts.protocol();
    }

    Policy policy() {
        return parts.policy();
    }

    long connectTimeoutMillis() {
        return parts.connectTimeoutMillis();
    }

    /** 0 for none. */
    long idleTimeoutMillis() {
        return parts.idleTimeoutMillis();
    }

    /** 0 for none. */
    long maxConnectionMillis() {
        return parts.maxConnectionMillis();
    }

    /** 0 for none. */
    long maxStreamMillis() {
        return parts.maxStreamMillis();
    }

    /** 0 for no limit. */
    long maxRequestsPerConnection() {
        return parts.maxRequestsPerConnection();
    }

    /** The time within which changes of health are told together. */
    long updateMergeMillis() {
        return parts.updateMergeMillis();
    }

    int maxConcurrentStreams() {
        return parts.maxConcurrentStreams();
    }

    boolean autoSni() {
        return parts.autoSni();
    }

    int panicThreshold() {
        return parts.panicThreshold();
    }

    boolean localityWeighted() {
        return parts.localityWeighted();
    }

    int overprovisioning(int fromEndpoints) {
        return fromEndpoints > 0 ? fromEndpoints : 140;
    }

    OutlierDetector.@Nullable Settings outlier() {
        return parts.outlier();
    }

    CircuitBreaker defaultBreaker() {
        return parts.defaultBreaker();
    }

    CircuitBreaker highBreaker() {
        return parts.highBreaker();
    }

    long minRingSize() {
        return parts.minRingSize();
    }

    long maxRingSize() {
        return parts.maxRingSize();
    }

    int maglevTableSize() {
        return parts.maglevTableSize();
    }

    int choiceCount() {
        return parts.choiceCount();
    }

    /** What connections to an endpoint are wrapped in. */
    TransportSettings transport(Endpoint endpoint) {
        for (TransportMatch candidate : transportMatches()) {
            if (contains(endpoint.transportMetadata(), candidate.match())) {
                return candidate.transport();
            }
        }
        return parts.transport();
    }

    List<TransportMatch> transportMatches() {
        return parts.transportMatches();
    }

    private static boolean contains(Struct metadata, Struct wanted) {
        return wanted.getFieldsMap().entrySet().stream()
                .allMatch(
                        field ->
                                field.getValue()
                                        .equals(metadata.getFieldsMap().get(field.getKey())));
    }
}
