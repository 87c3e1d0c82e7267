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
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private List<Built> outbound = List.of();
    private List<Built> sni = List.of();
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
        List<Service> services = scope.services();
        List<Cluster> clusters = new ArrayList<>(services.size());
        List<ClusterLoadAssignment> assignments = new ArrayList<>(services.size());
        outbound = build(services, outbound, tls, scope, ClusterBuilder.Mode.DEFAULT);
        for (Built built : outbound) {
            clusters.addAll(built.clusters);
            assignments.addAll(built.assignments);
        }
        Cluster hole = ClusterBuilder.blackHole(scope.mesh());
        blackHole = hole.equals(blackHole) ? blackHole : hole;
        clusters.add(blackHole);
        List<Service> inMesh =
                passesThrough
                        ? services.stream().filter(service -> !service.meshExternal()).toList()
                        : List.of();
        sni = build(inMesh, sni, tls, scope, ClusterBuilder.Mode.SNI);
        for (Built built : sni) {
            clusters.addAll(built.clusters);
            assignments.addAll(built.assignments);
        }
        return new Result(List.copyOf(clusters), List.copyOf(assignments));
    }

    /** Builds what changed; what stands at the same place as before is found without looking. */
    private List<Built> build(
            List<Service> services,
            List<Built> before,
            MeshTls tls,
            Scope scope,
            ClusterBuilder.Mode mode) {
        List<Built> out = new ArrayList<>(services.size());
        Map<String, Built> known = null;
        for (int i = 0; i < services.size(); i++) {
            Service service = services.get(i);
            Built old = i < before.size() ? before.get(i) : null;
            if (old == null || !old.service.hostname().equals(service.hostname())) {
                if (known == null) {
                    known = HashMap.newHashMap(before.size());
                    for (Built built : before) {
                        known.put(built.service.hostname(), built);
                    }
                }
                old = known.get(service.hostname());
            }
            out.add(built(service, old, tls, scope, mode));
        }
        return out;
    }

    @SuppressWarnings("ReferenceEquality") // unchanged inputs are the same instances
    private Built built(
            Service service,
            @Nullable Built before,
            MeshTls tls,
            Scope scope,
            ClusterBuilder.Mode mode) {
        DestinationRule rule = scope.destinationRule(service.hostname());
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
}
