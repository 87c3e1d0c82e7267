package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import dev.meshdojo.simulator.shell.command.kubectl.print.TablePrinter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs. */
final class WorkloadDescribers {

    private static final String REVISION = "deployment.kubernetes.io/revision";

    private WorkloadDescribers() {}

    private static String selector(JsonNode object) {
        return SelectorText.of(object.path("spec").path("selector"));
    }

    static void deployment(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        JsonNode metadata = object.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        out.field(0, "CreationTimestamp", Description.time(metadata.path("creationTimestamp")));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.field(0, "Selector", selector(object));
        out.field(
                0,
                "Replicas",
                "%d desired | %d updated | %d total | %d available | %d unavailable"
                        .formatted(
                                spec.path("replicas").asInt(),
                                status.path("updatedReplicas").asInt(),
                                status.path("replicas").asInt(),
                                status.path("availableReplicas").asInt(),
                                status.path("unavailableReplicas").asInt()));
        out.field(0, "StrategyType", spec.path("strategy").path("type").asText());
        out.field(0, "MinReadySeconds", spec.path("minReadySeconds").asText("0"));
        JsonNode rolling = spec.path("strategy").path("rollingUpdate");
        if (!rolling.isMissingNode()) {
            out.field(
                    0,
                    "RollingUpdateStrategy",
                    rolling.path("maxUnavailable").asText()
                            + " max unavailable, "
                            + rolling.path("maxSurge").asText()
                            + " max surge");
        }
        PodTemplates.write(out, spec.path("template"));
        if (!status.path("conditions").isEmpty()) {
            out.raw("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n");
            status.path("conditions")
                    .forEach(
                            c ->
                                    out.line(
                                            1,
                                            c.path("type").asText()
                                                    + " \t"
                                                    + c.path("status").asText()
                                                    + "\t"
                                                    + c.path("reason").asText()));
        }
        replicaSets(object, source, out);
        EventList.write(object, source, out);
    }

    private static void replicaSets(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        List<JsonNode> sets =
                source.list(
                        "/apis/apps/v1/namespaces/"
                                + metadata.path("namespace").asText()
                                + "/replicasets?labelSelector="
                                + URLEncoder.encode(selector(object), StandardCharsets.UTF_8));
        List<String> old = new ArrayList<>();
        List<String> current = new ArrayList<>();
        String revision = metadata.path("annotations").path(REVISION).asText("");
        List<JsonNode> sorted = new ArrayList<>(sets);
        sorted.sort(
                Comparator.comparing(s -> s.path("metadata").path("creationTimestamp").asText()));
        for (JsonNode set : sorted) {
            boolean owned = false;
            for (JsonNode owner : set.path("metadata").path("ownerReferences")) {
                owned |= owner.path("uid").equals(metadata.path("uid"));
            }
            if (!owned) {
                continue;
            }
            String text =
                    "%s (%d/%d replicas created)"
                            .formatted(
                                    set.path("metadata").path("name").asText(),
                                    set.path("status").path("replicas").asInt(),
                                    set.path("spec").path("replicas").asInt());
            boolean latest =
                    set.path("metadata")
                            .path("annotations")
                            .path(REVISION)
                            .asText("")
                            .equals(revision);
            (latest ? current : old).add(text);
        }
        out.field(0, "OldReplicaSets", Description.orNone(String.join(", ", old)));
        out.field(0, "NewReplicaSet", Description.orNone(String.join(", ", current)));
    }

    static void replicaSet(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        out.field(0, "Selector", selector(object));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        owner(object, out);
        out.field(
                0,
                "Replicas",
                object.path("status").path("replicas").asInt()
                        + " current / "
                        + object.path("spec").path("replicas").asInt()
                        + " desired");
        podsStatus(object, source, out);
        PodTemplates.write(out, object.path("spec").path("template"));
        conditions(object, out);
        EventList.write(object, source, out);
    }

    private static void conditions(JsonNode object, Description out) {
        JsonNode conditions = object.path("status").path("conditions");
        if (!conditions.isEmpty()) {
            out.raw("Conditions:\n  Type\tStatus\tReason\n  ----\t------\t------\n");
            conditions.forEach(
                    c ->
                            out.line(
                                    1,
                                    c.path("type").asText()
                                            + " \t"
                                            + c.path("status").asText()
                                            + "\t"
                                            + c.path("reason").asText()));
        }
    }

    private static void owner(JsonNode object, Description out) {
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                out.field(
                        0,
                        "Controlled By",
                        owner.path("kind").asText() + "/" + owner.path("name").asText());
            }
        }
    }

    private static void podsStatus(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        int[] counts = new int[4];
        JsonNode metadata = object.path("metadata");
        for (JsonNode pod :
                source.list(
                        "/api/v1/namespaces/"
                                + metadata.path("namespace").asText()
                                + "/pods?labelSelector="
                                + URLEncoder.encode(selector(object), StandardCharsets.UTF_8))) {
            boolean owned = false;
            for (JsonNode owner : pod.path("metadata").path("ownerReferences")) {
                owned |= owner.path("uid").equals(metadata.path("uid"));
            }
            if (owned) {
                switch (pod.path("status").path("phase").asText()) {
                    case "Running" -> counts[0]++;
                    case "Pending" -> counts[1]++;
                    case "Succeeded" -> counts[2]++;
                    default -> counts[3]++;
                }
            }
        }
        out.field(
                0,
                "Pods Status",
                "%d Running / %d Waiting / %d Succeeded / %d Failed"
                        .formatted(counts[0], counts[1], counts[2], counts[3]));
    }

    static void statefulSet(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        JsonNode spec = object.path("spec");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        out.field(0, "CreationTimestamp", Description.time(metadata.path("creationTimestamp")));
        out.field(0, "Selector", selector(object));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.field(
                0,
                "Replicas",
                spec.path("replicas").asInt()
                        + " desired | "
                        + object.path("status").path("replicas").asInt()
                        + " total");
        out.field(0, "Update Strategy", spec.path("updateStrategy").path("type").asText());
        if (spec.path("updateStrategy").has("rollingUpdate")) {
            out.field(
                    1,
                    "Partition",
                    spec.path("updateStrategy")
                            .path("rollingUpdate")
                            .path("partition")
                            .asText("0"));
        }
        podsStatus(object, source, out);
        PodTemplates.write(out, spec.path("template"));
        out.field(0, "Volume Claims", spec.path("volumeClaimTemplates").isEmpty() ? "<none>" : "");
        for (JsonNode claim : spec.path("volumeClaimTemplates")) {
            out.field(1, "Name", claim.path("metadata").path("name").asText());
        }
        EventList.write(object, source, out);
    }

    static void daemonSet(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        JsonNode status = object.path("status");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        out.field(0, "Selector", selector(object));
        out.field(
                0,
                "Node-Selector",
                TablePrinter.labels(
                        object.path("spec").path("template").path("spec").path("nodeSelector")));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        out.field(
                0,
                "Desired Number of Nodes Scheduled",
                status.path("desiredNumberScheduled").asText("0"));
        out.field(
                0,
                "Current Number of Nodes Scheduled",
                status.path("currentNumberScheduled").asText("0"));
        out.field(
                0,
                "Number of Nodes Scheduled with Up-to-date Pods",
                status.path("updatedNumberScheduled").asText("0"));
        out.field(
                0,
                "Number of Nodes Scheduled with Available Pods",
                status.path("numberAvailable").asText("0"));
        out.field(0, "Number of Nodes Misscheduled", status.path("numberMisscheduled").asText("0"));
        podsStatus(object, source, out);
        PodTemplates.write(out, object.path("spec").path("template"));
        EventList.write(object, source, out);
    }

    static void job(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        JsonNode metadata = object.path("metadata");
        JsonNode spec = object.path("spec");
        JsonNode status = object.path("status");
        out.field(0, "Name", metadata.path("name").asText());
        out.field(0, "Namespace", metadata.path("namespace").asText());
        out.field(0, "Selector", selector(object));
        out.labels("", "Labels", metadata.path("labels"));
        out.annotations("", metadata.path("annotations"));
        owner(object, out);
        out.field(0, "Parallelism", spec.path("parallelism").asText("<unset>"));
        out.field(0, "Completions", spec.path("completions").asText("<unset>"));
        out.field(0, "Completion Mode", spec.path("completionMode").asText("NonIndexed"));
        out.field(0, "Suspend", String.valueOf(spec.path("suspend").asBoolean()));
        out.field(0, "Backoff Limit", spec.path("backoffLimit").asText());
        if (status.has("startTime")) {
            out.field(0, "Start Time", Description.time(status.path("startTime")));
        }
        if (status.has("completionTime")) {
            out.field(0, "Completed At", Description.time(status.path("completionTime")));
            out.field(
                    0,
                    "Duration",
                    HumanDuration.text(
                            java.time.Duration.between(
                                    java.time.Instant.parse(status.path("startTime").asText()),
                                    java.time.Instant.parse(
                                            status.path("completionTime").asText()))));
        }
        out.field(
                0,
                "Pods Statuses",
                "%d Active (%d Ready) / %d Succeeded / %d Failed"
                        .formatted(
                                status.path("active").asInt(),
                                status.path("ready").asInt(),
                                status.path("succeeded").asInt(),
                                status.path("failed").asInt()));
        PodTemplates.write(out, spec.path("template"));
        EventList.write(object, source, out);
    }
}
