package dev.meshdojo.simulator.pilot.cluster;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.DestinationRule;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.Service;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Builds the clusters of a proxy and keeps them up to date: clusters are built anew for Services
 * that changed, or whose DestinationRule did. Not thread-safe; what it hands out is immutable.
 */
public final class Clusters {

    private static final String POLICIES = "peerauthentications.security.istio.io";

    /**
     * Clusters in order, and endpoints of those that take them from EDS; the same instance as long
     * as nothing changes.
     */
    public record Result(List<Cluster> clusters, List<ClusterLoadAssignment> assignments) {}

    /** The clusters of one Service. */
    private record Built(
            Service service,
            @Nullable DestinationRule rule,
            MeshTls tls,
            List<Cluster> clusters,
            List<ClusterLoadAssignment> assignments) {}

    private final ProxyIdentity proxy;
    private Map<String, Built> outbound = new HashMap<>();
    private Map<String, Built> sni = new HashMap<>();
    private Cluster blackHole = Cluster.getDefaultInstance();
    private @Nullable MeshTls meshTls;
    private @Nullable ObjectSet policies;
    private @Nullable Scope last;
    private boolean lastPassesThrough;
    private @Nullable Result result;

    /** Clusters for one proxy. */
    public Clusters(ProxyIdentity proxy) {
        this.proxy = proxy;
    }

    /**
     * The clusters as they are now.
     *
     * @param passesThrough whether clients of the mesh name clusters by SNI
     */
    @SuppressWarnings("ReferenceEquality") // unchanged sets are the same instances
    public Result update(MeshModel model, Scope scope, boolean passesThrough) {
        Scope before = last;
        Result unchanged = result;
        MeshTls tls = meshTls;
        ObjectSet present = model.objects(POLICIES);
        boolean sameMesh = before != null && before.mesh().equals(scope.mesh());
        if (tls == null || policies != present || !sameMesh) {
            MeshTls now = new MeshTls(model);
            if (tls == null || !tls.sameAs(now) || !sameMesh) {
                unchanged = null;
                tls = now;
            }
        }
        policies = present;
        meshTls = tls;
        last = scope;
        if (unchanged != null
                && before != null
                && lastPassesThrough == passesThrough
                && before.sameDestinations(scope)) {
            return unchanged;
        }
        lastPassesThrough = passesThrough;
        Result next = build(tls, scope, passesThrough);
        result = next;
        return next;
    }

    private Result build(MeshTls tls, Scope scope, boolean passesThrough) {
        Collector out = new Collector();
        Map<String, Built> kept = new HashMap<>();
        for (Service service : scope.services()) {
            Built built = built(service, outbound, tls, scope, ClusterBuilder.Mode.DEFAULT);
            kept.put(service.hostname(), built);
            out.add(built);
        }
        outbound = kept;
        Cluster hole = ClusterBuilder.blackHole(scope.mesh());
        blackHole = hole.equals(blackHole) ? blackHole : hole;
        out.add(blackHole);
        Map<String, Built> keptSni = new HashMap<>();
        if (passesThrough) {
            for (Service service : scope.services()) {
                if (!service.meshExternal()) {
                    Built built = built(service, sni, tls, scope, ClusterBuilder.Mode.SNI);
                    keptSni.put(service.hostname(), built);
                    out.add(built);
                }
            }
        }
        sni = keptSni;
        return new Result(List.copyOf(out.clusters), List.copyOf(out.assignments));
    }

    @SuppressWarnings("ReferenceEquality") // unchanged inputs are the same instances
    private Built built(
            Service service,
            Map<String, Built> known,
            MeshTls tls,
            Scope scope,
            ClusterBuilder.Mode mode) {
        DestinationRule rule = scope.destinationRule(service.hostname());
        Built before = known.get(service.hostname());
        if (before != null
                && before.service == service
                && before.tls == tls
                && Objects.equals(before.rule, rule)) {
            return before;
        }
        ClusterBuilder builder = new ClusterBuilder(proxy, tls, scope);
        builder.build(service, mode);
        return new Built(
                service,
                rule,
                tls,
                keep(before == null ? List.of() : before.clusters, builder.clusters()),
                keep(before == null ? List.of() : before.assignments, builder.assignments()));
    }

    /** The new ones, but those that turned out as before are the old instances. */
    private static <T> List<T> keep(List<T> before, List<T> now) {
        List<T> out = new ArrayList<>(now.size());
        for (T resource : now) {
            int old = before.indexOf(resource);
            out.add(old < 0 ? resource : before.get(old));
        }
        return out;
    }

    /** Gathers clusters; the first of a name wins. */
    private static final class Collector {
        private final Set<String> names = new HashSet<>();
        private final List<Cluster> clusters = new ArrayList<>();
        private final List<ClusterLoadAssignment> assignments = new ArrayList<>();

        void add(Cluster cluster) {
            if (names.add(cluster.getName())) {
                clusters.add(cluster);
            }
        }

        void add(Built built) {
            built.clusters.forEach(this::add);
            assignments.addAll(built.assignments);
        }
    }
}
