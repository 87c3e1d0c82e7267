package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import org.jspecify.annotations.Nullable;

/**
 * Makes the claims of a StatefulSet's pods go with the set or with the pod, as {@code
 * persistentVolumeClaimRetentionPolicy} asks: by owner references, which the garbage collector
 * follows. Source: Kubernetes' {@code statefulset/stateful_set_utils.go}.
 */
final class ClaimRetention {

    private static final String POLICY = "persistentVolumeClaimRetentionPolicy";

    private final ControllerContext context;
    private final EventRecorder events;
    private final Informer claims;

    ClaimRetention(ControllerContext context, EventRecorder events) {
        this.context = context;
        this.events = events;
        this.claims = context.informer("persistentvolumeclaims");
    }

    /** The name of the claim that a template makes for a pod. */
    static String claimName(ObjectNode set, JsonNode template, int ordinal) {
        return Meta.name(template) + "-" + Meta.name(set) + "-" + ordinal;
    }

    private static boolean deletes(ObjectNode set, String when) {
        return Fields.text(set, "spec", POLICY, when).equals("Delete");
    }

    /**
     * Whether a claim of the pod to come still goes with an earlier pod of that name; the new pod
     * has to wait until it is gone.
     */
    boolean stale(ObjectNode set, int ordinal) {
        if (!deletes(set, "whenScaled")) {
            return false;
        }
        String pod = Meta.name(set) + "-" + ordinal;
        for (JsonNode template : Fields.at(set, "spec", "volumeClaimTemplates")) {
            ObjectNode claim = find(set, template, ordinal);
            if (claim != null) {
                for (ObjectNode owner : Fields.objects(claim, "metadata", "ownerReferences")) {
                    if (names(owner, "v1", "Pod", pod)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private @Nullable ObjectNode find(ObjectNode set, JsonNode template, int ordinal) {
        return claims.get(new ObjectName(Meta.namespace(set), claimName(set, template, ordinal)));
    }

    /**
     * Sets the owners of a pod's claims.
     *
     * @param pod without uid when it is not created yet
     * @param surplus whether the set no longer wants the pod
     */
    void apply(ObjectNode set, ObjectNode pod, boolean surplus) {
        int ordinal = StatefulPods.ordinal(set, pod);
        for (JsonNode template : Fields.at(set, "spec", "volumeClaimTemplates")) {
            ObjectNode claim = find(set, template, ordinal);
            if (claim != null) {
                apply(set, pod, claim, surplus);
            }
        }
    }

    private void apply(ObjectNode set, ObjectNode pod, ObjectNode claim, boolean surplus) {
        boolean foreign = false;
        boolean toSet = false;
        boolean toPod = false;
        for (ObjectNode owner : Fields.objects(claim, "metadata", "ownerReferences")) {
            boolean same = Fields.text(owner, "uid").equals(Meta.uid(set));
            boolean mine = names(owner, "apps/v1", "StatefulSet", Meta.name(set));
            boolean podNamed = names(owner, "v1", "Pod", Meta.name(pod));
            boolean samePod = Fields.text(owner, "uid").equals(Meta.uid(pod));
            if ((mine && !same) || (podNamed && !samePod)) {
                return;
            }
            toSet |= mine;
            toPod |= podNamed;
            foreign |= !mine && !podNamed && Fields.flag(owner, "controller");
        }
        boolean scaled = deletes(set, "whenScaled");
        boolean deleted = deletes(set, "whenDeleted");
        if (foreign && (scaled || deleted)) {
            events.event(
                    set,
                    EventRecorder.WARNING,
                    "ConflictingController",
                    ("PersistentVolumeClaim %s has a conflicting OwnerReference that acts as a"
                                    + " manging controller, the retention policy is ignored for"
                                    + " this claim")
                            .formatted(Meta.name(claim)));
        }
        boolean ours = !foreign || !(scaled || deleted);
        boolean wantsPod = ours && scaled && surplus && !Meta.uid(pod).isEmpty();
        boolean wantsSet = ours && deleted && !(scaled && surplus);
        if (toSet != wantsSet || toPod != wantsPod) {
            own(claim, set, pod, wantsSet, wantsPod);
        }
    }

    private void own(
            ObjectNode claim, ObjectNode set, ObjectNode pod, boolean bySet, boolean byPod) {
        ResourceKey key =
                ControllerContext.core(
                        "persistentvolumeclaims", Meta.namespace(claim), Meta.name(claim));
        ObjectNode stored =
                context.api()
                        .edit(
                                key,
                                copy -> {
                                    if (copy == null || !Meta.uid(copy).equals(Meta.uid(claim))) {
                                        return null;
                                    }
                                    scrub(copy, set, pod);
                                    if (bySet) {
                                        Meta.control(copy, set);
                                    }
                                    if (byPod) {
                                        Meta.control(copy, pod);
                                    }
                                    return copy;
                                });
        if (stored != null) {
            claims.observe(stored);
        }
    }

    private static void scrub(ObjectNode claim, ObjectNode set, ObjectNode pod) {
        ObjectNode metadata = Fields.child(claim, "metadata");
        ArrayNode kept = metadata.arrayNode();
        for (ObjectNode owner : Fields.objects(metadata, "ownerReferences")) {
            if (!names(owner, "apps/v1", "StatefulSet", Meta.name(set))
                    && !names(owner, "v1", "Pod", Meta.name(pod))) {
                kept.add(owner);
            }
        }
        if (kept.isEmpty()) {
            metadata.remove("ownerReferences");
        } else {
            metadata.set("ownerReferences", kept);
        }
    }

    private static boolean names(JsonNode owner, String version, String kind, String name) {
        return Fields.text(owner, "apiVersion").equals(version)
                && Fields.text(owner, "kind").equals(kind)
                && Fields.text(owner, "name").equals(name);
    }
}
