package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.object.TemplateHash;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the numbered pods of StatefulSets, one after the other or in parallel. Source: Kubernetes'
 * {@code pkg/controller/statefulset}. Not modelled: {@code maxUnavailable}, which is off by
 * default.
 */
public final class StatefulSetController extends Controller {

    private final Informer sets;
    private final Informer pods;
    private final Ownership ownership;
    private final Revisions revisions;
    private final StatefulPods control;

    /** Subscribes; runs once started. */
    public StatefulSetController(ControllerContext context) {
        super("statefulset-controller", context);
        this.sets = context.informer("apps", "statefulsets");
        this.pods = context.informer("pods");
        this.ownership = new Ownership(context, "", "pods");
        this.revisions =
                new Revisions(context, "controller.kubernetes.io/hash", TemplateHash::ofData);
        this.control = new StatefulPods(context, new EventRecorder(context, name()));
        sets.onEach(set -> queue.add(Meta.objectName(set)));
        pods.onChange(this::podChanged);
        context.informer("persistentvolumeclaims")
                .onChange(
                        (before, after) -> {
                            if (before != null && after == null) {
                                sets.list(Meta.namespace(before))
                                        .forEach(set -> queue.add(Meta.objectName(set)));
                            }
                        });
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before != null) {
            enqueueOwner(before, "StatefulSet");
        }
        if (after != null) {
            enqueueOwner(after, "StatefulSet");
        }
    }

    /** A set, its pods by ordinal, and the two revisions between which it moves. */
    private record State(
            ObjectNode set,
            NavigableMap<Integer, ObjectNode> pods,
            ObjectNode current,
            ObjectNode update) {

        int start() {
            return Fields.number(set, "spec", "ordinals", "start");
        }

        int replicas() {
            return Fields.number(1, set, "spec", "replicas");
        }

        boolean ordered() {
            return !Fields.text(set, "spec", "podManagementPolicy").equals("Parallel");
        }

        int partition() {
            return Fields.number(set, "spec", "updateStrategy", "rollingUpdate", "partition");
        }

        boolean onDelete() {
            return Fields.text(set, "spec", "updateStrategy", "type").equals("OnDelete");
        }

        boolean isUpdated(ObjectNode pod) {
            return Meta.name(update).equals(Meta.labels(pod).get(StatefulPods.REVISION));
        }

        ObjectNode revisionOf(int ordinal) {
            if (onDelete()) {
                return update;
            }
            int kept =
                    partition() > 0 ? partition() : Fields.number(set, "status", "currentReplicas");
            boolean old = ordinal < start() + kept && !Meta.name(current).equals(Meta.name(update));
            return old ? current : update;
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode set = sets.get(target);
        if (set == null) {
            return;
        }
        List<ObjectNode> owned =
                ownership.claim(set, LabelSelector.of(Fields.at(set, "spec", "selector"))).stream()
                        .filter(pod -> StatefulPods.ordinal(set, pod) >= 0)
                        .toList();
        List<ObjectNode> history = revisions.of(set);
        ObjectNode update = revisions.current(set, history);
        String name = Fields.text(set, "status", "currentRevision");
        ObjectNode current =
                history.stream()
                        .filter(revision -> Meta.name(revision).equals(name))
                        .findFirst()
                        .orElse(update);
        State state = new State(set, byOrdinal(set, owned), current, update);
        ApiException failure = null;
        if (!Meta.deleting(set)) {
            try {
                act(state);
            } catch (ApiException e) {
                failure = e;
            }
        }
        writeStatus(new State(set, byOrdinal(set, pods.ownedBy(set)), current, update));
        if (failure != null) {
            throw failure;
        }
        Set<String> used = new HashSet<>(List.of(Meta.name(current), Meta.name(update)));
        owned.forEach(pod -> used.add(Meta.labels(pod).getOrDefault(StatefulPods.REVISION, "")));
        revisions.prune(set, revisions.of(set), used);
    }

    private static NavigableMap<Integer, ObjectNode> byOrdinal(
            ObjectNode set, List<ObjectNode> owned) {
        NavigableMap<Integer, ObjectNode> byOrdinal = new TreeMap<>();
        for (ObjectNode pod : owned) {
            byOrdinal.put(StatefulPods.ordinal(set, pod), pod);
        }
        return byOrdinal;
    }

    private void act(State state) {
        int end = state.start() + state.replicas();
        state.pods()
                .forEach(
                        (ordinal, pod) ->
                                control.retain(
                                        state.set(),
                                        pod,
                                        ordinal < state.start() || ordinal >= end));
        for (int ordinal = state.start(); ordinal < end; ordinal++) {
            ObjectNode pod = state.pods().get(ordinal);
            if (pod == null) {
                control.create(state.set(), ordinal, state.revisionOf(ordinal));
            } else if (Pods.finished(pod) && !Meta.deleting(pod)) {
                control.delete(state.set(), pod);
            }
            if (state.ordered() && (pod == null || !healthy(state, pod))) {
                return;
            }
        }
        if (!dropSurplus(state, end) && !state.onDelete()) {
            replaceOld(state, end);
        }
    }

    private boolean healthy(State state, ObjectNode pod) {
        int minReady = Fields.number(state.set(), "spec", "minReadySeconds");
        return Pods.active(pod)
                && Pods.phase(pod).equals("Running")
                && Pods.available(pod, minReady, context.now());
    }

    /** Deletes pods beyond the range, highest first; whether the loop has to wait for it. */
    private boolean dropSurplus(State state, int end) {
        List<ObjectNode> surplus = new ArrayList<>();
        state.pods()
                .descendingMap()
                .forEach(
                        (ordinal, pod) -> {
                            if (ordinal >= end || ordinal < state.start()) {
                                surplus.add(pod);
                            }
                        });
        for (ObjectNode pod : surplus) {
            if (!Meta.deleting(pod)) {
                control.delete(state.set(), pod);
            }
            if (state.ordered()) {
                return true;
            }
        }
        return false;
    }

    private void replaceOld(State state, int end) {
        for (int ordinal = end - 1; ordinal >= state.start() + state.partition(); ordinal--) {
            ObjectNode pod = state.pods().get(ordinal);
            if (pod == null) {
                return;
            }
            if (!state.isUpdated(pod) && !Meta.deleting(pod)) {
                control.delete(state.set(), pod);
                return;
            }
            if (!healthy(state, pod)) {
                return;
            }
        }
    }

    private void writeStatus(State state) {
        ObjectNode set = state.set();
        int minReady = Fields.number(set, "spec", "minReadySeconds");
        int replicas = 0;
        int ready = 0;
        int available = 0;
        int onCurrent = 0;
        int onUpdate = 0;
        for (ObjectNode pod : state.pods().values()) {
            boolean running = Pods.phase(pod).equals("Running") && Pods.ready(pod);
            replicas++;
            ready += running ? 1 : 0;
            available += running && Pods.available(pod, minReady, context.now()) ? 1 : 0;
            if (!Meta.deleting(pod)) {
                String revision = Meta.labels(pod).getOrDefault(StatefulPods.REVISION, "");
                onUpdate += revision.equals(Meta.name(state.update())) ? 1 : 0;
                onCurrent += revision.equals(Meta.name(state.current())) ? 1 : 0;
            }
        }
        String current = Meta.name(state.current());
        boolean done = onUpdate == replicas && ready == replicas && replicas == state.replicas();
        if (!state.onDelete() && done) {
            current = Meta.name(state.update());
            onCurrent = onUpdate;
        }
        ObjectNode status = Fields.object();
        status.put("availableReplicas", available).put("collisionCount", 0);
        put(status, "currentReplicas", onCurrent);
        status.put("currentRevision", current);
        status.put("observedGeneration", Meta.generation(set));
        put(status, "readyReplicas", ready);
        status.put("replicas", replicas).put("updateRevision", Meta.name(state.update()));
        put(status, "updatedReplicas", onUpdate);
        storeStatus(
                sets,
                new ResourceKey("apps", "statefulsets", Meta.namespace(set), Meta.name(set)),
                set,
                status);
        if (minReady > 0 && ready > available) {
            queue.addAfter(Meta.objectName(set), Duration.ofSeconds(minReady));
        }
    }

    private static void put(ObjectNode status, String field, int value) {
        if (value != 0) {
            status.put(field, value);
        }
    }
}
