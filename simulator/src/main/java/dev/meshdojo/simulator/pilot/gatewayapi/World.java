package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Gateway API objects may refer to: Services, Secrets, namespaces, grants. */
final class World {

    private final MeshSnapshot snapshot;
    private final Grants grants;
    private final String domain;
    private @Nullable Set<String> entryHosts;

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
        return snapshot.all("services").find(namespace, name) != null;
    }

    boolean hostExists(String host) {
        String suffix = ".svc." + domain;
        if (host.endsWith(suffix)) {
            String[] parts = host.substring(0, host.length() - suffix.length()).split("\\.", -1);
            if (parts.length == 2 && serviceExists(parts[1], parts[0])) {
                return true;
            }
        }
        Set<String> known = entryHosts;
        if (known == null) {
            known = new HashSet<>();
            for (KubeObject entry : all("serviceentries.networking.istio.io")) {
                known.addAll(entry.spec().texts("hosts"));
            }
            entryHosts = known;
        }
        return known.contains(host);
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

    private static boolean selected(KubeObject namespace, JsonView selector) {
        Map<String, String> labels = new HashMap<>(namespace.labels());
        labels.put("kubernetes.io/metadata.name", namespace.name());
        if (!labels.entrySet().containsAll(selector.textMap("matchLabels").entrySet())) {
            return false;
        }
        for (JsonView expression : selector.list("matchExpressions")) {
            String value = labels.get(expression.text("key"));
            boolean holds =
                    switch (expression.text("operator")) {
                        case "In" -> value != null && expression.texts("values").contains(value);
                        case "NotIn" ->
                                value == null || !expression.texts("values").contains(value);
                        case "Exists" -> value != null;
                        case "DoesNotExist" -> value == null;
                        default -> false;
                    };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
