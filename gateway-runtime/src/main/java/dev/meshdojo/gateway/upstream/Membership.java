package dev.meshdojo.gateway.upstream;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where one cluster's endpoints come from: a load assignment, and DNS for the names in it. Names
 * are looked up again every five seconds (or {@code dns_refresh_rate}) on a virtual thread.
 */
final class Membership implements AutoCloseable {

    private final UpstreamCluster cluster;
    private final UpstreamEnvironment environment;
    private final Map<InetSocketAddress, Endpoint> known = new HashMap<>();
    private final Map<String, List<InetAddress>> resolved = new HashMap<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private @Nullable ClusterLoadAssignment current;
    private @Nullable Thread resolving;
    private boolean closed;

    Membership(UpstreamCluster cluster, UpstreamEnvironment environment) {
        this.cluster = cluster;
        this.environment = environment;
    }

    private boolean dns() {
        return switch (cluster.config().discovery()) {
            case STRICT_DNS, LOGICAL_DNS -> true;
            case STATIC, EDS, ORIGINAL_DST -> false;
        };
    }

    /** Puts an assignment in force; the cluster's own counts where it has one. */
    synchronized void update(@Nullable ClusterLoadAssignment eds) {
        ClusterLoadAssignment assignment =
                switch (cluster.config().discovery()) {
                    case EDS -> eds;
                    case STATIC, STRICT_DNS, LOGICAL_DNS ->
                            cluster.config().proto().getLoadAssignment();
                    case ORIGINAL_DST -> null;
                };
        if (assignment == null) {
            if (current != null) {
                current = null;
                cluster.members(EndpointSet.EMPTY);
                known.clear();
            }
            first.countDown();
            return;
        }
        if (assignment.equals(current)) {
            return;
        }
        if (dns()) {
            current = assignment;
            if (resolving == null) {
                resolving =
                        Thread.ofVirtual()
                                .name("dns-" + cluster.name())
                                .start(this::resolveRepeatedly);
            }
            return;
        }
        cluster.members(build(assignment));
        current = assignment;
        first.countDown();
    }

    boolean awaitFirst(long nanos) throws InterruptedException {
        return first.await(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void resolveRepeatedly() {
        long refresh = refreshMillis();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (true) {
                ClusterLoadAssignment assignment;
                synchronized (this) {
                    assignment = current;
                    if (closed || assignment == null) {
                        return;
                    }
                }
                Map<String, List<InetAddress>> answers = resolve(assignment);
                synchronized (this) {
                    if (closed) {
                        return;
                    }
                    resolved.putAll(answers);
                    EndpointSet set = build(assignment);
                    if (!set.equals(cluster.members())) {
                        cluster.members(set);
                    }
                }
                first.countDown();
                if (never.await(refresh, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            first.countDown();
        }
    }

    @SuppressWarnings("deprecation") // Envoy 1.40 still reads the field
    private long refreshMillis() {
        var proto = cluster.config().proto();
        return proto.hasDnsRefreshRate()
                ? Math.max(1, ClusterCompiler.millis(proto.getDnsRefreshRate()))
                : 5000;
    }

    private Map<String, List<InetAddress>> resolve(ClusterLoadAssignment assignment) {
        Map<String, List<InetAddress>> answers = new HashMap<>();
        for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
            for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
                String name = endpoint.getEndpoint().getAddress().getSocketAddress().getAddress();
                if (!answers.containsKey(name)) {
                    try {
                        answers.put(name, environment.resolver().resolve(name));
                    } catch (UnknownHostException e) {
                        answers.put(name, List.of());
                    }
                }
            }
        }
        return answers;
    }

    private EndpointSet build(ClusterLoadAssignment assignment) {
        TreeMap<Integer, List<EndpointSet.Locality>> priorities = new TreeMap<>();
        Map<InetSocketAddress, Endpoint> used = new HashMap<>();
        for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
            List<EndpointSet.Member> members = new ArrayList<>();
            for (LbEndpoint proto : locality.getLbEndpointsList()) {
                for (InetSocketAddress address : addresses(proto)) {
                    Endpoint endpoint =
                            used.computeIfAbsent(
                                    address,
                                    key -> {
                                        Endpoint old = known.get(key);
                                        return old != null ? old : create(key, proto);
                                    });
                    endpoint.transportMetadata(
                            proto.getMetadata()
                                    .getFilterMetadataOrDefault(
                                            "envoy.transport_socket_match",
                                            Struct.getDefaultInstance()));
                    endpoint.workload(
                            proto.getMetadata()
                                    .getFilterMetadataOrDefault(
                                            "istio", Struct.getDefaultInstance())
                                    .getFieldsOrDefault("workload", Value.getDefaultInstance())
                                    .getStringValue());
                    members.add(
                            new EndpointSet.Member(
                                    endpoint,
                                    Math.max(1, proto.getLoadBalancingWeight().getValue()),
                                    usable(proto.getHealthStatus())));
                }
            }
            priorities
                    .computeIfAbsent(locality.getPriority(), key -> new ArrayList<>())
                    .add(
                            new EndpointSet.Locality(
                                    locality.getLocality(),
                                    locality.getLoadBalancingWeight().getValue(),
                                    members));
        }
        known.clear();
        known.putAll(used);
        List<EndpointSet.Priority> list = new ArrayList<>();
        int last = priorities.isEmpty() ? -1 : priorities.lastKey();
        for (int i = 0; i <= last; i++) {
            list.add(new EndpointSet.Priority(priorities.getOrDefault(i, List.of())));
        }
        return new EndpointSet(list, assignment.getPolicy().getOverprovisioningFactor().getValue());
    }

    private Endpoint create(InetSocketAddress address, LbEndpoint proto) {
        String hostname = proto.getEndpoint().getHostname();
        if (hostname.isEmpty() && dns()) {
            hostname = proto.getEndpoint().getAddress().getSocketAddress().getAddress();
        }
        return new Endpoint(address, hostname, environment.loops().workers().size());
    }

    private static boolean usable(HealthStatus status) {
        return switch (status) {
            case UNKNOWN, HEALTHY, DEGRADED, UNRECOGNIZED -> true;
            case UNHEALTHY, DRAINING, TIMEOUT -> false;
        };
    }

    private List<InetSocketAddress> addresses(LbEndpoint proto) {
        if (!proto.getEndpoint().getAddress().hasSocketAddress()) {
            throw new InvalidConfigException(
                    "cluster "
                            + cluster.name()
                            + ": only socket addresses can be endpoints (pipes and internal"
                            + " listeners are not)");
        }
        var socket = proto.getEndpoint().getAddress().getSocketAddress();
        if (dns()) {
            List<InetAddress> answers = resolved.getOrDefault(socket.getAddress(), List.of());
            boolean all = cluster.config().discovery() == ClusterConfig.Discovery.STRICT_DNS;
            return answers.stream()
                    .limit(all ? Long.MAX_VALUE : 1)
                    .map(address -> new InetSocketAddress(address, socket.getPortValue()))
                    .toList();
        }
        try {
            return List.of(
                    new InetSocketAddress(
                            InetAddress.ofLiteral(socket.getAddress()), socket.getPortValue()));
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("malformed IP address: " + socket.getAddress());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (resolving != null) {
            resolving.interrupt();
        }
    }
}
