package dev.meshdojo.simulator.istio.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.istio.operator.Component;
import dev.meshdojo.simulator.istio.operator.Component.Instance;
import dev.meshdojo.simulator.istio.operator.KubernetesPatches;
import dev.meshdojo.simulator.istio.operator.OperatorValues;
import dev.meshdojo.simulator.istio.operator.ValuePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Renders the objects of each component as the charts of an Istio release do, with the labels that
 * istioctl owns its objects by.
 */
public final class ManifestRenderer {

    private final OperatorValues input;
    private final String version;

    /**
     * For one input.
     *
     * @param version of the release, for labels
     */
    public ManifestRenderer(OperatorValues input, String version) {
        this.input = input;
        this.version = version;
    }

    /** The objects of a component in the order in which they are applied; empty when disabled. */
    public List<ObjectNode> render(Component component) {
        List<ObjectNode> all = new ArrayList<>();
        for (Instance instance : component.instances(input)) {
            List<ObjectNode> objects =
                    switch (component) {
                        case BASE -> Template.render("base", holes(instance));
                        case PILOT -> new PilotManifests(input).render(holes(instance));
                        case INGRESS, EGRESS -> gateway(instance);
                    };
            objects.forEach(object -> label(object, component));
            KubernetesPatches.apply(named(instance), objects);
            all.addAll(objects);
        }
        return all;
    }

    private Instance named(Instance instance) {
        if (instance.component() != Component.PILOT || input.revision().isEmpty()) {
            return instance;
        }
        return new Instance(
                Component.PILOT,
                "istiod-" + input.revision(),
                instance.namespace(),
                instance.labels(),
                instance.kubernetes(),
                instance.hub(),
                instance.tag());
    }

    private Map<String, String> holes(Instance instance) {
        String suffix = input.revision().isEmpty() ? "" : "-" + input.revision();
        String trust = input.value("meshConfig.trustDomain", "cluster.local");
        Map<String, String> holes = new HashMap<>();
        holes.put("name", instance.name());
        holes.put("namespace", instance.namespace());
        holes.put("istioNamespace", input.value("global.istioNamespace", input.namespace()));
        holes.put("component", instance.component().label());
        holes.put("revision", input.revisionLabel());
        holes.put("suffix", suffix);
        holes.put("discovery", "istiod" + suffix);
        holes.put("meshConfigMap", "istio" + suffix);
        holes.put("injectorConfigMap", "istio-sidecar-injector" + suffix);
        holes.put("valuesConfigMap", "values" + suffix);
        holes.put("clusterDomain", input.value("global.proxy.clusterDomain", "cluster.local"));
        holes.put("logLevel", input.value("global.proxy.logLevel", "warning"));
        holes.put("componentLogLevel", input.value("global.proxy.componentLogLevel", "misc:error"));
        holes.put("agentLogLevel", input.value("global.logging.level", "default:info"));
        holes.put("meshId", input.value("global.meshID", trust));
        holes.put("trustDomain", trust);
        holes.put("clusterName", input.value("global.multiCluster.clusterName", "Kubernetes"));
        holes.put("traceSampling", input.value("pilot.traceSampling", "1"));
        holes.put("image", image(instance));
        String label = instance.labels().path("version").asText("");
        holes.put(
                "canonicalRevision",
                label.isEmpty()
                        ? (input.revision().isEmpty() ? "latest" : input.revision())
                        : label);
        return holes;
    }

    private String image(Instance instance) {
        String name =
                instance.component() == Component.PILOT
                        ? input.value("pilot.image", "pilot")
                        : input.value("global.proxy.image", "proxyv2");
        if (name.contains("/")) {
            return name;
        }
        String hub = instance.hub().isEmpty() ? input.value("global.hub", "") : instance.hub();
        String tag = instance.tag().isEmpty() ? input.value("global.tag", "") : instance.tag();
        String variant = input.value("global.variant", "");
        return hub + "/" + name + ":" + tag + (variant.isEmpty() ? "" : "-" + variant);
    }

    private List<ObjectNode> gateway(Instance instance) {
        ObjectNode values = gatewayValues(instance);
        List<ObjectNode> objects = new ArrayList<>();
        for (ObjectNode object : Template.render("gateway", holes(instance))) {
            boolean wanted =
                    switch (object.path("kind").asText()) {
                        case "Deployment" -> deployment(instance, object, values);
                        case "Service" -> service(object, values);
                        case "HorizontalPodAutoscaler" -> Scaling.of(values).autoscale(object);
                        case "PodDisruptionBudget" -> {
                            ValuePath.parse("spec.selector.matchLabels")
                                    .set(object, values.path("labels").deepCopy());
                            yield Scaling.of(values).several();
                        }
                        default -> true;
                    };
            if (wanted) {
                boolean own = !object.path("kind").asText().startsWith("Role");
                if (own) {
                    put(object, "metadata.labels", values.path("labels"));
                }
                ValuePath.parse("metadata.labels.release")
                        .set(object, JsonNodeFactory.instance.textNode("istio"));
                objects.add(object);
            }
        }
        return objects;
    }

    private ObjectNode gatewayValues(Instance instance) {
        ObjectNode values =
                input.at("spec.values." + instance.component().valuesRoot())
                                instanceof ObjectNode found
                        ? found.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        put(values, "labels", instance.labels());
        ObjectNode settings = instance.kubernetes();
        JsonNode ports = settings.path("service").path("ports");
        if (!ports.isEmpty()) {
            values.set("ports", ports.deepCopy());
        }
        JsonNode scale = settings.path("hpaSpec");
        if (scale.has("minReplicas")) {
            values.set("autoscaleMin", scale.get("minReplicas"));
        }
        if (scale.has("maxReplicas")) {
            values.set("autoscaleMax", scale.get("maxReplicas"));
        }
        if (settings.has("replicaCount")) {
            values.set("replicaCount", settings.get("replicaCount"));
        }
        return values;
    }

    /** Merges a map into the map at a path. */
    private static void put(ObjectNode object, String path, JsonNode overlay) {
        ValuePath at = ValuePath.parse(path);
        if (!(at.get(object) instanceof ObjectNode)) {
            at.set(object, JsonNodeFactory.instance.objectNode());
        }
        if (at.get(object) instanceof ObjectNode map && overlay instanceof ObjectNode more) {
            OperatorValues.mergeInto(map, more);
        }
    }

    private static boolean service(ObjectNode object, ObjectNode values) {
        put(object, "spec.selector", values.path("labels"));
        put(object, "metadata.annotations", values.path("serviceAnnotations"));
        if (object.path("metadata").path("annotations").isEmpty()) {
            ((ObjectNode) object.path("metadata")).remove("annotations");
        }
        ObjectNode spec = (ObjectNode) object.path("spec");
        spec.set("ports", values.path("ports").deepCopy());
        for (String field : List.of("type", "loadBalancerIP", "externalTrafficPolicy")) {
            if (!values.path(field).asText("").isEmpty()) {
                spec.set(field, values.get(field));
            }
        }
        for (String field : List.of("loadBalancerSourceRanges")) {
            if (!values.path(field).isEmpty()) {
                spec.set(field, values.get(field).deepCopy());
            }
        }
        return true;
    }

    private boolean deployment(Instance instance, ObjectNode object, ObjectNode values) {
        Scaling scaling = Scaling.of(values);
        if (!scaling.enabled() && values.has("replicaCount")) {
            ((ObjectNode) object.path("spec")).set("replicas", values.get("replicaCount"));
        }
        put(object, "spec.selector.matchLabels", values.path("labels"));
        put(object, "spec.template.metadata.labels", values.path("labels"));
        put(object, "spec.template.metadata.annotations", values.path("podAnnotations"));
        if (instance.namespace().equals("istio-system")) {
            ObjectNode labels =
                    (ObjectNode) ValuePath.parse("spec.template.metadata.labels").get(object);
            labels.put("heritage", "Tiller").put("release", "istio").put("chart", "gateways");
        }
        ObjectNode pod = (ObjectNode) ValuePath.parse("spec.template.spec").get(object);
        ObjectNode container = (ObjectNode) pod.path("containers").get(0);
        ports(container, values);
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
        for (JsonNode volume : values.path("secretVolumes")) {
            String name = volume.path("name").asText();
            ((ArrayNode) container.path("volumeMounts"))
                    .addObject()
                    .put("name", name)
                    .put("mountPath", volume.path("mountPath").asText())
                    .put("readOnly", true);
            ((ArrayNode) pod.path("volumes"))
                    .addObject()
                    .put("name", name)
                    .putObject("secret")
                    .put("secretName", volume.path("secretName").asText())
                    .put("optional", true);
        }
        for (String field : List.of("nodeSelector", "tolerations")) {
            if (!values.path(field).isEmpty()) {
                pod.set(field, values.get(field).deepCopy());
            }
        }
        return true;
    }

    private static void ports(ObjectNode container, ObjectNode values) {
        ArrayNode ports = container.putArray("ports");
        for (JsonNode port : values.path("ports")) {
            ObjectNode entry = ports.addObject();
            JsonNode target = port.has("targetPort") ? port.get("targetPort") : port.path("port");
            entry.set("containerPort", target);
            entry.put("protocol", port.path("protocol").asText("TCP"));
        }
        ports.addObject()
                .put("containerPort", 15090)
                .put("protocol", "TCP")
                .put("name", "http-envoy-prom");
    }

    private void label(ObjectNode object, Component component) {
        ObjectNode labels = JsonNodeFactory.instance.objectNode();
        String app =
                switch (component) {
                    case BASE -> "";
                    case PILOT -> "istiod";
                    case INGRESS, EGRESS -> component.resource();
                };
        if (!app.isEmpty()) {
            labels.put("app.kubernetes.io/name", app);
        }
        labels.put("app.kubernetes.io/managed-by", "Helm");
        labels.put("app.kubernetes.io/instance", "istio");
        labels.put("app.kubernetes.io/part-of", "istio");
        labels.put("app.kubernetes.io/version", version);
        String chart =
                switch (component) {
                    case BASE -> "base";
                    case PILOT -> "istiod";
                    case INGRESS, EGRESS -> component.chart();
                };
        labels.put("helm.sh/chart", chart + "-" + version);
        if (object.path("kind").asText().equals("Deployment")) {
            put(object, "spec.template.metadata.labels", labels);
        }
        labels.put("install.operator.istio.io/owning-resource", "unknown");
        labels.put("install.operator.istio.io/owning-resource-namespace", input.namespace());
        labels.put("istio.io/rev", input.revisionLabel());
        labels.put("operator.istio.io/component", component.label());
        labels.put("operator.istio.io/managed", "Reconcile");
        labels.put("operator.istio.io/version", version);
        put(object, "metadata.labels", labels);
    }
}
