package dev.meshdojo.simulator.pilot.envoyfilter;

import com.google.protobuf.Message;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.GatewayTargets;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MergedGateway;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.security.Policies;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The EnvoyFilters that apply to a gateway: those of the root namespace first, then its own
 * namespace's; in each by priority, age and name.
 */
public final class EnvoyFilters {

    private static final String VERSION = "1.30.0";
    private static final Set<String> INSERTABLE =
            Set.of("HTTP_FILTER", "NETWORK_FILTER", "HTTP_ROUTE", "LISTENER_FILTER");
    private static final Set<String> ROUTES =
            Set.of("ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE");
    private static final Set<String> CLUSTERS = Set.of("CLUSTER");

    /** No patches. */
    public static final EnvoyFilters NONE = new EnvoyFilters(List.of(), Map.of());

    private final List<Patch> patches;
    private final Map<Integer, Set<Integer>> servicePorts;

    private EnvoyFilters(List<Patch> patches, Map<Integer, Set<Integer>> servicePorts) {
        this.patches = patches;
        this.servicePorts = servicePorts;
    }

    /** The patches for a gateway. */
    public static EnvoyFilters of(MeshModel model, ProxyIdentity proxy) {
        String root = model.mesh().rootNamespace();
        List<KubeObject> objects =
                Policies.of(model, "envoyfilters.networking.istio.io", proxy).stream()
                        .sorted(
                                Comparator.comparing((KubeObject o) -> !o.namespace().equals(root))
                                        .thenComparingInt(o -> o.spec().integer("priority"))
                                        .thenComparing(KubeObject.BY_AGE))
                        .toList();
        List<Patch> patches = new ArrayList<>();
        for (KubeObject object : objects) {
            for (JsonView written : object.spec().list("configPatches")) {
                if (concerns(written.at("match"), proxy)) {
                    add(written, patches);
                }
            }
        }
        Map<Integer, Set<Integer>> ports = new HashMap<>();
        if (!patches.isEmpty()) {
            for (MergedGateway.Target target : GatewayTargets.of(model, proxy)) {
                ports.computeIfAbsent(target.targetPort(), port -> new HashSet<>())
                        .add(target.port());
            }
        }
        return new EnvoyFilters(patches, ports);
    }

    private static void add(JsonView written, List<Patch> patches) {
        String applyTo = written.text("applyTo");
        String operation = written.at("patch").text("operation");
        if (operation.startsWith("INSERT_") && !INSERTABLE.contains(applyTo)) {
            operation = "ADD";
        }
        Message value = ProtoValues.read(applyTo, written.at("patch").at("value"));
        if (value != null) {
            patches.add(new Patch(applyTo, operation, written.at("match"), value));
        }
    }

    private static boolean concerns(JsonView match, ProxyIdentity proxy) {
        String context = match.text("context");
        if (!context.isEmpty() && !context.equals("ANY") && !context.equals("GATEWAY")) {
            return false;
        }
        String version = match.at("proxy").text("proxyVersion");
        if (!version.isEmpty()) {
            try {
                if (!Pattern.compile(version).matcher(VERSION).find()) {
                    return false;
                }
            } catch (PatternSyntaxException e) {
                return false;
            }
        }
        return match.at("proxy").textMap("metadata").entrySet().stream()
                .allMatch(
                        wanted ->
                                wanted.getValue()
                                        .equals(
                                                proxy.environment()
                                                        .get(
                                                                "ISTIO_META_"
                                                                        + wanted.getKey()
                                                                                .toUpperCase(
                                                                                        Locale
                                                                                                .ROOT))));
    }

    /** Listeners with their patches. */
    public List<Listener> listeners(List<Listener> listeners) {
        return patches.isEmpty() ? listeners : new ListenerPatches(patches).apply(listeners);
    }

    private boolean concerns(Set<String> applyTo) {
        return patches.stream().anyMatch(patch -> applyTo.contains(patch.applyTo()));
    }

    /** Route tables with their patches. */
    public List<RouteConfiguration> routes(List<RouteConfiguration> tables) {
        if (!concerns(ROUTES)) {
            return tables;
        }
        RoutePatches routes = new RoutePatches(patches, servicePorts);
        return tables.stream().map(routes::apply).toList();
    }

    /** Clusters with their patches. */
    public List<Cluster> clusters(List<Cluster> clusters) {
        return concerns(CLUSTERS) ? new ClusterPatches(patches).apply(clusters) : clusters;
    }

    @Override
    public boolean equals(@org.jspecify.annotations.Nullable Object other) {
        return other instanceof EnvoyFilters filters
                && filters.patches.equals(patches)
                && filters.servicePorts.equals(servicePorts);
    }

    @Override
    public int hashCode() {
        return patches.hashCode();
    }
}
