package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a cluster makes of the world's objects, without a cluster: one ready pod a Deployment, and
 * EndpointSlices for Services.
 */
final class DirectWorld {

    private static final String CREATED = "2026-01-01T00:00:00Z";
    private static final Map<String, String> IRREGULAR_PLURALS =
            Map.of(
                    "Ingress", "ingresses",
                    "IngressClass", "ingressclasses",
                    "GatewayClass", "gatewayclasses",
                    "AuthorizationPolicy", "authorizationpolicies",
                    "ServiceEntry", "serviceentries",
                    "WorkloadEntry", "workloadentries",
                    "Telemetry", "telemetries");

    private final Map<String, List<ObjectNode>> objects = new HashMap<>();
    private final Map<String, Pod> pods = new LinkedHashMap<>();

    private record Pod(String namespace, String name, String ip, Map<String, String> labels) {}

    DirectWorld(Corpus corpus, List<ObjectNode> resources) {
        List<ObjectNode> all = new ArrayList<>(corpus.world());
        all.addAll(corpus.secrets());
        all.addAll(resources);
        for (ObjectNode written : all) {
            ObjectNode object = written.deepCopy();
            ObjectNode metadata = (ObjectNode) object.get("metadata");
            if (!metadata.has("creationTimestamp")) {
                metadata.put("creationTimestamp", CREATED);
            }
            encodeSecret(object);
            add(object);
            if (object.path("kind").asText().equals("Deployment")) {
                pod(object);
            }
        }
        for (ObjectNode service : List.copyOf(objects.getOrDefault("services", List.of()))) {
            slices(service);
        }
    }

    MeshSnapshot snapshot() {
        return MeshSnapshot.of("1", objects);
    }

    ProxyIdentity gateway(String service) {
        String[] name = service.split("/", 2);
        Pod pod =
                pods.values().stream()
                        .filter(p -> p.namespace.equals(name[0]) && p.name.startsWith(name[1]))
                        .findFirst()
                        .orElseThrow();
        return new ProxyIdentity(
                ProxyIdentity.Role.ROUTER, pod.namespace, pod.name, pod.ip, pod.labels, Map.of());
    }

    private void add(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        String kind = object.path("kind").asText();
        String plural = IRREGULAR_PLURALS.getOrDefault(kind, kind.toLowerCase(Locale.ROOT) + "s");
        int slash = apiVersion.indexOf('/');
        String key = slash < 0 ? plural : plural + "." + apiVersion.substring(0, slash);
        objects.computeIfAbsent(key, k -> new ArrayList<>()).add(object);
    }

    private void pod(ObjectNode deployment) {
        JsonView view = JsonView.of(deployment);
        JsonView metadata = view.at("metadata");
        ObjectNode template = (ObjectNode) view.at("spec").at("template").node().deepCopy();
        String name = metadata.text("name") + "-7d9f6c5b4-abcde";
        String ip = "10.244.0." + (10 + pods.size());
        template.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode podMetadata = (ObjectNode) template.get("metadata");
        podMetadata.put("name", name).put("namespace", metadata.text("namespace"));
        podMetadata.put("creationTimestamp", CREATED);
        ObjectNode status = template.putObject("status");
        status.put("podIP", ip).put("phase", "Running");
        status.putArray("conditions").addObject().put("type", "Ready").put("status", "True");
        add(template);
        pods.put(
                metadata.text("namespace") + "/" + name,
                new Pod(
                        metadata.text("namespace"),
                        name,
                        ip,
                        JsonView.of(podMetadata).textMap("labels")));
    }

    private void slices(ObjectNode service) {
        JsonView view = JsonView.of(service);
        Map<String, String> selector = view.at("spec").textMap("selector");
        String namespace = view.at("metadata").text("namespace");
        ObjectNode slice = JsonNodeFactory.instance.objectNode();
        slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        slice.put("addressType", "IPv4");
        ObjectNode metadata = slice.putObject("metadata");
        metadata.put("namespace", namespace).put("name", view.at("metadata").text("name") + "-x");
        metadata.putObject("labels")
                .put("kubernetes.io/service-name", view.at("metadata").text("name"));
        ArrayNode ports = slice.putArray("ports");
        for (JsonView port : view.at("spec").list("ports")) {
            ports.addObject()
                    .put("name", port.text("name"))
                    .put("port", port.integer("targetPort"));
        }
        ArrayNode endpoints = slice.putArray("endpoints");
        for (Pod pod : pods.values()) {
            if (!selector.isEmpty()
                    && pod.namespace.equals(namespace)
                    && pod.labels.entrySet().containsAll(selector.entrySet())) {
                ObjectNode endpoint = endpoints.addObject();
                endpoint.putArray("addresses").add(pod.ip);
                endpoint.putObject("conditions").put("ready", true);
                endpoint.putObject("targetRef").put("kind", "Pod").put("name", pod.name);
            }
        }
        add(slice);
    }

    private static void encodeSecret(ObjectNode object) {
        if (object.path("kind").asText().equals("Secret") && object.has("stringData")) {
            ObjectNode data = object.withObject("/data");
            JsonView.of(object)
                    .textMap("stringData")
                    .forEach(
                            (key, value) ->
                                    data.put(
                                            key,
                                            java.util.Base64.getEncoder()
                                                    .encodeToString(
                                                            value.getBytes(
                                                                    java.nio.charset
                                                                            .StandardCharsets
                                                                            .UTF_8))));
        }
    }
}
