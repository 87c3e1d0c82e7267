package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Keeps as many pods as a ReplicaSet, or a ReplicationController, asks for. Source: Kubernetes'
 * {@code pkg/controller/replicaset}, which serves both kinds alike.
 */
public final class ReplicaSetController extends Controller {

    private static final int BURST = 500;

    private final String group;
    private final String plural;
    private final String kind;
    private final Informer sets;
    private final Informer pods;
    private final Ownership ownership;
    private final PodControl control;

    private ReplicaSetController(
            String name, String group, String plural, String kind, ControllerContext context) {
        super(name, context);
        this.group = group;
        this.plural = plural;
        this.kind = kind;
        this.sets = context.informer(group, plural);
        this.pods = context.informer("pods");
        this.ownership = new Ownership(context, "", "pods");
        this.control = new PodControl(context, new EventRecorder(context, name));
        sets.onEach(set -> queue.add(Meta.objectName(set)));
        pods.onChange(this::podChanged);
    }

    /** For ReplicaSets. */
    public static ReplicaSetController forReplicaSets(ControllerContext context) {
        return new ReplicaSetController(
                "replicaset-controller", "apps", "replicasets", "ReplicaSet", context);
    }

    /** For ReplicationControllers. */
    public static ReplicaSetController forReplicationControllers(ControllerContext context) {
        return new ReplicaSetController(
                "replication-controller",
                "",
                "replicationcontrollers",
                "ReplicationController",
                context);
    }

    private void podChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        for (ObjectNode pod : new @Nullable ObjectNode[] {before, after}) {
            if (pod == null) {
                continue;
            }
            enqueueOwner(pod, kind);
            if (Meta.controller(pod) == null && !Meta.deleting(pod)) {
                enqueueMatching(pod);
            }
        }
    }

    private void enqueueMatching(ObjectNode orphan) {
        Map<String, String> labels = Meta.labels(orphan);
        if (labels.isEmpty()) {
            return;
        }
        for (ObjectNode set : sets.list(Meta.namespace(orphan))) {
            if (selector(set).matches(labels)) {
                queue.add(Meta.objectName(set));
            }
        }
    }

    private LabelSelector selector(ObjectNode set) {
        JsonNode selector = Fields.at(set, "spec", "selector");
        return group.isEmpty() ? LabelSelector.ofMap(selector) : LabelSelector.of(selector);
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode set = sets.get(target);
        if (set == null) {
            return;
        }
        LabelSelector selector = selector(set);
        if (selector.everything()) {
            return;
        }
        List<ObjectNode> mine = ownership.claim(set, selector);
        List<ObjectNode> active = mine.stream().filter(Pods::active).toList();
        ApiException failure = null;
        if (!Meta.deleting(set)) {
            failure = adjust(set, active);
        }
        writeStatus(set, selector, failure, active.size());
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable ApiException adjust(ObjectNode set, List<ObjectNode> active) {
        int missing = Fields.number(1, set, "spec", "replicas") - active.size();
        try {
            for (int i = 0; i < Math.min(missing, BURST); i++) {
                control.create(Fields.at(set, "spec", "template"), set);
            }
            if (missing > BURST) {
                queue.add(Meta.objectName(set));
            }
            if (missing < 0) {
                int surplus = Math.min(-missing, BURST);
                PodRanking.victims(active, surplus).forEach(pod -> control.delete(pod, set));
            }
        } catch (ApiException e) {
            return e;
        }
        return null;
    }

    private void writeStatus(
            ObjectNode set,
            LabelSelector selector,
            @Nullable ApiException failure,
            int activeBefore) {
        List<ObjectNode> owned =
                pods.ownedBy(set).stream()
                        .filter(pod -> selector.matches(Meta.labels(pod)))
                        .toList();
        Instant now = context.now();
        int minReady = Fields.number(set, "spec", "minReadySeconds");
        ObjectNode status = Fields.object();
        List<ObjectNode> active = owned.stream().filter(Pods::active).toList();
        Map<String, String> wanted = Fields.strings(set, "spec", "template", "metadata", "labels");
        status.put("replicas", active.size());
        put(status, "fullyLabeledReplicas", active.stream().filter(pod -> labelled(pod, wanted)));
        put(status, "readyReplicas", active.stream().filter(Pods::ready));
        put(
                status,
                "availableReplicas",
                active.stream().filter(pod -> Pods.available(pod, minReady, now)));
        if (!group.isEmpty()) {
            status.put(
                    "terminatingReplicas", (int) owned.stream().filter(Pods::terminating).count());
        }
        status.put("observedGeneration", Meta.generation(set));
        setFailure(set, status, failure, activeBefore, now);
        storeStatus(
                sets,
                new ResourceKey(group, plural, Meta.namespace(set), Meta.name(set)),
                set,
                status);
        if (minReady > 0
                && Fields.number(status, "readyReplicas")
                        > Fields.number(status, "availableReplicas")) {
            queue.addAfter(Meta.objectName(set), Duration.ofSeconds(minReady));
        }
    }

    private static boolean labelled(ObjectNode pod, Map<String, String> wanted) {
        return Meta.labels(pod).entrySet().containsAll(wanted.entrySet());
    }

    private static void put(
            ObjectNode status, String field, java.util.stream.Stream<ObjectNode> counted) {
        int count = (int) counted.count();
        if (count > 0) {
            status.put(field, count);
        }
    }

    private void setFailure(
            ObjectNode set,
            ObjectNode status,
            @Nullable ApiException failure,
            int activeBefore,
            Instant now) {
        JsonNode old = Conditions.find(set, "ReplicaFailure");
        if (failure == null) {
            return;
        }
        if (old.isObject()) {
            status.putArray("conditions").add(old.deepCopy());
            return;
        }
        boolean creating = Fields.number(1, set, "spec", "replicas") > activeBefore;
        String message = failure.getMessage();
        Conditions.set(
                status,
                "ReplicaFailure",
                "True",
                creating ? "FailedCreate" : "FailedDelete",
                message == null ? "" : message,
                now);
    }
}
