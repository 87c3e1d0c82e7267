package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.config.Acknowledgement.Rejection;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.tls.SecretStore;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The clusters in force. An unchanged cluster keeps its connections, a changed one starts anew and
 * the old one drains. Methods are called by one thread at a time; the clusters are thread-safe.
 */
public final class ClusterRegistry implements AutoCloseable {

    /** What a cluster was made from: when this is equal, the cluster stays. */
    private record Source(Cluster proto, List<Object> secrets) {}

    private record Entry(Source source, UpstreamCluster cluster, Membership membership) {}

    /** What was put in force last, and what came of it. */
    private record Applied(
            List<Cluster> clusters,
            List<ClusterLoadAssignment> endpoints,
            SecretStore secrets,
            Map<String, UpstreamCluster> result) {}

    private final UpstreamEnvironment environment;
    private Map<String, Entry> entries = Map.of();
    private final List<UpstreamCluster> retired = new ArrayList<>();
    private final List<Membership> unresolved = new ArrayList<>();
    private @Nullable Applied applied;

    /** A registry without clusters. */
    public ClusterRegistry(UpstreamEnvironment environment) {
        this.environment = environment;
    }

    /**
     * Puts clusters and endpoints in force; those not named go.
     *
     * @param rejected told of each resource that cannot be run
     * @return the clusters by name; a refused one is there as it was before
     */
    @SuppressWarnings("ReferenceEquality") // the same instance needs no comparing
    public Map<String, UpstreamCluster> apply(
            List<Cluster> clusters,
            List<ClusterLoadAssignment> endpoints,
            SecretStore secrets,
            Consumer<Rejection> rejected) {
        Applied last = applied;
        boolean sameSecrets = last != null && last.secrets == secrets;
        if (last != null
                && sameSecrets
                && last.clusters == clusters
                && last.endpoints == endpoints) {
            return last.result;
        }
        boolean clean = true;
        Map<String, ClusterLoadAssignment> assignments = HashMap.newHashMap(endpoints.size());
        for (ClusterLoadAssignment assignment : endpoints) {
            assignments.put(assignment.getClusterName(), assignment);
        }
        Map<String, Entry> next = new LinkedHashMap<>();
        List<UpstreamCluster> retired = new ArrayList<>();
        for (Cluster proto : clusters) {
            Entry before = entries.get(proto.getName());
            Entry entry = before;
            Source source =
                    before != null && sameSecrets && before.source().proto() == proto
                            ? before.source()
                            : new Source(proto, secretsOf(proto, secrets));
            if (before == null || !before.source().equals(source)) {
                try {
                    ClusterConfig config = ClusterCompiler.compile(proto, secrets, environment);
                    UpstreamCluster cluster = new UpstreamCluster(config);
                    Membership membership = new Membership(cluster, environment);
                    entry = new Entry(source, cluster, membership);
                    unresolved.add(membership);
                    if (before != null) {
                        before.membership().close();
                        retired.add(before.cluster());
                    }
                } catch (InvalidConfigException e) {
                    clean = false;
                    rejected.accept(rejection(proto, e));
                }
            }
            if (entry != null) {
                next.put(proto.getName(), entry);
                try {
                    entry.membership().update(assignments.get(entry.cluster().config().edsName()));
                } catch (InvalidConfigException e) {
                    clean = false;
                    rejected.accept(
                            new Rejection(
                                    "type.googleapis.com/envoy.config.endpoint.v3."
                                            + "ClusterLoadAssignment",
                                    entry.cluster().config().edsName(),
                                    String.valueOf(e.getMessage())));
                }
            }
        }
        for (Map.Entry<String, Entry> gone : entries.entrySet()) {
            if (!next.containsKey(gone.getKey())) {
                gone.getValue().membership().close();
                retired.add(gone.getValue().cluster());
            }
        }
        entries = next;
        this.retired.addAll(retired);
        Map<String, UpstreamCluster> byName = new LinkedHashMap<>();
        next.forEach((name, entry) -> byName.put(name, entry.cluster()));
        applied = clean ? new Applied(clusters, endpoints, secrets, byName) : null;
        return byName;
    }

    /**
     * Compiles clusters without putting them in force.
     *
     * @param rejected told of each that cannot be run
     */
    public void check(List<Cluster> clusters, SecretStore secrets, Consumer<Rejection> rejected) {
        for (Cluster proto : clusters) {
            try {
                ClusterCompiler.compile(proto, secrets, environment);
            } catch (InvalidConfigException e) {
                rejected.accept(rejection(proto, e));
            }
        }
    }

    private static Rejection rejection(Cluster proto, InvalidConfigException why) {
        return new Rejection(
                "type.googleapis.com/envoy.config.cluster.v3.Cluster",
                proto.getName(),
                String.valueOf(why.getMessage()));
    }

    /** Drains what the last {@link #apply} replaced; call it when the new clusters are in use. */
    public void retireReplaced() {
        retired.forEach(UpstreamCluster::retire);
        retired.clear();
    }

    /** Waits until DNS clusters had their first answer; false when that took too long. */
    public boolean awaitResolved(java.time.Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        for (Membership membership : unresolved) {
            if (!membership.awaitFirst(deadline - System.nanoTime())) {
                return false;
            }
        }
        unresolved.clear();
        return true;
    }

    private static List<Object> secretsOf(Cluster proto, SecretStore secrets) {
        List<Object> used = new ArrayList<>();
        if (proto.hasTransportSocket() || proto.getTransportSocketMatchesCount() > 0) {
            used.addAll(secrets.namedIn(proto));
        }
        return used;
    }

    @Override
    public void close() {
        for (Entry entry : entries.values()) {
            entry.membership().close();
            entry.cluster().close();
        }
        retireReplaced();
        entries = Map.of();
    }
}
