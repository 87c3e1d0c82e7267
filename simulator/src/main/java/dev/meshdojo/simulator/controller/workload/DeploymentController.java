package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import dev.meshdojo.simulator.controller.workload.ReplicaSetScaler.Sets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Rolls a Deployment's template out through ReplicaSets. Source: Kubernetes' {@code
 * pkg/controller/deployment}.
 */
public final class DeploymentController extends Controller {

    private final Informer deployments;
    private final Informer pods;
    private final Ownership ownership;
    private final ReplicaSetScaler scaler;
    private final DeploymentRevisions revisions;

    /** Subscribes; runs once started. */
    public DeploymentController(ControllerContext context) {
        super("deployment-controller", context);
        EventRecorder events = new EventRecorder(context, name());
        this.deployments = context.informer("apps", "deployments");
        this.pods = context.informer("pods");
        this.ownership = new Ownership(context, "apps", "replicasets");
        this.scaler = new ReplicaSetScaler(context, events);
        this.revisions = new DeploymentRevisions(context, events);
        deployments.onEach(deployment -> queue.add(Meta.objectName(deployment)));
        Informer sets = context.informer("apps", "replicasets");
        sets.onChange(this::setChanged);
        pods.onChange(
                (before, after) -> {
                    if (before != null && after == null) {
                        podGone(sets, before);
                    }
                });
    }

    private void setChanged(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        if (before != null) {
            enqueueOwner(before, "Deployment");
        }
        if (after == null) {
            return;
        }
        enqueueOwner(after, "Deployment");
        if (Meta.controller(after) == null) {
            for (ObjectNode deployment : deployments.list(Meta.namespace(after))) {
                if (selector(deployment).matches(Meta.labels(after))) {
                    queue.add(Meta.objectName(deployment));
                }
            }
        }
    }

    /** A Recreate deployment goes on when its last old pod is gone. */
    private void podGone(Informer sets, ObjectNode pod) {
        Meta.Owner owner = Meta.controller(pod);
        if (owner != null && owner.kind().equals("ReplicaSet")) {
            ObjectNode set = sets.get(new ObjectName(Meta.namespace(pod), owner.name()));
            if (set != null) {
                enqueueOwner(set, "Deployment");
            }
        }
    }

    private static LabelSelector selector(ObjectNode deployment) {
        return LabelSelector.of(Fields.at(deployment, "spec", "selector"));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode deployment = deployments.get(target);
        if (deployment == null || selector(deployment).everything()) {
            return;
        }
        List<ObjectNode> owned = ownership.claim(deployment, selector(deployment));
        if (Meta.deleting(deployment)) {
            writeStatus(revisions.sync(deployment, owned, false));
            return;
        }
        ObjectNode noted = notePause(deployment);
        if (Deployments.paused(noted)) {
            Sets sets = revisions.sync(noted, owned, false);
            scaler.follow(sets);
            revisions.prune(sets);
            writePlainStatus(refresh(sets));
        } else if (resized(noted, owned)) {
            Sets sets = revisions.sync(noted, owned, false);
            scaler.follow(sets);
            writePlainStatus(refresh(sets));
        } else if (Deployments.recreate(noted)) {
            recreate(noted, owned);
        } else {
            roll(noted, owned);
        }
    }

    private static boolean resized(ObjectNode deployment, List<ObjectNode> owned) {
        int wanted = Deployments.replicas(deployment);
        for (ObjectNode set : Deployments.active(owned)) {
            JsonNode desired = Fields.at(set, "metadata", "annotations", Deployments.DESIRED);
            if (!desired.isMissingNode() && desired.asInt() != wanted) {
                return true;
            }
        }
        return false;
    }

    private void roll(ObjectNode deployment, List<ObjectNode> owned) {
        Sets sets = revisions.sync(deployment, owned, true);
        if (!scaler.roll(sets) && complete(sets)) {
            revisions.prune(sets);
        }
        writeStatus(refresh(sets));
    }

    private void recreate(ObjectNode deployment, List<ObjectNode> owned) {
        Sets sets = revisions.sync(deployment, owned, false);
        if (scaler.emptyOld(sets) || oldPodsRun(sets)) {
            writeStatus(refresh(sets));
            return;
        }
        if (sets.current() == null) {
            sets = revisions.sync(deployment, owned, true);
        }
        ObjectNode current = sets.current();
        if (current != null) {
            scaler.scale(sets.deployment(), current, Deployments.replicas(sets.deployment()));
        }
        if (complete(sets)) {
            revisions.prune(sets);
        }
        writeStatus(refresh(sets));
    }

    private boolean oldPodsRun(Sets sets) {
        if (Deployments.sumStatus(sets.old(), "replicas") > 0) {
            return true;
        }
        return sets.old().stream()
                .flatMap(set -> pods.ownedBy(set).stream())
                .anyMatch(pod -> !Pods.finished(pod));
    }

    private boolean complete(Sets sets) {
        return sets.deployment().get("status") instanceof ObjectNode status
                && Deployments.complete(sets.deployment(), status);
    }

    private Sets refresh(Sets sets) {
        Informer informer = context.informer("apps", "replicasets");
        List<ObjectNode> old =
                sets.old().stream()
                        .flatMap(set -> Stream.ofNullable(informer.get(Meta.objectName(set))))
                        .toList();
        ObjectNode current = sets.current();
        if (current != null) {
            ObjectNode now = informer.get(Meta.objectName(current));
            current = now == null ? current : now;
        }
        ObjectNode deployment = deployments.get(Meta.objectName(sets.deployment()));
        return new Sets(deployment == null ? sets.deployment() : deployment, old, current);
    }

    private ObjectNode notePause(ObjectNode deployment) {
        JsonNode condition = Conditions.find(deployment, "Progressing");
        String reason = Fields.text(condition, "reason");
        boolean paused = Deployments.paused(deployment);
        boolean noted = reason.equals("DeploymentPaused");
        if (!Deployments.hasDeadline(deployment)
                || reason.equals("ProgressDeadlineExceeded")
                || paused == noted) {
            return deployment;
        }
        ObjectNode stored =
                revisions.editStatus(
                        deployment,
                        status -> {
                            Deployments.setCondition(
                                    status,
                                    "Progressing",
                                    "Unknown",
                                    paused ? "DeploymentPaused" : "DeploymentResumed",
                                    paused ? "Deployment is paused" : "Deployment is resumed",
                                    context.now());
                            return status;
                        });
        return stored == null ? deployment : stored;
    }

    private void writePlainStatus(Sets sets) {
        store(sets, DeploymentStatus.of(sets, context.now()));
    }

    private void writeStatus(Sets sets) {
        Instant now = context.now();
        ObjectNode deployment = sets.deployment();
        ObjectNode status = DeploymentStatus.withProgress(sets, now);
        store(sets, status);
        JsonNode condition = Conditions.in(status, "Progressing");
        String reason = Fields.text(condition, "reason");
        boolean settled =
                !condition.isObject()
                        || reason.equals("NewReplicaSetAvailable")
                        || reason.equals("ProgressDeadlineExceeded");
        if (Deployments.hasDeadline(deployment) && !settled) {
            Duration left = Duration.between(now, Deployments.deadline(deployment, condition));
            queue.addAfter(Meta.objectName(deployment), left.plusSeconds(1));
        }
    }

    private void store(Sets sets, ObjectNode status) {
        if (!Fields.same(status, sets.deployment().path("status"))) {
            revisions.editStatus(sets.deployment(), old -> status);
        }
    }
}
