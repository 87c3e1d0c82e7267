package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Ingresses. */
final class IngressDescriber {

    private IngressDescriber() {}

    static void describe(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        JsonNode spec = object.path("spec");
        String namespace = metadata.path("namespace").asText();
        out.field(0, "Name", metadata.path("name").asText());
        out.labels("", "Labels", metadata.path("labels"));
        out.field(0, "Namespace", namespace);
        List<String> addresses = new ArrayList<>();
        object.path("status")
                .path("loadBalancer")
                .path("ingress")
                .forEach(i -> addresses.add(i.path("ip").asText(i.path("hostname").asText(""))));
        out.field(0, "Address", String.join(",", addresses));
        out.field(0, "Ingress Class", spec.path("ingressClassName").asText("<none>"));
        JsonNode fallback = spec.path("defaultBackend");
        out.field(
                0,
                "Default backend",
                fallback.isMissingNode() ? "<default>" : backend(fallback, namespace, source));
        if (!spec.path("tls").isEmpty()) {
            out.line(0, "TLS:");
            for (JsonNode tls : spec.path("tls")) {
                List<String> hosts = new ArrayList<>();
                tls.path("hosts").forEach(h -> hosts.add(h.asText()));
                String secret = tls.path("secretName").asText("");
                out.line(
                        1,
                        (secret.isEmpty() ? "SNI routes " : secret + " terminates ")
                                + String.join(",", hosts));
            }
        }
        rules(spec, namespace, source, out);
        out.annotations("", metadata.path("annotations"));
        EventList.write(object, source, out);
    }

    private static void rules(
            JsonNode spec, String namespace, DescribeSource source, Description out)
            throws InterruptedException {
        out.raw("Rules:\n  Host\tPath\tBackends\n  ----\t----\t--------\n");
        int count = 0;
        for (JsonNode rule : spec.path("rules")) {
            if (!rule.has("http")) {
                continue;
            }
            count++;
            String host = rule.path("host").asText("");
            out.line(1, (host.isEmpty() ? "*" : host) + "\t");
            for (JsonNode path : rule.path("http").path("paths")) {
                out.line(
                        1,
                        "  \t"
                                + path.path("path").asText("")
                                + " \t"
                                + backend(path.path("backend"), namespace, source));
            }
        }
        if (count == 0) {
            out.line(
                    1,
                    "*\t*\t"
                            + (spec.has("defaultBackend")
                                    ? backend(spec.path("defaultBackend"), namespace, source)
                                    : "<default>"));
        }
    }

    private static String backend(JsonNode backend, String namespace, DescribeSource source)
            throws InterruptedException {
        if (backend.has("resource")) {
            JsonNode resource = backend.path("resource");
            return "APIGroup: "
                    + resource.path("apiGroup").asText("<none>")
                    + ", Kind: "
                    + resource.path("kind").asText()
                    + ", Name: "
                    + resource.path("name").asText();
        }
        JsonNode service = backend.path("service");
        String name = service.path("name").asText();
        JsonNode port = service.path("port");
        String shown =
                name
                        + ":"
                        + (port.has("number")
                                ? port.path("number").asText()
                                : port.path("name").asText());
        JsonNode found = source.find("/api/v1/namespaces/" + namespace + "/services/" + name);
        if (found == null) {
            return shown + " (<error: services \"" + name + "\" not found>)";
        }
        List<JsonNode> slices =
                source.list(
                        "/apis/discovery.k8s.io/v1/namespaces/"
                                + namespace
                                + "/endpointslices?labelSelector=kubernetes.io%2Fservice-name%3D"
                                + name);
        String portName = "";
        for (JsonNode candidate : found.path("spec").path("ports")) {
            if (candidate.path("port").equals(port.path("number"))) {
                portName = candidate.path("name").asText("");
            }
        }
        return shown
                + " ("
                + ServiceDescriber.endpoints(
                        slices, port.has("name") ? port.path("name").asText() : portName)
                + ")";
    }
}
