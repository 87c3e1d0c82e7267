package dev.meshdojo.simulator.pilot;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.cluster.Clusters;
import dev.meshdojo.simulator.pilot.envoyfilter.EnvoyFilters;
import dev.meshdojo.simulator.pilot.listener.Listeners;
import dev.meshdojo.simulator.pilot.model.GatewayTargets;
import dev.meshdojo.simulator.pilot.model.MergedGateway;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.route.RouteTables;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import dev.meshdojo.simulator.pilot.security.SecretNames;
import dev.meshdojo.simulator.pilot.security.Secrets;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Translates the mesh for one proxy again and again, each time only what changed since the last
 * time: a resource that did not change is the same instance in both results. What it answers
 * depends on the model alone, never on the models before. Not thread-safe.
 */
public final class ProxyTranslator {

    /** Kinds that listeners never depend on but through the merged Gateway. */
    private static final Set<String> NOT_IN_LISTENERS =
            Set.of("pods", "nodes", "endpointslices.discovery.k8s.io", "secrets");

    /** Kinds that only listeners of servers other than HTTP depend on. */
    private static final Set<String> DESTINATIONS =
            Set.of(
                    "services",
                    "virtualservices.networking.istio.io",
                    "destinationrules.networking.istio.io",
                    "serviceentries.networking.istio.io",
                    "workloadentries.networking.istio.io",
                    "httproutes.gateway.networking.k8s.io",
                    "grpcroutes.gateway.networking.k8s.io");

    private final ProxyIdentity proxy;
    private final Clusters clusters;
    private final RouteTables routeTables;
    private final SecretNames.Memory secretNames = new SecretNames.Memory();

    private @Nullable MeshModel last;
    private @Nullable MeshConfig ownOf;
    private @Nullable MeshConfig ownConfig;
    private @Nullable JwksSource lastKeys;
    private @Nullable Scope scope;
    private @Nullable MergedGateway gateway;
    private List<Listener> listeners = List.of();
    private EnvoyFilters filters = EnvoyFilters.NONE;
    private List<Listener> patchedListeners = List.of();
    private Clusters.@Nullable Result built;
    private List<Cluster> patchedClusters = List.of();
    private List<RouteConfiguration> routes = List.of();
    private List<RouteConfiguration> patchedRoutes = List.of();
    private Map<String, Secret> secrets = Map.of();

    /**
     * A translator for one proxy.
     *
     * @throws IllegalArgumentException when the proxy is no gateway
     */
    public ProxyTranslator(ProxyIdentity proxy) {
        if (proxy.role() != ProxyIdentity.Role.ROUTER) {
            throw new IllegalArgumentException(
                    "role: " + proxy.role() + " (expected: ROUTER); only gateways are translated");
        }
        this.proxy = proxy;
        this.clusters = new Clusters(proxy);
        this.routeTables = new RouteTables(proxy);
    }

    /**
     * What a model means to the proxy.
     *
     * @param shared what all proxies see
     * @param revision becomes the version of the result
     * @param keys key sets for tokens whose rule names an address; another instance when some key
     *     set changed
     */
    @SuppressWarnings("ReferenceEquality") // key sets that were fetched anew are another instance
    public XdsSnapshot translate(MeshModel shared, String revision, JwksSource keys) {
        MeshModel model = shared.with(own(shared.mesh()));
        MeshModel before = last;
        Scope seen = model.scope(proxy.namespace(), proxy.labels(), scope);
        MergedGateway merged = merged(model);
        boolean gatewayChanged = before == null || !Objects.equals(merged, gateway);
        boolean passesThrough = merged != null && merged.autoPassthrough();
        Clusters.Result now = clusters.update(model, seen, passesThrough);
        List<RouteConfiguration> tables =
                merged == null ? List.of() : routeTables.build(merged, seen);
        if (gatewayChanged || keys != lastKeys || listenersMayDiffer(model, before, merged)) {
            listeners =
                    merged == null
                            ? List.of()
                            : keep(
                                    listeners,
                                    new Listeners(proxy, model, seen, keys).build(merged),
                                    Listener::getName);
        }
        patch(EnvoyFilters.of(model, proxy), now, tables);
        scope = seen;
        gateway = merged;
        last = model;
        lastKeys = keys;
        return new XdsSnapshot(
                revision,
                patchedListeners,
                patchedRoutes,
                patchedClusters,
                now.assignments(),
                serve(model));
    }

    /** The mesh's configuration with the proxy's own settings; the same instance for the same. */
    @SuppressWarnings("ReferenceEquality") // spares reading the settings again
    private MeshConfig own(MeshConfig mesh) {
        MeshConfig known = ownConfig;
        if (known == null || mesh != ownOf) {
            known = mesh.with(proxy.proxyConfig());
            ownConfig = known;
            ownOf = mesh;
        }
        return known;
    }

    private @Nullable MergedGateway merged(MeshModel model) {
        MergedGateway merged =
                MergedGateway.of(model.gateways(), proxy, GatewayTargets.of(model, proxy));
        return Objects.equals(merged, gateway) ? gateway : merged;
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private static boolean listenersMayDiffer(
            MeshModel model, @Nullable MeshModel before, @Nullable MergedGateway merged) {
        if (before == null) {
            return true;
        }
        boolean opaque =
                merged != null
                        && merged.ports().stream()
                                .flatMap(port -> port.servers().stream())
                                .anyMatch(server -> !server.httpServer());
        Set<String> kinds = new java.util.HashSet<>(model.snapshot().kinds().keySet());
        kinds.addAll(before.snapshot().kinds().keySet());
        return kinds.stream()
                .filter(kind -> !NOT_IN_LISTENERS.contains(kind))
                .filter(kind -> opaque || !DESTINATIONS.contains(kind))
                .anyMatch(kind -> model.objects(kind) != before.objects(kind));
    }

    @SuppressWarnings("ReferenceEquality") // spares patching what did not change
    private void patch(
            EnvoyFilters now, Clusters.Result clustersNow, List<RouteConfiguration> tables) {
        boolean same = now.equals(filters);
        filters = now;
        patchedListeners = keep(patchedListeners, now.listeners(listeners), Listener::getName);
        if (!same || clustersNow != built) {
            patchedClusters =
                    keep(patchedClusters, now.clusters(clustersNow.clusters()), Cluster::getName);
        }
        if (!same || !sameInstances(tables, routes)) {
            patchedRoutes = keep(patchedRoutes, now.routes(tables), RouteConfiguration::getName);
        }
        built = clustersNow;
        routes = tables;
    }

    @SuppressWarnings("ReferenceEquality") // that is the question
    private static boolean sameInstances(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i) != b.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** The new resources, but those that turned out as before are the old instances. */
    @SuppressWarnings("ReferenceEquality") // spares looking for what did not change
    private static <T> List<T> keep(List<T> before, List<T> now, Function<T, String> name) {
        if (sameInstances(before, now)) {
            return before;
        }
        Map<String, T> known = null;
        List<T> out = new ArrayList<>(now.size());
        for (int i = 0; i < now.size(); i++) {
            T resource = now.get(i);
            if (i < before.size() && before.get(i) == resource) {
                out.add(resource);
                continue;
            }
            if (known == null) {
                known = HashMap.newHashMap(before.size());
                for (T old : before) {
                    known.put(name.apply(old), old);
                }
            }
            T old = known.get(name.apply(resource));
            out.add(resource.equals(old) ? old : resource);
        }
        return sameInstances(before, out) ? before : List.copyOf(out);
    }

    private List<Secret> serve(MeshModel model) {
        Map<String, Secret> next = new HashMap<>();
        List<Secret> out = new ArrayList<>();
        Secrets source = new Secrets(model, proxy);
        for (Secret secret : source.serve(secretNames.of(patchedListeners, patchedClusters))) {
            Secret old = secrets.get(secret.getName());
            Secret kept = old != null && secret.equals(old) ? old : secret;
            next.put(kept.getName(), kept);
            out.add(kept);
        }
        secrets = next;
        return out;
    }
}
