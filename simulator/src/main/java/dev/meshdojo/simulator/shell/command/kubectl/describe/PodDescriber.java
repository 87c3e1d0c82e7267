package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import java.time.Duration;
import java.time.Instant;

/** Pods. */
final class PodDescriber {

    private PodDescriber() {}

    static void describe(JsonNode pod, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode spec = pod.path("spec");
        JsonNode status = pod.path("status");
        JsonNode metadata = pod.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        optional(out, "Priority", spec.path("priority"));
        optional(out, "Priority Class Name", spec.path("priorityClassName"));
        optional(out, "Service Account", spec.path("serviceAccountName"));
        String node = spec.path("nodeName").asText("");
        out.field(
                0,
                "Node",
                node.isEmpty() ? "<none>" : node + "/" + status.path("hostIP").asText(""));
        if (status.has("startTime")) {
            out.field(0, "Start Time", Description.time(status.path("startTime")));
        }
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        status(pod, source, out);
        optional(out, "Reason", status.path("reason"));
        optional(out, "Message", status.path("message"));
        out.field(0, "IP", status.path("podIP").asText(""));
        if (status.path("podIPs").isEmpty()) {
            out.field(0, "IPs", "<none>");
        } else {
            out.line(0, "IPs:");
            status.path("podIPs").forEach(ip -> out.field(1, "IP", ip.path("ip").asText()));
        }
        for (JsonNode owner : metadata.path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                out.field(
                        0,
                        "Controlled By",
                        owner.path("kind").asText() + "/" + owner.path("name").asText());
            }
        }
        if (!spec.path("initContainers").isEmpty()) {
            Containers.write(
                    out,
                    "Init Containers",
                    spec.path("initContainers"),
                    status.path("initContainerStatuses"),
                    pod,
                    "");
        }
        Containers.write(
                out,
                "Containers",
                spec.path("containers"),
                status.path("containerStatuses"),
                pod,
                "");
        conditions(status, out);
        Volumes.write(out, spec.path("volumes"), "");
        out.field(0, "QoS Class", qosClass(pod));
        out.labels("", "Node-Selectors", spec.path("nodeSelector"));
        PodTemplates.tolerations(out, "", spec.path("tolerations"));
        EventList.write(pod, source, out);
    }

    /** As the status says, else as the API server would compute it. */
    private static String qosClass(JsonNode pod) {
        String given = pod.path("status").path("qosClass").asText("");
        if (!given.isEmpty()) {
            return given;
        }
        boolean any = false;
        boolean all = true;
        for (JsonNode container : pod.path("spec").path("containers")) {
            JsonNode limits = container.path("resources").path("limits");
            JsonNode requests = container.path("resources").path("requests");
            any |= !limits.isEmpty() || !requests.isEmpty();
            boolean fixed = limits.has("cpu") && limits.has("memory");
            boolean same = requests.isEmpty() || requests.equals(limits);
            all &= fixed && same;
        }
        return any ? (all ? "Guaranteed" : "Burstable") : "BestEffort";
    }

    private static void status(JsonNode pod, DescribeSource source, Description out) {
        String deleted = pod.path("metadata").path("deletionTimestamp").asText("");
        if (deleted.isEmpty()) {
            out.field(0, "Status", pod.path("status").path("phase").asText());
            return;
        }
        Duration lasts = Duration.between(Instant.parse(deleted), source.now());
        out.field(0, "Status", "Terminating (lasts " + HumanDuration.text(lasts) + ")");
        out.field(
                0,
                "Termination Grace Period",
                pod.path("metadata").path("deletionGracePeriodSeconds").asText() + "s");
    }

    private static void conditions(JsonNode status, Description out) {
        if (status.path("conditions").isEmpty()) {
            return;
        }
        out.raw("Conditions:\n  Type\tStatus\n");
        status.path("conditions")
                .forEach(
                        c ->
                                out.line(
                                        1,
                                        c.path("type").asText()
                                                + " \t"
                                                + c.path("status").asText()
                                                + " "));
    }

    private static void optional(Description out, String label, JsonNode value) {
        if (!value.asText("").isEmpty()) {
            out.field(0, label, value.asText());
        }
    }
}
