package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes the sizes of a deployment's ReplicaSets. Source: Kubernetes' {@code
 * pkg/controller/deployment/{sync,rolling,recreate}.go}.
 */
final class ReplicaSetScaler {

    private final ControllerContext context;
    private final Informer sets;
    private final EventRecorder events;

    ReplicaSetScaler(ControllerContext context, EventRecorder events) {
        this.context = context;
        this.sets = context.informer("apps", "replicasets");
        this.events = events;
    }

    /** A deployment with its sets as they are now. */
    record Sets(ObjectNode deployment, List<ObjectNode> old, @Nullable ObjectNode current) {

        List<ObjectNode> all() {
            List<ObjectNode> all = new ArrayList<>(old);
            if (current != null) {
                all.add(current);
            }
            return all;
        }
    }

    /** One step of a rolling update; whether it changed a size. */
    boolean roll(Sets sets) {
        ObjectNode current = sets.current();
        if (current == null) {
            return false;
        }
        return growNew(sets, current) || shrinkOld(sets, current);
    }

    private boolean growNew(Sets sets, ObjectNode current) {
        int size = Deployments.replicas(current);
        int wanted = Deployments.replicas(sets.deployment());
        if (size == wanted) {
            return false;
        }
        int next =
                size > wanted
                        ? wanted
                        : Deployments.newSetSize(sets.deployment(), sets.all(), size);
        return scale(sets.deployment(), current, next);
    }

    private boolean shrinkOld(Sets sets, ObjectNode current) {
        List<ObjectNode> old = Deployments.active(sets.old());
        if (old.isEmpty()) {
            return false;
        }
        ObjectNode deployment = sets.deployment();
        int least = Deployments.replicas(deployment) - Deployments.maxUnavailable(deployment);
        int unavailable = Deployments.replicas(current) - Deployments.available(current);
        int most = Deployments.sumSpec(sets.all()) - least - unavailable;
        if (most <= 0) {
            return false;
        }
        int dropped = dropUnhealthy(deployment, old, most);
        List<ObjectNode> all = sets.all().stream().map(set -> latest(set)).toList();
        int spare = Deployments.sumStatus(all, "availableReplicas") - least;
        int shrunk = 0;
        for (ObjectNode stale : old.stream().sorted(Meta.BY_AGE).toList()) {
            ObjectNode set = latest(stale);
            int size = Deployments.replicas(set);
            int count = Math.min(size, spare - shrunk);
            if (size == 0 || count <= 0) {
                continue;
            }
            scale(deployment, set, size - count);
            shrunk += count;
        }
        return dropped + shrunk > 0;
    }

    private int dropUnhealthy(ObjectNode deployment, List<ObjectNode> old, int most) {
        int dropped = 0;
        for (ObjectNode set : old.stream().sorted(Meta.BY_AGE).toList()) {
            int size = Deployments.replicas(set);
            int count = Math.min(most - dropped, size - Deployments.available(set));
            if (count > 0) {
                scale(deployment, set, size - count);
                dropped += count;
            }
        }
        return dropped;
    }

    private ObjectNode latest(ObjectNode set) {
        ObjectNode now = sets.get(Meta.objectName(set));
        return now == null ? set : now;
    }

    /** Takes the old sets of a Recreate deployment to nothing; whether there was anything. */
    boolean emptyOld(Sets sets) {
        boolean changed = false;
        for (ObjectNode set : Deployments.active(sets.old())) {
            changed |= scale(sets.deployment(), set, 0);
        }
        return changed;
    }

    /** Follows a change of the deployment's own size, in proportion when several sets are up. */
    void follow(Sets sets) {
        ObjectNode deployment = sets.deployment();
        int wanted = Deployments.replicas(deployment);
        List<ObjectNode> active = Deployments.active(sets.all());
        if (active.size() <= 1) {
            ObjectNode only = active.isEmpty() ? newestOf(sets) : active.getFirst();
            if (only != null && Deployments.replicas(only) != wanted) {
                scale(deployment, only, wanted);
            }
            return;
        }
        ObjectNode current = sets.current();
        if (current != null && saturated(current, wanted)) {
            emptyOld(sets);
        } else if (!Deployments.recreate(deployment)) {
            spread(deployment, active, wanted);
        }
    }

    private static @Nullable ObjectNode newestOf(Sets sets) {
        if (sets.current() != null) {
            return sets.current();
        }
        return sets.old().stream().max(Meta.BY_AGE).orElse(null);
    }

    private static boolean saturated(ObjectNode set, int wanted) {
        return Deployments.replicas(set) == wanted
                && Fields.at(set, "metadata", "annotations", Deployments.DESIRED).asInt() == wanted
                && Deployments.available(set) == wanted;
    }

    private void spread(ObjectNode deployment, List<ObjectNode> active, int wanted) {
        int allowed = wanted > 0 ? wanted + Deployments.maxSurge(deployment) : 0;
        int toAdd = allowed - Deployments.sumSpec(active);
        Comparator<ObjectNode> largest =
                Comparator.<ObjectNode>comparingInt(Deployments::replicas).reversed();
        List<ObjectNode> order =
                active.stream()
                        .sorted(
                                largest.thenComparing(
                                        toAdd > 0 ? Meta.BY_AGE.reversed() : Meta.BY_AGE))
                        .toList();
        int[] sizes = new int[order.size()];
        int added = 0;
        for (int i = 0; i < sizes.length; i++) {
            int share = share(deployment, order.get(i), toAdd, added);
            sizes[i] = Deployments.replicas(order.get(i)) + share;
            added += share;
        }
        sizes[0] = Math.max(0, sizes[0] + toAdd - added);
        for (int i = 0; i < sizes.length; i++) {
            scale(deployment, order.get(i), sizes[i]);
        }
    }

    private static int share(ObjectNode deployment, ObjectNode set, int toAdd, int added) {
        int size = Deployments.replicas(set);
        if (size == 0 || toAdd == 0 || toAdd == added) {
            return 0;
        }
        int fraction = -size;
        if (Deployments.replicas(deployment) > 0) {
            double target = Deployments.replicas(deployment) + Deployments.maxSurge(deployment);
            int most = Fields.at(set, "metadata", "annotations", Deployments.MAX).asInt(0);
            int base = most > 0 ? most : Fields.number(1, deployment, "status", "replicas");
            fraction = (int) Math.round(size * target / base) - size;
        }
        int left = toAdd - added;
        return toAdd > 0 ? Math.min(fraction, left) : Math.max(fraction, left);
    }

    /** Sets a size and the annotations that say what the deployment wants; whether it changed. */
    boolean scale(ObjectNode deployment, ObjectNode set, int size) {
        int before = Deployments.replicas(set);
        String desired = Integer.toString(Deployments.replicas(deployment));
        String most =
                Integer.toString(
                        Deployments.replicas(deployment) + Deployments.maxSurge(deployment));
        boolean annotate =
                !Meta.annotation(set, Deployments.DESIRED).equals(desired)
                        || !Meta.annotation(set, Deployments.MAX).equals(most);
        if (before == size && !annotate) {
            return false;
        }
        ObjectNode stored =
                context.api()
                        .edit(
                                new ResourceKey(
                                        "apps", "replicasets", Meta.namespace(set), Meta.name(set)),
                                copy -> {
                                    if (copy == null) {
                                        return null;
                                    }
                                    Fields.child(copy, "spec").put("replicas", size);
                                    Fields.child(copy, "metadata", "annotations")
                                            .put(Deployments.DESIRED, desired)
                                            .put(Deployments.MAX, most);
                                    return copy;
                                });
        if (stored != null) {
            sets.observe(stored);
        }
        if (before == size || stored == null) {
            return false;
        }
        events.event(
                deployment,
                EventRecorder.NORMAL,
                "ScalingReplicaSet",
                "Scaled %s replica set %s from %d to %d"
                        .formatted(size > before ? "up" : "down", Meta.name(set), before, size));
        return true;
    }
}
