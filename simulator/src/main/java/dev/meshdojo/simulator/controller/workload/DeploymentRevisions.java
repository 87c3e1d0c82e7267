package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.TemplateHash;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.workload.ReplicaSetScaler.Sets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds or makes the ReplicaSet of a deployment's current template, numbers revisions and removes
 * old ones. Source: Kubernetes' {@code pkg/controller/deployment/sync.go}.
 */
final class DeploymentRevisions {

    private static final Set<String> NOT_COPIED =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    Deployments.REVISION,
                    Deployments.REVISION_HISTORY,
                    Deployments.DESIRED,
                    Deployments.MAX,
                    "deprecated.deployment.rollback.to");

    private final ControllerContext context;
    private final Informer deployments;
    private final Informer sets;
    private final EventRecorder events;

    DeploymentRevisions(ControllerContext context, EventRecorder events) {
        this.context = context;
        this.deployments = context.informer("apps", "deployments");
        this.sets = context.informer("apps", "replicasets");
        this.events = events;
    }

    /** The sets in their roles, revisions in order; makes the current one when asked to. */
    Sets sync(ObjectNode deployment, List<ObjectNode> owned, boolean create) {
        ObjectNode current = Deployments.newest(deployment, owned);
        List<ObjectNode> old = new ArrayList<>(owned);
        if (current != null) {
            old.remove(current);
        }
        long revision = old.stream().mapToLong(Deployments::revision).max().orElse(0) + 1;
        if (current != null) {
            ObjectNode updated = annotate(deployment, current, revision);
            return new Sets(mark(deployment, updated, "Found new replica set"), old, updated);
        }
        if (!create) {
            return new Sets(deployment, old, null);
        }
        return create(deployment, old, revision);
    }

    private ObjectNode annotate(ObjectNode deployment, ObjectNode set, long revision) {
        ObjectNode wanted = set.deepCopy();
        copyAnnotations(deployment, wanted, revision);
        int minReady = Fields.number(deployment, "spec", "minReadySeconds");
        if (Fields.number(set, "spec", "minReadySeconds") != minReady) {
            Fields.child(wanted, "spec").put("minReadySeconds", minReady);
        }
        if (Fields.same(wanted, set)) {
            return set;
        }
        return sets.observe(context.api().update(wanted));
    }

    private static void copyAnnotations(ObjectNode deployment, ObjectNode set, long revision) {
        Map<String, String> source = Fields.strings(deployment, "metadata", "annotations");
        ObjectNode target = Fields.child(set, "metadata", "annotations");
        source.forEach(
                (key, value) -> {
                    if (!NOT_COPIED.contains(key)) {
                        target.put(key, value);
                    }
                });
        String before = Meta.annotation(set, Deployments.REVISION);
        if (Deployments.revision(set) < revision) {
            target.put(Deployments.REVISION, Long.toString(revision));
            if (!before.isEmpty()) {
                String history = Meta.annotation(set, Deployments.REVISION_HISTORY);
                target.put(
                        Deployments.REVISION_HISTORY,
                        history.isEmpty() ? before : history + "," + before);
            }
        }
    }

    private Sets create(ObjectNode deployment, List<ObjectNode> old, long revision) {
        int collisions = Fields.number(deployment, "status", "collisionCount");
        ObjectNode wanted = newSet(deployment, collisions);
        int size = Deployments.newSetSize(deployment, old, 0);
        Fields.child(wanted, "spec").put("replicas", size);
        copyAnnotations(deployment, wanted, revision);
        Fields.child(wanted, "metadata", "annotations")
                .put(Deployments.DESIRED, Integer.toString(Deployments.replicas(deployment)))
                .put(
                        Deployments.MAX,
                        Integer.toString(
                                Deployments.replicas(deployment)
                                        + Deployments.maxSurge(deployment)));
        ObjectNode made;
        try {
            made = sets.observe(context.api().create(wanted));
        } catch (ApiException e) {
            throw failed(deployment, wanted, e);
        }
        if (size > 0) {
            events.event(
                    deployment,
                    EventRecorder.NORMAL,
                    "ScalingReplicaSet",
                    "Scaled up replica set %s from 0 to %d".formatted(Meta.name(made), size));
        }
        return new Sets(mark(deployment, made, "Created new replica set"), old, made);
    }

    private static ObjectNode newSet(ObjectNode deployment, int collisions) {
        ObjectNode template = Fields.at(deployment, "spec", "template").deepCopy();
        String hash = TemplateHash.of(template, collisions);
        Fields.child(template, "metadata", "labels").put(Deployments.HASH_LABEL, hash);
        ObjectNode set =
                Fields.manifest(
                        "apps/v1",
                        "ReplicaSet",
                        Meta.namespace(deployment),
                        Meta.name(deployment) + "-" + hash);
        Fields.child(set, "metadata")
                .set("labels", Fields.at(template, "metadata", "labels").deepCopy());
        Meta.control(set, deployment);
        ObjectNode spec = Fields.child(set, "spec");
        int minReady = Fields.number(deployment, "spec", "minReadySeconds");
        if (minReady > 0) {
            spec.put("minReadySeconds", minReady);
        }
        ObjectNode selector = Fields.at(deployment, "spec", "selector").deepCopy();
        Fields.child(selector, "matchLabels").put(Deployments.HASH_LABEL, hash);
        spec.set("selector", selector);
        spec.set("template", template);
        return set;
    }

    private ApiException failed(ObjectNode deployment, ObjectNode wanted, ApiException cause) {
        if (cause.reason().equals("AlreadyExists")) {
            ObjectNode taken =
                    context.api()
                            .find(
                                    new ResourceKey(
                                            "apps",
                                            "replicasets",
                                            Meta.namespace(wanted),
                                            Meta.name(wanted)));
            if (taken != null && Meta.controlledBy(taken, deployment)) {
                sets.observe(taken);
                return cause;
            }
            editStatus(
                    deployment,
                    status -> {
                        status.put("collisionCount", Fields.number(status, "collisionCount") + 1);
                        return status;
                    });
            return cause;
        }
        String message =
                "Failed to create new replica set \"%s\": %s"
                        .formatted(Meta.name(wanted), cause.getMessage());
        if (Deployments.hasDeadline(deployment)) {
            editStatus(
                    deployment,
                    status -> {
                        Deployments.setCondition(
                                status,
                                "Progressing",
                                "False",
                                "ReplicaSetCreateError",
                                message,
                                context.now());
                        return status;
                    });
        }
        events.event(deployment, EventRecorder.WARNING, "ReplicaSetCreateError", message);
        return cause;
    }

    /** Copies the set's revision to the deployment and notes that the set was found or made. */
    private ObjectNode mark(ObjectNode deployment, ObjectNode set, String what) {
        ObjectNode marked = deployment;
        String revision = Meta.annotation(set, Deployments.REVISION);
        if (!Meta.annotation(deployment, Deployments.REVISION).equals(revision)) {
            ObjectNode stored =
                    context.api()
                            .editStatus(
                                    key(deployment),
                                    copy -> {
                                        if (copy == null) {
                                            return null;
                                        }
                                        Fields.child(copy, "metadata", "annotations")
                                                .put(Deployments.REVISION, revision);
                                        return copy;
                                    });
            marked = stored == null ? marked : deployments.observe(stored);
        }
        boolean created = what.startsWith("Created");
        boolean unknown = !Conditions.find(marked, "Progressing").isObject();
        if (!Deployments.hasDeadline(deployment) || !(created || unknown)) {
            return marked;
        }
        ObjectNode stored =
                editStatus(
                        marked,
                        status -> {
                            Deployments.setCondition(
                                    status,
                                    "Progressing",
                                    "True",
                                    created ? "NewReplicaSetCreated" : "FoundNewReplicaSet",
                                    "%s \"%s\"".formatted(what, Meta.name(set)),
                                    context.now());
                            return status;
                        });
        return stored == null ? marked : stored;
    }

    /** Changes the deployment's status; null when it is gone. */
    @Nullable ObjectNode editStatus(ObjectNode deployment, UnaryOperator<ObjectNode> change) {
        ObjectNode stored =
                context.api()
                        .editStatus(
                                key(deployment),
                                copy -> {
                                    if (copy == null) {
                                        return null;
                                    }
                                    ObjectNode status =
                                            change.apply(Fields.child(copy, "status").deepCopy());
                                    copy.set("status", status);
                                    return copy;
                                });
        return stored == null ? null : deployments.observe(stored);
    }

    private static ResourceKey key(ObjectNode deployment) {
        return new ResourceKey(
                "apps", "deployments", Meta.namespace(deployment), Meta.name(deployment));
    }

    /** Deletes empty sets beyond the history limit, oldest revision first. */
    void prune(Sets all) {
        int limit = Fields.number(10, all.deployment(), "spec", "revisionHistoryLimit");
        List<ObjectNode> candidates =
                all.old().stream()
                        .filter(set -> !Meta.deleting(set))
                        .sorted(Deployments.byRevision())
                        .toList();
        Set<ObjectName> doomed = new HashSet<>();
        for (ObjectNode set : candidates.subList(0, Math.max(0, candidates.size() - limit))) {
            boolean empty =
                    Fields.number(set, "status", "replicas") == 0
                            && Deployments.replicas(set) == 0
                            && Fields.at(set, "status", "observedGeneration").asLong()
                                    >= Meta.generation(set);
            if (empty && doomed.add(Meta.objectName(set))) {
                context.api()
                        .delete(
                                new ResourceKey(
                                        "apps",
                                        "replicasets",
                                        Meta.namespace(set),
                                        Meta.name(set)));
                sets.forget(set);
            }
        }
    }
}
