package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.NONE;
import static dev.meshdojo.simulator.apiserver.table.Texts.UNSET;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.containers;
import static dev.meshdojo.simulator.apiserver.table.Texts.images;
import static dev.meshdojo.simulator.apiserver.table.Texts.labels;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.number;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.selector;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.golang.HumanDuration;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tables of what runs pods: groups core, apps and batch. */
final class WorkloadTables {

    private static final Column DESIRED = Column.number("Desired", "Replicas asked for.");
    private static final Column CURRENT = Column.number("Current", "Replicas there are.");
    private static final Column READY = Column.number("Ready", "Replicas that are ready.");

    /** The subresource of all that scales. */
    static final KindTable SCALE =
            KindTable.of(
                    (o, ages) ->
                            Arrays.asList(
                                    Texts.name(o),
                                    at(o, "spec", "replicas").asInt(),
                                    at(o, "status", "replicas").asInt(),
                                    ages.of(o)),
                    Column.NAME,
                    DESIRED,
                    Column.number("Available", "Replicas there are."),
                    Column.AGE);

    static final Map<String, KindTable> TABLES =
            Map.of(
                    "PodTemplate",
                    KindTable.of(
                            WorkloadTables::podTemplate,
                            Column.NAME,
                            Column.text("Containers", "Names of the template's containers."),
                            Column.text("Images", "Images of the template's containers."),
                            Column.text("Pod Labels", "Labels of pods made from it.")),
                    "ReplicationController",
                    KindTable.of(
                            (o, ages) -> replicas(o, ages, labels(at(o, "spec", "selector"))),
                            Column.NAME,
                            DESIRED,
                            CURRENT,
                            READY,
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR),
                    "ReplicaSet.apps",
                    KindTable.of(
                            (o, ages) -> replicas(o, ages, selector(at(o, "spec", "selector"))),
                            Column.NAME,
                            DESIRED,
                            CURRENT,
                            READY,
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR),
                    "Deployment.apps",
                    KindTable.of(
                            WorkloadTables::deployment,
                            Column.NAME,
                            Column.text("Ready", "Ready pods of those asked for."),
                            Column.text("Up-to-date", "Pods of the current template."),
                            Column.text("Available", "Pods ready for long enough."),
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR),
                    "StatefulSet.apps",
                    KindTable.of(
                            WorkloadTables::statefulSet,
                            Column.NAME,
                            Column.text("Ready", "Ready pods of those asked for."),
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES),
                    "DaemonSet.apps",
                    KindTable.of(
                            WorkloadTables::daemonSet,
                            Column.NAME,
                            Column.number("Desired", "Nodes that should run the pod."),
                            Column.number("Current", "Nodes that run the pod."),
                            Column.number("Ready", "Nodes with a ready pod."),
                            Column.number("Up-to-date", "Nodes with a pod of this template."),
                            Column.number("Available", "Nodes with an available pod."),
                            Column.text("Node Selector", "Labels a node must have."),
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR),
                    "ControllerRevision.apps",
                    KindTable.of(
                            WorkloadTables::controllerRevision,
                            Column.NAME,
                            Column.text("Controller", "Who owns the revision."),
                            Column.text("Revision", "Number of the revision."),
                            Column.AGE),
                    "Job.batch",
                    KindTable.of(
                            WorkloadTables::job,
                            Column.NAME,
                            Column.text("Status", "Status of the job."),
                            Column.text("Completions", "Succeeded pods of those asked for."),
                            Column.text("Duration", "Time the job took so far."),
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR),
                    "CronJob.batch",
                    KindTable.of(
                            WorkloadTables::cronJob,
                            Column.NAME,
                            Column.text("Schedule", "When jobs start, in cron's syntax."),
                            Column.text("Timezone", "Time zone of the schedule."),
                            Column.flag("Suspend", "Whether no further jobs start."),
                            Column.number("Active", "Running jobs."),
                            Column.text("Last Schedule", "Time since the last job started."),
                            Column.AGE,
                            Column.CONTAINERS,
                            Column.IMAGES,
                            Column.SELECTOR));

    private WorkloadTables() {}

    private static JsonNode podSpec(JsonNode object) {
        return at(object, "spec", "template", "spec");
    }

    private static List<@Nullable Object> podTemplate(ObjectNode o, Ages ages) {
        JsonNode spec = at(o, "template", "spec");
        return Arrays.asList(
                name(o),
                containers(spec),
                images(spec),
                labels(at(o, "template", "metadata", "labels")));
    }

    private static List<@Nullable Object> replicas(ObjectNode o, Ages ages, String selector) {
        return Arrays.asList(
                name(o),
                at(o, "spec", "replicas").asInt(1),
                number(o, "status", "replicas"),
                number(o, "status", "readyReplicas"),
                ages.of(o),
                containers(podSpec(o)),
                images(podSpec(o)),
                selector);
    }

    private static String readyOfDesired(ObjectNode o) {
        return number(o, "status", "readyReplicas") + "/" + at(o, "spec", "replicas").asInt(1);
    }

    private static List<@Nullable Object> deployment(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o),
                readyOfDesired(o),
                number(o, "status", "updatedReplicas"),
                number(o, "status", "availableReplicas"),
                ages.of(o),
                containers(podSpec(o)),
                images(podSpec(o)),
                Texts.bareSelector(at(o, "spec", "selector")));
    }

    private static List<@Nullable Object> statefulSet(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o), readyOfDesired(o), ages.of(o), containers(podSpec(o)), images(podSpec(o)));
    }

    private static List<@Nullable Object> daemonSet(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o),
                number(o, "status", "desiredNumberScheduled"),
                number(o, "status", "currentNumberScheduled"),
                number(o, "status", "numberReady"),
                number(o, "status", "updatedNumberScheduled"),
                number(o, "status", "numberAvailable"),
                labels(at(podSpec(o), "nodeSelector")),
                ages.of(o),
                containers(podSpec(o)),
                images(podSpec(o)),
                selector(at(o, "spec", "selector")));
    }

    private static List<@Nullable Object> controllerRevision(ObjectNode o, Ages ages) {
        String controller = NONE;
        for (JsonNode owner : at(o, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean()) {
                String version = text(owner, "apiVersion");
                int slash = version.indexOf('/');
                String group = slash < 0 ? "" : "." + version.substring(0, slash);
                controller =
                        (text(owner, "kind") + group).toLowerCase(Locale.ROOT)
                                + "/"
                                + text(owner, "name");
            }
        }
        return Arrays.asList(name(o), controller, o.path("revision").asLong(), ages.of(o));
    }

    private static List<@Nullable Object> job(ObjectNode o, Ages ages) {
        return Arrays.asList(
                name(o),
                jobStatus(o),
                completions(o),
                jobDuration(o, ages),
                ages.of(o),
                containers(podSpec(o)),
                images(podSpec(o)),
                selector(at(o, "spec", "selector")));
    }

    private static String completions(ObjectNode job) {
        int succeeded = number(job, "status", "succeeded");
        JsonNode wanted = at(job, "spec", "completions");
        if (present(wanted)) {
            return succeeded + "/" + wanted.asInt();
        }
        int parallelism = number(job, "spec", "parallelism");
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static String jobDuration(ObjectNode job, Ages ages) {
        Instant start = Ages.instant(at(job, "status", "startTime"));
        if (start == null) {
            return "";
        }
        Instant end = Ages.instant(at(job, "status", "completionTime"));
        return end == null ? ages.since(start) : HumanDuration.text(Duration.between(start, end));
    }

    private static String jobStatus(ObjectNode job) {
        if (holds(job, "Complete")) {
            return "Complete";
        }
        if (holds(job, "Failed")) {
            return "Failed";
        }
        if (Texts.deleting(job)) {
            return "Terminating";
        }
        if (holds(job, "Suspended")) {
            return "Suspended";
        }
        return holds(job, "FailureTarget") ? "FailureTarget" : "Running";
    }

    private static boolean holds(ObjectNode object, String condition) {
        return "True".equals(Texts.condition(object, condition));
    }

    private static List<@Nullable Object> cronJob(ObjectNode o, Ages ages) {
        JsonNode template = at(o, "spec", "jobTemplate", "spec");
        JsonNode suspend = at(o, "spec", "suspend");
        JsonNode last = at(o, "status", "lastScheduleTime");
        return Arrays.asList(
                name(o),
                text(o, "spec", "schedule"),
                or(text(o, "spec", "timeZone"), NONE),
                present(suspend) ? (suspend.asBoolean() ? "True" : "False") : UNSET,
                at(o, "status", "active").size(),
                present(last) ? ages.since(last) : NONE,
                ages.of(o),
                containers(podSpec(at(o, "spec", "jobTemplate"))),
                images(podSpec(at(o, "spec", "jobTemplate"))),
                selector(template.path("selector")));
    }
}
