package dev.meshdojo.simulator.istio.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.operator.OperatorValues;
import dev.meshdojo.simulator.istio.operator.ValuePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The objects of istiod. */
final class PilotManifests {

    private final OperatorValues input;

    PilotManifests(OperatorValues input) {
        this.input = input;
    }

    List<ObjectNode> render(Map<String, String> holes) {
        ObjectNode values = (ObjectNode) input.at("spec.values.pilot");
        List<ObjectNode> objects = new ArrayList<>();
        for (ObjectNode object : Template.render("pilot", holes)) {
            boolean wanted =
                    switch (object.path("kind").asText()) {
                        case "ConfigMap" -> configMap(object, holes);
                        case "Deployment" -> deployment(object, values);
                        case "HorizontalPodAutoscaler" -> Scaling.of(values).autoscale(object);
                        case "PodDisruptionBudget" -> {
                            selector(object, "spec.selector.matchLabels");
                            yield Scaling.of(values).several();
                        }
                        case "Service" -> {
                            selector(object, "spec.selector");
                            yield true;
                        }
                        case "MutatingWebhookConfiguration" -> {
                            object.set("webhooks", Webhooks.injection(input, holes));
                            yield true;
                        }
                        default -> true;
                    };
            if (wanted) {
                objects.add(object);
            }
        }
        return objects;
    }

    private void selector(ObjectNode object, String path) {
        if (!input.revision().isEmpty()) {
            ObjectNode selector = (ObjectNode) ValuePath.parse(path).get(object);
            selector.remove("istio");
            selector.put("app", "istiod").put("istio.io/rev", input.revision());
        }
    }

    private boolean deployment(ObjectNode object, ObjectNode values) {
        selector(object, "spec.selector.matchLabels");
        if (!input.revision().isEmpty()) {
            ValuePath.parse("spec.template.metadata.labels.istio")
                    .set(object, JsonNodeFactory.instance.textNode("istiod"));
        }
        Scaling scaling = Scaling.of(values);
        if (!scaling.enabled()) {
            ValuePath.parse("spec.replicas")
                    .set(object, JsonNodeFactory.instance.numberNode(scaling.replicas()));
        }
        ObjectNode container =
                (ObjectNode) ValuePath.parse("spec.template.spec.containers.[0]").get(object);
        if (values.path("resources") instanceof ObjectNode resources) {
            container.set("resources", resources.deepCopy());
        }
        values.path("env")
                .properties()
                .forEach(
                        entry ->
                                ((ArrayNode) container.path("env"))
                                        .addObject()
                                        .put("name", entry.getKey())
                                        .put("value", entry.getValue().asText()));
        return true;
    }

    private boolean configMap(ObjectNode object, Map<String, String> holes) {
        ObjectNode data = object.putObject("data");
        String name = object.path("metadata").path("name").asText();
        if (name.equals(holes.get("meshConfigMap"))) {
            data.put("mesh", Template.yaml(mesh(holes)));
            data.put("meshNetworks", "networks: {}");
        } else if (name.equals(holes.get("injectorConfigMap"))) {
            data.put("config", Template.yaml(injection()));
            data.put("values", input.at("spec.values").toPrettyString());
        } else {
            data.put("original-values", input.at("spec.values").toPrettyString());
            data.put("merged-values", input.at("spec.values").toPrettyString());
        }
        return true;
    }

    private ObjectNode mesh(Map<String, String> holes) {
        ObjectNode mesh = JsonNodeFactory.instance.objectNode();
        mesh.putObject("defaultConfig")
                .put(
                        "discoveryAddress",
                        "%s.%s.svc:15012"
                                .formatted(holes.get("discovery"), holes.get("namespace")));
        mesh.putObject("defaultProviders").putArray("metrics").add("prometheus");
        mesh.put("rootNamespace", holes.get("istioNamespace"));
        mesh.put("trustDomain", "cluster.local");
        if (input.at("spec.values.meshConfig") instanceof ObjectNode own) {
            OperatorValues.mergeInto(mesh, own);
        }
        return mesh;
    }

    private ObjectNode injection() {
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("policy", input.value("global.proxy.autoInject", "enabled"));
        JsonNode webhook = input.at("spec.values.sidecarInjectorWebhook");
        for (String field : List.of("alwaysInjectSelector", "neverInjectSelector")) {
            JsonNode selector = webhook.path(field);
            config.set(field, selector.isArray() ? selector : JsonNodeFactory.instance.arrayNode());
        }
        JsonNode annotations = webhook.path("injectedAnnotations");
        config.set(
                "injectedAnnotations",
                annotations.isObject() ? annotations : JsonNodeFactory.instance.objectNode());
        config.putArray("defaultTemplates").add("sidecar");
        return config;
    }
}
