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
    private final Set<String> services = new HashSet<>();
    private final Set<String> hosts = new HashSet<>();
    private final Map<String, KubeObject> secrets = new HashMap<>();
    private final Map<String, KubeObject> configMaps = new HashMap<>();
    private final Map<String, KubeObject> classes = new HashMap<>();
    private final List<KubeObject> namespaces;
    private final Grants grants;
    private final String domain;

    World(MeshSnapshot snapshot, MeshConfig mesh) {
        this.snapshot = snapshot;
        this.domain = mesh.domain();
        for (KubeObject service : all("services")) {
            services.add(service.key());
            hosts.add(hostname(service.name(), service.namespace()));
        }
        for (KubeObject entry : all("serviceentries.networking.istio.io")) {
            hosts.addAll(entry.spec().texts("hosts"));
        }
        all("secrets").forEach(secret -> secrets.put(secret.key(), secret));
        all("configmaps").forEach(map -> configMaps.put(map.key(), map));
        all("gatewayclasses." + Grants.GROUP).forEach(c -> classes.put(c.name(), c));
        this.namespaces = all("namespaces");
        this.grants = new Grants(all("referencegrants." + Grants.GROUP));
    }

    List<KubeObject> all(String groupResource) {
        return snapshot.of(groupResource).stream().map(KubeObject::of).toList();
    }

    Grants grants() {
        return grants;
    }

    String hostname(String name, String namespace) {
        return name + "." + namespace + ".svc." + domain;
    }

    boolean serviceExists(String namespace, String name) {
        return services.contains(namespace + "/" + name);
    }

    boolean hostExists(String host) {
        return hosts.contains(host);
    }

    @Nullable KubeObject secret(String namespace, String name) {
        return secrets.get(namespace + "/" + name);
    }

    @Nullable KubeObject configMap(String namespace, String name) {
        return configMaps.get(namespace + "/" + name);
    }

    /** The controller that a class names; Istio's own classes exist without an object. */
    String controller(String gatewayClass) {
        KubeObject found = classes.get(gatewayClass);
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
                    namespaces.stream()
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
