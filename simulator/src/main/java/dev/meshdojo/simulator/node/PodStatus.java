package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Writes a pod's status from the state of its containers. Source: kubelet's status generation. */
final class PodStatus {

    private final List<ContainerRuntime.View> init;
    private final List<ContainerRuntime.View> main;
    private final List<ContainerRuntime.View> ephemeral;
    private final String restartPolicy;
    private final String ip;
    private final Instant startTime;
    private String failure = "";
    private String failureMessage = "";

    PodStatus(
            List<ContainerRuntime.View> init,
            List<ContainerRuntime.View> main,
            List<ContainerRuntime.View> ephemeral,
            String restartPolicy,
            String ip,
            Instant startTime) {
        this.init = init;
        this.main = main;
        this.ephemeral = ephemeral;
        this.restartPolicy = restartPolicy;
        this.ip = ip;
        this.startTime = startTime;
    }

    /** The pod was ended by force, with the reason that its status gives. */
    void fail(String reason, String message) {
        failure = reason;
        failureMessage = message;
    }

    /** Changes the status of {@code pod}; conditions of others stay. */
    void write(ObjectNode pod, Instant now) {
        ObjectNode status = Fields.child(pod, "status");
        String phase = failure.isEmpty() ? phase() : "Failed";
        status.put("phase", phase);
        if (!failure.isEmpty()) {
            status.put("reason", failure).put("message", failureMessage);
        }
        status.put("hostIP", LoopbackNetwork.NODE_IP);
        status.putArray("hostIPs").addObject().put("ip", LoopbackNetwork.NODE_IP);
        if (!ip.isEmpty()) {
            status.put("podIP", ip);
            status.putArray("podIPs").addObject().put("ip", ip);
        }
        status.put("startTime", Meta.time(startTime));
        if (!Fields.has(status, "qosClass")) {
            status.put("qosClass", QosClass.of(pod));
        }
        conditions(pod, status, phase, now);
        if (!init.isEmpty()) {
            ArrayNode statuses = status.putArray("initContainerStatuses");
            init.forEach(view -> statuses.add(container(view)));
        }
        ArrayNode statuses = status.putArray("containerStatuses");
        main.forEach(view -> statuses.add(container(view)));
        if (!ephemeral.isEmpty()) {
            ArrayNode added = status.putArray("ephemeralContainerStatuses");
            ephemeral.forEach(view -> added.add(container(view)));
        }
    }

    private String phase() {
        if (!initialized()) {
            boolean failed =
                    restartPolicy.equals("Never")
                            && init.stream()
                                    .anyMatch(
                                            view ->
                                                    view.state()
                                                                    instanceof
                                                                    ContainerState.Terminated t
                                                            && t.exitCode() != 0);
            return failed ? "Failed" : "Pending";
        }
        int running = 0;
        int waiting = 0;
        int succeeded = 0;
        for (ContainerRuntime.View view : main) {
            switch (view.state()) {
                case ContainerState.Running _ -> running++;
                case ContainerState.Waiting _ -> waiting += view.lastState() == null ? 1 : 0;
                case ContainerState.Terminated ended -> succeeded += ended.exitCode() == 0 ? 1 : 0;
            }
        }
        if (waiting > 0) {
            return "Pending";
        }
        if (running > 0 || restartPolicy.equals("Always")) {
            return "Running";
        }
        if (succeeded == main.size()) {
            return "Succeeded";
        }
        return restartPolicy.equals("Never") ? "Failed" : "Running";
    }

    private boolean initialized() {
        return incompleteInit().isEmpty();
    }

    private List<String> incompleteInit() {
        List<String> names = new ArrayList<>();
        for (ContainerRuntime.View view : init) {
            boolean done =
                    view.spec().sidecar()
                            ? view.started()
                            : view.state() instanceof ContainerState.Terminated t
                                    && t.exitCode() == 0;
            if (!done) {
                names.add(view.spec().name());
            }
        }
        return names;
    }

    private void conditions(ObjectNode pod, ObjectNode status, String phase, Instant now) {
        boolean done = phase.equals("Succeeded") || phase.equals("Failed");
        boolean sandbox = !done && !ip.isEmpty();
        set(status, "PodReadyToStartContainers", sandbox, "", "", now);
        List<String> incomplete = incompleteInit();
        set(
                status,
                "Initialized",
                incomplete.isEmpty(),
                phase.equals("Succeeded") ? "PodCompleted" : "ContainersNotInitialized",
                "containers with incomplete status: [" + String.join(" ", incomplete) + "]",
                now);
        if (phase.equals("Succeeded")) {
            Conditions.set(status, "Initialized", "True", "PodCompleted", "", now);
        }
        List<String> unready = new ArrayList<>();
        main.stream().filter(view -> !view.ready()).forEach(v -> unready.add(v.spec().name()));
        init.stream()
                .filter(view -> view.spec().sidecar() && !view.ready())
                .forEach(view -> unready.add(view.spec().name()));
        String reason =
                switch (phase) {
                    case "Succeeded" -> "PodCompleted";
                    case "Failed" -> "PodFailed";
                    default -> "ContainersNotReady";
                };
        String message =
                done ? "" : "containers with unready status: [" + String.join(" ", unready) + "]";
        boolean ready = unready.isEmpty() && incomplete.isEmpty() && !done;
        String gate = ready ? closedGate(pod) : "";
        set(
                status,
                "Ready",
                ready && gate.isEmpty(),
                ready ? "ReadinessGatesNotReady" : reason,
                ready ? gate : message,
                now);
        set(status, "ContainersReady", ready, reason, message, now);
        keepOrder(status);
    }

    /** The first readiness gate that is closed, as the kubelet says it; empty when none is. */
    private static String closedGate(ObjectNode pod) {
        for (ObjectNode gate : Fields.objects(pod, "spec", "readinessGates")) {
            String type = Fields.text(gate, "conditionType");
            if (!Fields.has(Conditions.find(pod, type), "status")) {
                return "corresponding condition of pod readiness gate \""
                        + type
                        + "\" does not exist.";
            }
            if (!Conditions.holds(pod, type)) {
                return "the status of pod readiness gate \""
                        + type
                        + "\" is not \"True\", but "
                        + Fields.text(Conditions.find(pod, type), "status");
            }
        }
        return "";
    }

    private static void set(
            ObjectNode status,
            String type,
            boolean holds,
            String reason,
            String message,
            Instant now) {
        Conditions.set(
                status,
                type,
                holds ? "True" : "False",
                holds ? "" : reason,
                holds ? "" : message,
                now);
    }

    /** The kubelet's order: its own first, the scheduler's last; each with a null probe time. */
    private static void keepOrder(ObjectNode status) {
        List<ObjectNode> all = new ArrayList<>(Fields.objects(status, "conditions"));
        List<String> order =
                List.of(
                        "PodReadyToStartContainers",
                        "Initialized",
                        "Ready",
                        "ContainersReady",
                        "PodScheduled");
        all.sort(
                java.util.Comparator.comparingInt(
                        condition -> {
                            int at = order.indexOf(Fields.text(condition, "type"));
                            return at < 0 ? -1 : at;
                        }));
        ArrayNode sorted = status.putArray("conditions");
        for (ObjectNode condition : all) {
            if (!condition.has("lastProbeTime")) {
                condition.putNull("lastProbeTime");
            }
            sorted.add(condition);
        }
    }

    private static ObjectNode container(ContainerRuntime.View view) {
        ObjectNode status = Fields.object();
        ContainerSpec spec = view.spec();
        boolean created = !view.containerId().isEmpty();
        if (created) {
            status.put("containerID", view.containerId());
        }
        status.put("image", spec.image());
        status.put("imageID", created ? imageId(spec.image()) : "");
        ObjectNode last = status.putObject("lastState");
        if (view.lastState() != null) {
            state(last, view.lastState());
        }
        status.put("name", spec.name());
        status.put("ready", ready(view));
        status.put("restartCount", view.restarts());
        status.put("started", view.started());
        state(status.putObject("state"), view.state());
        return status;
    }

    /** An init container is ready once it ended well. */
    private static boolean ready(ContainerRuntime.View view) {
        if (!view.spec().init() || view.spec().sidecar()) {
            return view.ready();
        }
        return view.state() instanceof ContainerState.Terminated t && t.exitCode() == 0;
    }

    private static String imageId(String image) {
        int at = image.indexOf('@');
        String rest = at < 0 ? image : image.substring(0, at);
        int colon = rest.lastIndexOf(':');
        String name = colon > rest.lastIndexOf('/') ? rest.substring(0, colon) : rest;
        return name + "@sha256:" + Ids.digest(image);
    }

    private static void state(ObjectNode into, ContainerState state) {
        switch (state) {
            case ContainerState.Waiting(String reason, String message) -> {
                ObjectNode waiting = into.putObject("waiting");
                if (!message.isEmpty()) {
                    waiting.put("message", message);
                }
                waiting.put("reason", reason);
            }
            case ContainerState.Running(Instant startedAt) ->
                    into.putObject("running").put("startedAt", Meta.time(startedAt));
            case ContainerState.Terminated ended -> {
                ObjectNode terminated = into.putObject("terminated");
                terminated
                        .put("containerID", ended.containerId())
                        .put("exitCode", ended.exitCode())
                        .put("finishedAt", Meta.time(ended.finishedAt()));
                if (!ended.message().isEmpty()) {
                    terminated.put("message", ended.message());
                }
                terminated
                        .put("reason", ended.reason())
                        .put("startedAt", Meta.time(ended.startedAt()));
            }
        }
    }
}
