package dev.meshdojo.simulator.controller.scheduling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.policy.VolumeController;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pod's claims mean for where it may run. Source: kube-scheduler's {@code VolumeBinding}.
 */
final class PodClaims {

    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    private final ControllerContext context;
    private final Informer claims;
    private final Informer volumes;
    private final Informer classes;

    PodClaims(ControllerContext context) {
        this.context = context;
        this.claims = context.informer("persistentvolumeclaims");
        this.volumes = context.informer("persistentvolumes");
        this.classes = context.informer("storage.k8s.io", "storageclasses");
    }

    /** What keeps a pod from all nodes; empty when nothing does. */
    String blocked(ObjectNode pod) {
        boolean unbound = false;
        for (JsonNode volume : Fields.at(pod, "spec", "volumes")) {
            String name = claimName(pod, volume);
            if (name.isEmpty()) {
                continue;
            }
            String quoted = "persistentvolumeclaim \"" + name + "\"";
            ObjectNode claim = claims.get(new ObjectName(Meta.namespace(pod), name));
            if (claim == null) {
                return Fields.has(volume, "ephemeral")
                        ? "waiting for ephemeral volume controller to create the " + quoted
                        : quoted + " not found";
            }
            if (Fields.text(claim, "status", "phase").equals("Lost")) {
                return quoted
                        + " bound to non-existent persistentvolume \""
                        + Fields.text(claim, "spec", "volumeName")
                        + "\"";
            }
            if (Meta.deleting(claim)) {
                return quoted + " is being deleted";
            }
            unbound |= !bound(claim) && !VolumeController.delayed(claim, classes);
        }
        return unbound ? "pod has unbound immediate PersistentVolumeClaims" : "";
    }

    private static String claimName(ObjectNode pod, JsonNode volume) {
        return Fields.has(volume, "ephemeral")
                ? Meta.name(pod) + "-" + Fields.text(volume, "name")
                : Fields.text(volume, "persistentVolumeClaim", "claimName");
    }

    private static boolean bound(ObjectNode claim) {
        return Fields.text(claim, "status", "phase").equals("Bound");
    }

    private List<ObjectNode> of(ObjectNode pod) {
        List<ObjectNode> found = new ArrayList<>();
        for (JsonNode volume : Fields.at(pod, "spec", "volumes")) {
            String name = claimName(pod, volume);
            ObjectNode claim =
                    name.isEmpty() ? null : claims.get(new ObjectName(Meta.namespace(pod), name));
            if (claim != null) {
                found.add(claim);
            }
        }
        return found;
    }

    /** Whether the volumes behind a pod's claims can be used on a node. */
    NodeFilter.Outcome check(ObjectNode pod, ObjectNode node) {
        for (ObjectNode claim : of(pod)) {
            if (bound(claim)) {
                ObjectNode volume =
                        volumes.get(new ObjectName("", Fields.text(claim, "spec", "volumeName")));
                if (volume == null) {
                    return NodeFilter.Outcome.never(
                            "node(s) unavailable due to one or more pvc(s) bound to non-existent"
                                    + " pv(s)");
                }
                if (!reachable(volume, node)) {
                    return NodeFilter.Outcome.never(
                            "node(s) didn't match PersistentVolume's node affinity");
                }
            }
        }
        return choose(pod, node) == null
                ? NodeFilter.Outcome.never(
                        "node(s) didn't find available persistent volumes to bind")
                : NodeFilter.Outcome.FITS;
    }

    private static boolean reachable(ObjectNode volume, ObjectNode node) {
        JsonNode terms = Fields.at(volume, "spec", "nodeAffinity", "required", "nodeSelectorTerms");
        return !terms.isArray() || NodeFilter.matchesTerms(terms, node);
    }

    /**
     * A volume for each claim that waited for the pod; an empty object where one has to be
     * provisioned. Null when there is no way.
     */
    private @Nullable Map<ObjectNode, ObjectNode> choose(ObjectNode pod, ObjectNode node) {
        Map<ObjectNode, ObjectNode> chosen = new LinkedHashMap<>();
        Set<String> taken = new HashSet<>();
        for (ObjectNode claim : of(pod)) {
            if (bound(claim)) {
                continue;
            }
            ObjectNode volume =
                    volumes.list("").stream()
                            .filter(each -> !taken.contains(Meta.name(each)))
                            .filter(each -> VolumeController.fits(each, claim))
                            .filter(each -> reachable(each, node))
                            .min(VolumeController.SMALLEST_FIRST)
                            .orElse(null);
            if (volume == null && !provisioned(claim)) {
                return null;
            }
            if (volume != null) {
                taken.add(Meta.name(volume));
            }
            chosen.put(claim, volume == null ? Fields.object() : volume);
        }
        return chosen;
    }

    private boolean provisioned(ObjectNode claim) {
        ObjectNode storageClass =
                classes.get(new ObjectName("", Fields.text(claim, "spec", "storageClassName")));
        return storageClass != null
                && !Fields.text(storageClass, "provisioner").equals("kubernetes.io/no-provisioner");
    }

    /**
     * Sees to it that the claims that waited get their volumes.
     *
     * @return whether all claims are bound, so that the pod may be
     */
    boolean settle(ObjectNode pod, ObjectNode node) {
        Map<ObjectNode, ObjectNode> chosen = choose(pod, node);
        if (chosen == null) {
            return false;
        }
        chosen.forEach(
                (claim, volume) -> {
                    if (volume.isEmpty()) {
                        select(claim, Meta.name(node));
                    } else {
                        reserve(volume, claim);
                    }
                });
        return chosen.isEmpty();
    }

    private void select(ObjectNode claim, String node) {
        ResourceKey key =
                ControllerContext.core(
                        "persistentvolumeclaims", Meta.namespace(claim), Meta.name(claim));
        ObjectNode stored =
                context.api()
                        .edit(
                                key,
                                copy -> {
                                    if (copy != null) {
                                        Fields.child(copy, "metadata", "annotations")
                                                .put(SELECTED_NODE, node);
                                    }
                                    return copy;
                                });
        if (stored != null) {
            claims.observe(stored);
        }
    }

    private void reserve(ObjectNode volume, ObjectNode claim) {
        ObjectNode stored =
                context.api()
                        .edit(
                                ControllerContext.core("persistentvolumes", "", Meta.name(volume)),
                                copy ->
                                        copy == null
                                                ? null
                                                : VolumeController.claimedBy(copy, claim));
        if (stored != null) {
            volumes.observe(stored);
        }
    }
}
