package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.print.TablePrinter;
import java.util.ArrayList;
import java.util.List;

/** Services. */
final class ServiceDescriber {

    private static final int SHOWN_ENDPOINTS = 3;

    private ServiceDescriber() {}

    static void describe(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode spec = object.path("spec");
        JsonNode metadata = object.path("metadata");
        out.head(object);
        out.field(0, "Selector", TablePrinter.labels(spec.path("selector")));
        out.field(0, "Type", spec.path("type").asText());
        optional(out, "IP Family Policy", spec.path("ipFamilyPolicy").asText(""));
        out.field(0, "IP Families", Description.orNone(joined(spec.path("ipFamilies"))));
        out.field(0, "IP", spec.path("clusterIP").asText(""));
        out.field(0, "IPs", Description.orNone(joined(spec.path("clusterIPs"))));
        optional(out, "External IPs", joined(spec.path("externalIPs")));
        optional(out, "Desired LoadBalancer IP", spec.path("loadBalancerIP").asText(""));
        optional(out, "LoadBalancer Ingress", ingress(object.path("status").path("loadBalancer")));
        optional(out, "External Name", spec.path("externalName").asText(""));
        if (!spec.path("ports").isEmpty()) {
            List<JsonNode> slices =
                    source.list(
                            "/apis/discovery.k8s.io/v1/namespaces/"
                                    + metadata.path("namespace").asText()
                                    + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
                                    + metadata.path("name").asText());
            spec.path("ports").forEach(port -> port(port, slices, out));
        }
        out.field(0, "Session Affinity", spec.path("sessionAffinity").asText());
        optional(out, "External Traffic Policy", spec.path("externalTrafficPolicy").asText(""));
        optional(out, "Internal Traffic Policy", spec.path("internalTrafficPolicy").asText(""));
        optional(out, "Traffic Distribution", spec.path("trafficDistribution").asText(""));
        if (spec.path("healthCheckNodePort").asInt() != 0) {
            out.field(0, "HealthCheck NodePort", spec.path("healthCheckNodePort").asText());
        }
        optional(out, "LoadBalancer Source Ranges", joined(spec.path("loadBalancerSourceRanges")));
        EventList.write(object, source, out);
    }

    private static void optional(Description out, String label, String value) {
        if (!value.isEmpty()) {
            out.field(0, label, value);
        }
    }

    private static String joined(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(t -> texts.add(t.asText()));
        return String.join(",", texts);
    }

    private static String ingress(JsonNode balancer) {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : balancer.path("ingress")) {
            String ip = entry.path("ip").asText("");
            String mode = entry.path("ipMode").asText("");
            texts.add(
                    (ip.isEmpty() ? entry.path("hostname").asText() : ip)
                            + (mode.isEmpty() ? "" : " (" + mode + ")"));
        }
        return String.join(", ", texts);
    }

    private static void port(JsonNode port, List<JsonNode> slices, Description out) {
        String name = port.path("name").asText("");
        String shown = name.isEmpty() ? "<unset>" : name;
        String protocol = port.path("protocol").asText("TCP");
        out.line(0, "Port:\t" + shown + "\t" + port.path("port").asText() + "/" + protocol);
        out.field(0, "TargetPort", port.path("targetPort").asText() + "/" + protocol);
        if (port.path("nodePort").asInt() != 0) {
            out.line(
                    0,
                    "NodePort:\t" + shown + "\t" + port.path("nodePort").asText() + "/" + protocol);
        }
        out.field(0, "Endpoints", endpoints(slices, name));
    }

    static String endpoints(List<JsonNode> slices, String portName) {
        if (slices.isEmpty()) {
            return "<none>";
        }
        List<String> addresses = new ArrayList<>();
        for (JsonNode slice : slices) {
            for (JsonNode port : slice.path("ports")) {
                if (!port.path("name").asText("").equals(portName)) {
                    continue;
                }
                for (JsonNode endpoint : slice.path("endpoints")) {
                    if (endpoint.path("conditions").path("ready").asBoolean(true)) {
                        endpoint.path("addresses")
                                .forEach(
                                        a ->
                                                addresses.add(
                                                        a.asText()
                                                                + ":"
                                                                + port.path("port").asText()));
                    }
                }
            }
        }
        int more = addresses.size() - SHOWN_ENDPOINTS;
        return more > 0
                ? String.join(",", addresses.subList(0, SHOWN_ENDPOINTS))
                        + " + "
                        + more
                        + " more..."
                : String.join(",", addresses);
    }
}
