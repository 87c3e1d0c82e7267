package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.NONE;
import static dev.meshdojo.simulator.apiserver.table.Texts.at;
import static dev.meshdojo.simulator.apiserver.table.Texts.name;
import static dev.meshdojo.simulator.apiserver.table.Texts.number;
import static dev.meshdojo.simulator.apiserver.table.Texts.or;
import static dev.meshdojo.simulator.apiserver.table.Texts.present;
import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table of pods; its status column condenses phase, conditions and container states to one
 * word. Source: kube-apiserver's pod printer.
 */
final class PodTable {

    static final KindTable TABLE =
            KindTable.of(
                    (pod, ages) -> new PodTable(pod).cells(ages),
                    Column.NAME,
                    Column.text("Ready", "Ready containers of all containers."),
                    Column.text("Status", "Condensed status of the pod's containers."),
                    Column.text("Restarts", "How often containers were restarted."),
                    Column.AGE,
                    Column.wide("IP", "Address of the pod."),
                    Column.wide("Node", "Node the pod is bound to."),
                    Column.wide("Nominated Node", "Node that is being made free for the pod."),
                    Column.wide("Readiness Gates", "Further conditions of readiness that hold."));

    private final ObjectNode pod;
    private final Set<String> sidecars = new HashSet<>();
    private String reason;
    private int ready;
    private int restarts;
    private @Nullable Instant lastRestart;
    private int sidecarRestarts;
    private @Nullable Instant lastSidecarRestart;

    private PodTable(ObjectNode pod) {
        this.pod = pod;
        this.reason = or(text(pod, "status", "reason"), text(pod, "status", "phase"));
        for (JsonNode container : at(pod, "spec", "initContainers")) {
            if ("Always".equals(text(container, "restartPolicy"))) {
                sidecars.add(text(container, "name"));
            }
        }
    }

    private List<@Nullable Object> cells(Ages ages) {
        for (JsonNode condition : at(pod, "status", "conditions")) {
            if ("PodScheduled".equals(text(condition, "type"))
                    && "SchedulingGated".equals(text(condition, "reason"))) {
                reason = "SchedulingGated";
            }
        }
        boolean initializing = readInitContainers();
        if (!initializing || "True".equals(Texts.condition(pod, "Initialized"))) {
            restarts = sidecarRestarts;
            lastRestart = lastSidecarRestart;
            readContainers();
        }
        if (Texts.deleting(pod)) {
            if ("NodeLost".equals(text(pod, "status", "reason"))) {
                reason = "Unknown";
            } else if (!Set.of("Succeeded", "Failed").contains(text(pod, "status", "phase"))) {
                reason = "Terminating";
            }
        }
        int total = at(pod, "spec", "containers").size() + sidecars.size();
        return Arrays.asList(
                name(pod),
                ready + "/" + total,
                reason,
                restarts(ages),
                ages.of(pod),
                or(text(at(pod, "status", "podIPs").path(0), "ip"), NONE),
                or(text(pod, "spec", "nodeName"), NONE),
                or(text(pod, "status", "nominatedNodeName"), NONE),
                readinessGates());
    }

    private String restarts(Ages ages) {
        Instant last = lastRestart;
        return restarts == 0 || last == null
                ? String.valueOf(restarts)
                : restarts + " (" + ages.since(last) + " ago)";
    }

    /** Returns whether an init container is still at work or has failed. */
    private boolean readInitContainers() {
        int index = 0;
        for (JsonNode status : at(pod, "status", "initContainerStatuses")) {
            int count = number(status, "restartCount");
            Instant ended = lastEnd(status);
            restarts += count;
            lastRestart = later(lastRestart, ended);
            boolean sidecar = sidecars.contains(text(status, "name"));
            if (sidecar) {
                sidecarRestarts += count;
                lastSidecarRestart = later(lastSidecarRestart, ended);
            }
            JsonNode terminated = at(status, "state", "terminated");
            boolean done = present(terminated) && number(terminated, "exitCode") == 0;
            if (!done && sidecar && status.path("started").asBoolean()) {
                ready += status.path("ready").asBoolean() ? 1 : 0;
            } else if (!done) {
                reason = "Init:" + initReason(status, terminated, index);
                return true;
            }
            index++;
        }
        return false;
    }

    private String initReason(JsonNode status, JsonNode terminated, int index) {
        if (present(terminated)) {
            return endReason(terminated);
        }
        String waiting = text(status, "state", "waiting", "reason");
        return waiting.isEmpty() || waiting.equals("PodInitializing")
                ? index + "/" + at(pod, "spec", "initContainers").size()
                : waiting;
    }

    private void readContainers() {
        boolean running = false;
        JsonNode statuses = at(pod, "status", "containerStatuses");
        for (int i = statuses.size() - 1; i >= 0; i--) {
            JsonNode status = statuses.path(i);
            restarts += number(status, "restartCount");
            lastRestart = later(lastRestart, lastEnd(status));
            String waiting = text(status, "state", "waiting", "reason");
            JsonNode terminated = at(status, "state", "terminated");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (present(terminated)) {
                reason = endReason(terminated);
            } else if (status.path("ready").asBoolean()
                    && present(at(status, "state", "running"))) {
                running = true;
                ready++;
            }
        }
        if (running && reason.equals("Completed")) {
            reason = "True".equals(Texts.condition(pod, "Ready")) ? "Running" : "NotReady";
        }
    }

    private static String endReason(JsonNode terminated) {
        String reason = text(terminated, "reason");
        if (!reason.isEmpty()) {
            return reason;
        }
        int signal = number(terminated, "signal");
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + number(terminated, "exitCode");
    }

    private String readinessGates() {
        JsonNode gates = at(pod, "spec", "readinessGates");
        if (gates.isEmpty()) {
            return NONE;
        }
        int met = 0;
        for (JsonNode gate : gates) {
            met += "True".equals(Texts.condition(pod, text(gate, "conditionType"))) ? 1 : 0;
        }
        return met + "/" + gates.size();
    }

    private static @Nullable Instant lastEnd(JsonNode status) {
        return Ages.instant(at(status, "lastState", "terminated", "finishedAt"));
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        return a == null || (b != null && b.isAfter(a)) ? b : a;
    }
}
