package dev.meshdojo.simulator.istio.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.istio.render.Template;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes one pod as the templates {@code sidecar} and {@code gateway} do. What the pod's own
 * {@code istio-proxy} container says wins over the template.
 */
final class PodInjector {

    private static final String PROXY = "istio-proxy";

    private final ObjectNode pod;
    private final JsonNode values;
    private final String istiod;
    private final String istioNamespace;
    private final String revision;
    private final Meta.@Nullable Owner owner;

    PodInjector(
            ObjectNode pod,
            JsonNode values,
            String istiod,
            String istioNamespace,
            String revision,
            Meta.@Nullable Owner owner) {
        this.pod = pod;
        this.values = values;
        this.istiod = istiod;
        this.istioNamespace = istioNamespace;
        this.revision = revision;
        this.owner = owner;
    }

    void inject(boolean gateway) {
        ObjectNode template = Template.render("sidecar", holes()).getFirst();
        ObjectNode container = (ObjectNode) template.path("container");
        container.set("env", template.path("env"));
        container.set("volumeMounts", template.path("volumeMounts"));
        JsonNode resources = Fields.at(values, "global", "proxy", "resources");
        if (resources.isObject()) {
            container.set("resources", resources.deepCopy());
        }
        if (gateway) {
            container.set("args", template.path("gatewayArgs"));
            container.set("readinessProbe", template.path("gatewayReadinessProbe"));
            container.remove(List.of("startupProbe", "securityContext"));
            container.putObject("securityContext").put("runAsUser", 1337).put("runAsGroup", 1337);
        }
        ObjectNode spec = Fields.child(pod, "spec");
        place(spec, container);
        if (gateway) {
            unprivilegedPorts(spec);
        } else {
            addAll(Fields.list(spec, "initContainers"), template.path("initContainers"));
        }
        addAll(Fields.list(spec, "volumes"), template.path("volumes"));
        describe(gateway, template);
    }

    private Map<String, String> holes() {
        JsonNode global = values.path("global");
        Map<String, String> holes = new HashMap<>();
        String image = annotation("sidecar.istio.io/proxyImage");
        if (image.isEmpty()) {
            image = text(global, "proxyv2", "proxy", "image");
        }
        holes.put(
                "image",
                image.contains("/")
                        ? image
                        : text(global, "docker.io/istio", "hub")
                                + "/"
                                + image
                                + ":"
                                + text(global, "latest", "tag"));
        String include = annotation("traffic.sidecar.istio.io/includeOutboundIPRanges");
        holes.put("includeIPRanges", include.isEmpty() ? "*" : include);
        String inbound = annotation("traffic.sidecar.istio.io/includeInboundPorts");
        holes.put("includeInboundPorts", inbound.isEmpty() ? "*" : inbound);
        holes.put("clusterDomain", text(global, "cluster.local", "proxy", "clusterDomain"));
        String level = annotation("sidecar.istio.io/logLevel");
        holes.put(
                "logLevel", level.isEmpty() ? text(global, "warning", "proxy", "logLevel") : level);
        holes.put("discovery", istiod);
        holes.put("istioNamespace", istioNamespace);
        holes.put("podPorts", ports());
        holes.put("appContainers", containers());
        holes.put("clusterName", text(global, "Kubernetes", "multiCluster", "clusterName"));
        holes.put("workload", workload());
        holes.put("owner", ownerReference());
        holes.put("meshId", text(values, "cluster.local", "meshConfig", "trustDomain"));
        return holes;
    }

    private static String text(JsonNode node, String fallback, String... path) {
        String text = Fields.text(node, path);
        return text.isEmpty() ? fallback : text;
    }

    private String annotation(String key) {
        return Meta.annotation(pod, key);
    }

    private String containers() {
        return Fields.objects(pod, "spec", "containers").stream()
                .map(container -> Fields.text(container, "name"))
                .filter(name -> !name.equals(PROXY))
                .collect(Collectors.joining(","));
    }

    private String ports() {
        ArrayNode ports = Fields.object().putArray("ports");
        for (ObjectNode container : Fields.objects(pod, "spec", "containers")) {
            container.path("ports").forEach(ports::add);
        }
        return ports.toString();
    }

    private String workload() {
        return owner == null ? Meta.name(pod) : owner.name();
    }

    private String ownerReference() {
        String version = owner == null ? "v1" : owner.apiVersion();
        String kind = owner == null ? "pod" : owner.kind().toLowerCase(Locale.ROOT);
        return "kubernetes://apis/%s/namespaces/%s/%ss/%s"
                .formatted(version, Meta.namespace(pod), kind, workload());
    }

    private static void place(ObjectNode spec, ObjectNode container) {
        ArrayNode containers = Fields.list(spec, "containers");
        for (int i = 0; i < containers.size(); i++) {
            if (Fields.text(containers.get(i), "name").equals(PROXY)) {
                containers.set(i, merged(container, (ObjectNode) containers.get(i)));
                return;
            }
        }
        containers.add(container);
    }

    /** The template's container with what the pod's own says laid over it. */
    private static ObjectNode merged(ObjectNode template, ObjectNode own) {
        ObjectNode merged = template.deepCopy();
        for (Map.Entry<String, JsonNode> field : own.properties()) {
            String name = field.getKey();
            if (name.equals("image") && field.getValue().asText().equals("auto")) {
                continue;
            }
            if (merged.get(name) instanceof ArrayNode list && isNamed(name)) {
                overlay(list, field.getValue());
            } else {
                merged.set(name, field.getValue().deepCopy());
            }
        }
        return merged;
    }

    private static boolean isNamed(String field) {
        return field.equals("env") || field.equals("ports") || field.equals("volumeMounts");
    }

    private static void overlay(ArrayNode list, JsonNode own) {
        for (JsonNode entry : own) {
            boolean replaced = false;
            for (int i = 0; i < list.size() && !replaced; i++) {
                if (list.get(i).path("name").equals(entry.path("name"))) {
                    list.set(i, entry.deepCopy());
                    replaced = true;
                }
            }
            if (!replaced) {
                list.add(entry.deepCopy());
            }
        }
    }

    private static void addAll(ArrayNode list, JsonNode more) {
        for (JsonNode entry : more) {
            boolean present = false;
            for (JsonNode own : list) {
                present |= own.path("name").equals(entry.path("name"));
            }
            if (!present) {
                list.add(entry);
            }
        }
    }

    private static void unprivilegedPorts(ObjectNode spec) {
        ObjectNode security = Fields.child(spec, "securityContext");
        if (!security.has("sysctls")) {
            security.putArray("sysctls")
                    .addObject()
                    .put("name", "net.ipv4.ip_unprivileged_port_start")
                    .put("value", "0");
        }
    }

    private void describe(boolean gateway, ObjectNode template) {
        ObjectNode metadata = Fields.child(pod, "metadata");
        ObjectNode labels = Fields.child(metadata, "labels");
        ObjectNode annotations = Fields.child(metadata, "annotations");
        if (!gateway) {
            putIfAbsent(labels, "security.istio.io/tlsMode", "istio");
        }
        String name =
                first(
                        Fields.text(labels, "app.kubernetes.io/name"),
                        Fields.text(labels, "app"),
                        workload());
        String version =
                first(
                        Fields.text(labels, "app.kubernetes.io/version"),
                        Fields.text(labels, "version"),
                        "latest");
        putIfAbsent(labels, "service.istio.io/canonical-name", name);
        putIfAbsent(labels, "service.istio.io/canonical-revision", version);
        annotations.put("istio.io/rev", revision);
        putIfAbsent(annotations, "prometheus.io/path", "/stats/prometheus");
        putIfAbsent(annotations, "prometheus.io/port", "15020");
        putIfAbsent(annotations, "prometheus.io/scrape", "true");
        String first = containers().split(",", 2)[0];
        if (!first.isEmpty()) {
            putIfAbsent(annotations, "kubectl.kubernetes.io/default-container", first);
            putIfAbsent(annotations, "kubectl.kubernetes.io/default-logs-container", first);
        }
        ObjectNode status = Fields.object();
        ArrayNode init = status.putArray("initContainers");
        if (!gateway) {
            init.add("istio-init");
        }
        status.putArray("containers").add(PROXY);
        ArrayNode volumes = status.putArray("volumes");
        template.path("volumes").forEach(volume -> volumes.add(volume.path("name")));
        status.putNull("imagePullSecrets");
        status.put("revision", revision);
        annotations.put("sidecar.istio.io/status", status.toString());
    }

    private static void putIfAbsent(ObjectNode node, String key, String value) {
        if (!node.has(key)) {
            node.put(key, value);
        }
    }

    private static String first(String... candidates) {
        for (String candidate : candidates) {
            if (!candidate.isEmpty()) {
                return candidate;
            }
        }
        return "";
    }
}
