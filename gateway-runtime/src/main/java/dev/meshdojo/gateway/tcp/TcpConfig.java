package dev.meshdojo.gateway.tcp;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.telemetry.AccessLog;
import io.envoyproxy.envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy;
import java.util.ArrayList;
import java.util.List;

/**
 * One TCP proxy filter, compiled. Immutable.
 *
 * @param statPrefix for metrics
 * @param clusters where connections go, by weight
 * @param idleMillis without a byte either way; 0 for none
 * @param maxMillis how long a connection may last; 0 for ever
 * @param accessLogs where ended connections are written
 * @param connectAttempts how often an endpoint is tried
 * @param hashSourceIp whether the client's address chooses the endpoint
 */
public record TcpConfig(
        String statPrefix,
        List<Target> clusters,
        long idleMillis,
        long maxMillis,
        List<AccessLog> accessLogs,
        int connectAttempts,
        boolean hashSourceIp) {

    /** One cluster and its share. */
    public record Target(String cluster, long weight) {}

    public TcpConfig {
        clusters = List.copyOf(clusters);
        accessLogs = List.copyOf(accessLogs);
    }

    /**
     * Compiles {@code any}.
     *
     * @throws InvalidConfigException when it cannot be run
     */
    public static TcpConfig compile(Any any) {
        TcpProxy proto;
        try {
            proto = any.unpack(TcpProxy.class);
        } catch (InvalidProtocolBufferException e) {
            throw new InvalidConfigException("Unable to unpack as TcpProxy");
        }
        if (proto.hasTunnelingConfig()) {
            throw new InvalidConfigException(
                    "tcp_proxy: tunneling_config is not supported by this proxy");
        }
        List<Target> targets = new ArrayList<>();
        if (proto.hasWeightedClusters()) {
            for (var cluster : proto.getWeightedClusters().getClustersList()) {
                targets.add(
                        new Target(cluster.getName(), Integer.toUnsignedLong(cluster.getWeight())));
            }
        } else if (!proto.getCluster().isEmpty()) {
            targets.add(new Target(proto.getCluster(), 1));
        } else {
            throw new InvalidConfigException(
                    "Proto constraint validation failed (TcpProxyValidationError.ClusterSpecifier:"
                            + " is required)");
        }
        return new TcpConfig(
                proto.getStatPrefix(),
                targets,
                proto.hasIdleTimeout() ? millis(proto.getIdleTimeout()) : 3_600_000,
                proto.hasMaxDownstreamConnectionDuration()
                        ? Math.max(1, millis(proto.getMaxDownstreamConnectionDuration()))
                        : 0,
                AccessLog.compileAll(proto.getAccessLogList()),
                proto.hasMaxConnectAttempts() ? proto.getMaxConnectAttempts().getValue() : 1,
                proto.getHashPolicyList().stream().anyMatch(policy -> policy.hasSourceIp()));
    }

    private static long millis(com.google.protobuf.Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }

    /** The cluster for one connection. */
    String pick(long random) {
        long total = 0;
        for (Target target : clusters) {
            total += target.weight();
        }
        long dice = total == 0 ? 0 : Long.remainderUnsigned(random, total);
        for (Target target : clusters) {
            dice -= target.weight();
            if (dice < 0) {
                return target.cluster();
            }
        }
        return clusters.getLast().cluster();
    }
}
