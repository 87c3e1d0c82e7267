package dev.meshdojo.simulator.istio.operator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What istioctl installs, in the order of dependence. CNI and ztunnel are known names that this lab
 * does not render.
 */
public enum Component {
    /** CRDs and cluster-wide objects. */
    BASE("Base", "base", "Istio core", "⛵️", "", "", "", ""),
    /** istiod. */
    PILOT("Pilot", "pilot", "Istiod", "🧠", "istiod", "discovery", "pilot", ""),
    /** Egress gateways. */
    EGRESS(
            "EgressGateways",
            "egressGateways",
            "Egress gateways",
            "🛫",
            "istio-egressgateway",
            "istio-proxy",
            "gateways.istio-egressgateway",
            "istio-egress"),
    /** Ingress gateways. */
    INGRESS(
            "IngressGateways",
            "ingressGateways",
            "Ingress gateways",
            "🛬",
            "istio-ingressgateway",
            "istio-proxy",
            "gateways.istio-ingressgateway",
            "istio-ingress");

    private static final List<String> NOT_RENDERED = List.of("cni", "ztunnel");

    private final String label;
    private final String field;
    private final String title;
    private final String icon;
    private final String resource;
    private final String container;
    private final String values;
    private final String chart;

    Component(
            String label,
            String field,
            String title,
            String icon,
            String resource,
            String container,
            String values,
            String chart) {
        this.label = label;
        this.field = field;
        this.title = title;
        this.icon = icon;
        this.resource = resource;
        this.container = container;
        this.values = values;
        this.chart = chart;
    }

    static boolean knows(String field) {
        return NOT_RENDERED.contains(field)
                || Arrays.stream(values()).anyMatch(component -> component.field.equals(field));
    }

    /** The value of the label {@code operator.istio.io/component}. */
    public String label() {
        return label;
    }

    /** How progress lines name it. */
    public String title() {
        return title;
    }

    /** What stands after its name when it is installed. */
    public String icon() {
        return icon;
    }

    /** The name of its main objects unless the spec says otherwise. */
    public String resource() {
        return resource;
    }

    /** The main container of its Deployment. */
    public String container() {
        return container;
    }

    /** Where its Helm values are, below {@code spec.values}. */
    public String valuesRoot() {
        return values;
    }

    /** The name of its Helm chart, for labels. */
    public String chart() {
        return chart;
    }

    /** Whether it is a list of gateways. */
    public boolean gateway() {
        return this == INGRESS || this == EGRESS;
    }

    /** The enabled instances that the input asks for. */
    public List<Instance> instances(OperatorValues input) {
        JsonNode spec = input.at("spec.components." + field);
        boolean forced =
                gateway() && input.at("spec.values." + values + ".enabled").asBoolean(false);
        List<Instance> instances = new ArrayList<>();
        if (gateway()) {
            for (JsonNode each : spec) {
                add(instances, input, each, forced);
            }
        } else if (!spec.isMissingNode()) {
            add(instances, input, spec, false);
        }
        return instances;
    }

    private void add(
            List<Instance> instances, OperatorValues input, JsonNode spec, boolean forced) {
        if (!forced && !spec.path("enabled").asBoolean(true)) {
            return;
        }
        String namespace = spec.path("namespace").asText("");
        ObjectNode kubernetes =
                spec.path("k8s") instanceof ObjectNode node
                        ? node
                        : JsonNodeFactory.instance.objectNode();
        ObjectNode labels =
                spec.path("label") instanceof ObjectNode node
                        ? node
                        : JsonNodeFactory.instance.objectNode();
        instances.add(
                new Instance(
                        this,
                        spec.path("name").asText(resource),
                        namespace.isEmpty() ? input.namespace() : namespace,
                        labels,
                        kubernetes,
                        spec.path("hub").asText(""),
                        spec.path("tag").asText("")));
    }

    /**
     * One thing to install.
     *
     * @param component of which kind
     * @param name the name of its main objects
     * @param namespace where they go
     * @param labels laid over the defaults
     * @param kubernetes patches: the {@code k8s} field
     * @param hub overrides where its image comes from; may be empty
     * @param tag overrides its image's tag; may be empty
     */
    public record Instance(
            Component component,
            String name,
            String namespace,
            ObjectNode labels,
            ObjectNode kubernetes,
            String hub,
            String tag) {}
}
