package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.LabelSelectors;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Gateway API objects may refer to: Services, Secrets, namespaces, grants. */
final class World {

    private static final String WAYPOINT = "istio.io/use-waypoint";

    private final MeshSnapshot snapshot;
    private final Grants grants;
    private final String domain;
    private final Map<String, Set<String>> entryHosts = new HashMap<>();

    World(MeshSnapshot snapshot, MeshConfig mesh) {
        this.snapshot = snapshot;
        this.domain = mesh.domain();
        this.grants = new Grants(all("referencegrants." + Grants.GROUP));
    }

    List<KubeObject> all(String groupResource) {
        return snapshot.all(groupResource).byKey();
    }

    Grants grants() {
        return grants;
    }

    String hostname(String name, String namespace) {
        return name + "." + namespace + ".svc." + domain;
    }

    boolean serviceExists(String namespace, String name) {
        return service(namespace, name) != null;
    }

    /** Whether a namespace has a Service or ServiceEntry for a host. */
    boolean hostExists(String host, String namespace) {
        String suffix = "." + namespace + ".svc." + domain;
        if (host.endsWith(suffix)
                && serviceExists(namespace, host.substring(0, host.length() - suffix.length()))) {
            return true;
        }
        return entryHosts
                .computeIfAbsent(
                        namespace,
                        owner ->
                                snapshot
                                        .all("serviceentries.networking.istio.io")
                                        .of(owner)
                                        .stream()
                                        .flatMap(entry -> entry.spec().texts("hosts").stream())
                                        .collect(Collectors.toSet()))
                .contains(host);
    }

    @Nullable KubeObject secret(String namespace, String name) {
        return snapshot.all("secrets").find(namespace, name);
    }

    @Nullable KubeObject configMap(String namespace, String name) {
        return snapshot.all("configmaps").find(namespace, name);
    }

    /** The controller that a class names; Istio's own classes exist without an object. */
    String controller(String gatewayClass) {
        KubeObject found = snapshot.all("gatewayclasses." + Grants.GROUP).find("", gatewayClass);
        if (found != null) {
            return found.spec().text("controllerName");
        }
        return switch (gatewayClass) {
            case "istio" -> GatewayApi.CONTROLLER;
            case "istio-remote" -> "istio.io/unmanaged-gateway";
            default -> "";
        };
    }

    /** Namespaces that a listener's {@code allowedRoutes} admits; {@code *} for all. */
    List<String> admitted(JsonView listener, String owner) {
        JsonView from = listener.at("allowedRoutes").at("namespaces");
        return switch (from.text("from")) {
            case "All" -> List.of("*");
            case "Selector" ->
                    all("namespaces").stream()
                            .filter(namespace -> selected(namespace, from.at("selector")))
                            .map(KubeObject::name)
                            .sorted()
                            .toList();
            case "None" -> List.of();
            default -> List.of(owner);
        };
    }

    /** Whether a Gateway takes ListenerSets of a namespace. */
    boolean admits(KubeObject gateway, String namespace) {
        JsonView from = gateway.spec().at("allowedListeners").at("namespaces");
        return switch (from.present() ? from.text("from") : "None") {
            case "All" -> true;
            case "Same" -> namespace.equals(gateway.namespace());
            case "Selector", "" -> {
                KubeObject object = snapshot.all("namespaces").find("", namespace);
                yield object != null
                        && from.has("selector")
                        && selected(object, from.at("selector"));
            }
            default -> false;
        };
    }

    /** The ServiceEntry of that name, or null. */
    @Nullable KubeObject serviceEntry(String namespace, String name) {
        return snapshot.all("serviceentries.networking.istio.io").find(namespace, name);
    }

    /** The Service of that name, or null. */
    @Nullable KubeObject service(String namespace, String name) {
        return snapshot.all("services").find(namespace, name);
    }

    /**
     * Whether the waypoint that {@code parent} (a Service or ServiceEntry) asks for is a Gateway of
     * a class that is not Istio's.
     */
    boolean foreignWaypoint(KubeObject parent) {
        Map<String, String> labels = parent.labels();
        if (!labels.containsKey(WAYPOINT)) {
            KubeObject namespace = snapshot.all("namespaces").find("", parent.namespace());
            labels = namespace == null ? Map.of() : namespace.labels();
        }
        String name = labels.getOrDefault(WAYPOINT, "");
        if (name.isEmpty() || name.equalsIgnoreCase("none")) {
            return false;
        }
        String owner = labels.getOrDefault(WAYPOINT + "-namespace", "");
        KubeObject waypoint =
                snapshot.all("gateways." + Grants.GROUP)
                        .find(owner.isEmpty() ? parent.namespace() : owner, name);
        if (waypoint == null) {
            return false;
        }
        KubeObject found =
                snapshot.all("gatewayclasses." + Grants.GROUP)
                        .find("", waypoint.spec().text("gatewayClassName"));
        String controller = found == null ? "" : found.spec().text("controllerName");
        return found != null
                && !controller.equals(GatewayApi.CONTROLLER)
                && !controller.equals("istio.io/mesh-controller");
    }

    private static boolean selected(KubeObject namespace, JsonView selector) {
        Map<String, String> labels = new HashMap<>(namespace.labels());
        labels.put("kubernetes.io/metadata.name", namespace.name());
        return LabelSelectors.matches(selector, labels);
    }
}
