package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Containers of pods and templates. */
final class Containers {

    private Containers() {}

    static void write(
            Description out,
            String title,
            JsonNode containers,
            JsonNode statuses,
            JsonNode pod,
            String space) {
        out.raw(space + title + ":\n");
        for (JsonNode container : containers) {
            JsonNode status = MissingNode.getInstance();
            for (JsonNode candidate : statuses) {
                if (candidate.path("name").equals(container.path("name"))) {
                    status = candidate;
                }
            }
            container(out, container, status, pod, space);
        }
    }

    private static void container(
            Description out, JsonNode container, JsonNode status, JsonNode pod, String space) {
        boolean known = !status.isMissingNode();
        out.line(1, (space.isEmpty() ? "" : " ") + container.path("name").asText() + ":");
        if (known) {
            out.field(2, "Container ID", status.path("containerID").asText(""));
        }
        out.field(2, "Image", container.path("image").asText(""));
        if (known) {
            out.field(2, "Image ID", status.path("imageID").asText(""));
        }
        ports(out, container, "Port", "containerPort");
        ports(out, container, "Host Port", "hostPort");
        words(
                out,
                "SeccompProfile",
                container.path("securityContext").path("seccompProfile").path("type"));
        lines(out, "Command", container.path("command"));
        lines(out, "Args", container.path("args"));
        if (known) {
            state(out, "State", status.path("state"));
            if (status.path("lastState").has("terminated")) {
                state(out, "Last State", status.path("lastState"));
            }
            out.field(2, "Ready", status.path("ready").asBoolean() ? "True" : "False");
            out.field(2, "Restart Count", status.path("restartCount").asText("0"));
        }
        quantities(out, "Limits", container.path("resources").path("limits"));
        quantities(out, "Requests", container.path("resources").path("requests"));
        probe(out, "Liveness", container.path("livenessProbe"));
        probe(out, "Readiness", container.path("readinessProbe"));
        probe(out, "Startup", container.path("startupProbe"));
        ContainerEnvironment.write(out, container, pod);
        mounts(out, container.path("volumeMounts"));
    }

    private static void words(Description out, String label, JsonNode value) {
        if (!value.asText("").isEmpty()) {
            out.field(2, label, value.asText());
        }
    }

    private static void ports(Description out, JsonNode container, String label, String field) {
        List<String> texts = new ArrayList<>();
        for (JsonNode port : container.path("ports")) {
            String name = port.path("name").asText("");
            texts.add(
                    port.path(field).asInt(0)
                            + "/"
                            + port.path("protocol").asText("")
                            + (name.isEmpty() ? "" : " (" + name + ")"));
        }
        out.field(
                2,
                label + (texts.size() > 1 ? "s" : ""),
                Description.orNone(String.join(", ", texts)));
    }

    private static void lines(Description out, String label, JsonNode words) {
        if (words.isEmpty()) {
            return;
        }
        out.line(2, label + ":");
        for (JsonNode word : words) {
            for (String line : word.asText().split("\n", -1)) {
                out.line(3, line);
            }
        }
    }

    private static void state(Description out, String label, JsonNode state) {
        JsonNode running = state.path("running");
        JsonNode terminated = state.path("terminated");
        if (!running.isMissingNode()) {
            out.field(2, label, "Running");
            out.field(3, "Started", Description.time(running.path("startedAt")));
        } else if (!terminated.isMissingNode()) {
            out.field(2, label, "Terminated");
            optional(out, "Reason", terminated.path("reason"));
            optional(out, "Message", terminated.path("message"));
            out.field(3, "Exit Code", terminated.path("exitCode").asText("0"));
            if (terminated.path("signal").asInt() > 0) {
                out.field(3, "Signal", terminated.path("signal").asText());
            }
            out.field(3, "Started", Description.time(terminated.path("startedAt")));
            out.field(3, "Finished", Description.time(terminated.path("finishedAt")));
        } else {
            out.field(2, label, "Waiting");
            optional(out, "Reason", state.path("waiting").path("reason"));
        }
    }

    private static void optional(Description out, String label, JsonNode value) {
        if (!value.asText("").isEmpty()) {
            out.field(3, label, value.asText());
        }
    }

    private static void quantities(Description out, String label, JsonNode quantities) {
        if (quantities.isEmpty()) {
            return;
        }
        out.line(2, label + ":");
        TreeMap<String, String> sorted = new TreeMap<>();
        quantities.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        sorted.forEach((k, v) -> out.field(3, k, v));
    }

    private static void probe(Description out, String label, JsonNode probe) {
        if (probe.isMissingNode()) {
            return;
        }
        String times =
                "delay=%ds timeout=%ds period=%ds #success=%d #failure=%d"
                        .formatted(
                                probe.path("initialDelaySeconds").asInt(),
                                probe.path("timeoutSeconds").asInt(),
                                probe.path("periodSeconds").asInt(),
                                probe.path("successThreshold").asInt(),
                                probe.path("failureThreshold").asInt());
        out.field(2, label, action(probe) + " " + times);
    }

    private static String action(JsonNode probe) {
        if (probe.has("exec")) {
            List<String> words = new ArrayList<>();
            probe.path("exec").path("command").forEach(c -> words.add(c.asText()));
            return "exec [" + String.join(" ", words) + "]";
        }
        if (probe.has("httpGet")) {
            JsonNode get = probe.path("httpGet");
            String path = get.path("path").asText("");
            String scheme = get.path("scheme").asText("").toLowerCase(Locale.ROOT);
            return "http-get "
                    + (scheme.isEmpty() ? "" : scheme + ":")
                    + "//"
                    + get.path("host").asText("")
                    + ":"
                    + get.path("port").asText()
                    + (path.startsWith("/") || path.isEmpty() ? path : "/" + path);
        }
        if (probe.has("tcpSocket")) {
            return "tcp-socket "
                    + probe.path("tcpSocket").path("host").asText("")
                    + ":"
                    + probe.path("tcpSocket").path("port").asText();
        }
        if (probe.has("grpc")) {
            return "grpc <pod>:"
                    + probe.path("grpc").path("port").asText()
                    + " "
                    + probe.path("grpc").path("service").asText("");
        }
        return "unknown";
    }

    private static void mounts(Description out, JsonNode mounts) {
        out.line(2, "Mounts:" + (mounts.isEmpty() ? "\t<none>" : ""));
        List<JsonNode> sorted = new ArrayList<>();
        mounts.forEach(sorted::add);
        sorted.sort(java.util.Comparator.comparing(m -> m.path("mountPath").asText()));
        for (JsonNode mount : sorted) {
            String flags = mount.path("readOnly").asBoolean() ? "ro" : "rw";
            String sub = mount.path("subPath").asText("");
            out.line(
                    3,
                    mount.path("mountPath").asText()
                            + " from "
                            + mount.path("name").asText()
                            + " ("
                            + flags
                            + (sub.isEmpty() ? "" : ",path=\"" + sub + "\"")
                            + ")");
        }
    }
}
