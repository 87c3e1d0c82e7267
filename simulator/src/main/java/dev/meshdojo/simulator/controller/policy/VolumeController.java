package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Quantity;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Binds hand-made PersistentVolumes to the claims that they fit, smallest first, and tells their
 * phase. Source: the {@code persistentvolume-controller}; nothing is provisioned or deleted.
 */
public final class VolumeController extends Controller {

    private static final String BOUND_BY = "pv.kubernetes.io/bound-by-controller";
    private static final String COMPLETED = "pv.kubernetes.io/bind-completed";

    private final Informer volumes;
    private final Informer claims;

    /** Subscribes; runs once started. */
    public VolumeController(ControllerContext context) {
        super("persistentvolume-binder", context);
        this.volumes = context.informer("persistentvolumes");
        this.claims = context.informer("persistentvolumeclaims");
        volumes.onEach(volume -> queue.add(Meta.objectName(volume)));
        claims.onEach(claim -> volumes.list("").forEach(v -> queue.add(Meta.objectName(v))));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode volume = volumes.get(target);
        if (volume == null || Meta.deleting(volume)) {
            return;
        }
        JsonNode reference = Fields.at(volume, "spec", "claimRef");
        String uid = Fields.text(reference, "uid");
        if (reference.isObject() && !uid.isEmpty()) {
            ObjectNode claim = claims.get(named(reference));
            boolean lost = claim == null || !Meta.uid(claim).equals(uid);
            phase(volume, lost ? "Released" : "Bound");
            if (claim != null && !lost) {
                complete(claim, volume);
            }
            return;
        }
        Optional<ObjectNode> claim =
                claims.list("").stream().filter(waiting -> fits(volume, waiting)).min(Meta.BY_AGE);
        if (claim.isPresent() && isBest(volume, claim.get())) {
            bind(volume, claim.get());
        } else {
            phase(volume, "Available");
        }
    }

    private static ObjectName named(JsonNode reference) {
        return new ObjectName(Fields.text(reference, "namespace"), Fields.text(reference, "name"));
    }

    /** Whether a volume may serve a claim that has none yet. */
    static boolean fits(ObjectNode volume, ObjectNode claim) {
        JsonNode reference = Fields.at(volume, "spec", "claimRef");
        JsonNode wanted = claim.path("spec");
        String named = Fields.text(wanted, "volumeName");
        boolean free = !reference.isObject() || named(reference).equals(Meta.objectName(claim));
        boolean selected =
                !wanted.has("selector")
                        || LabelSelector.of(wanted.path("selector")).matches(Meta.labels(volume));
        Set<String> modes = new HashSet<>(Fields.texts(volume, "spec", "accessModes"));
        return free
                && selected
                && !Meta.deleting(claim)
                && Fields.text(claim, "status", "phase").equals("Pending")
                && (named.isEmpty() || named.equals(Meta.name(volume)))
                && Fields.text(wanted, "storageClassName")
                        .equals(Fields.text(volume, "spec", "storageClassName"))
                && Fields.text(wanted, "volumeMode")
                        .equals(Fields.text(volume, "spec", "volumeMode"))
                && modes.containsAll(Fields.texts(wanted, "accessModes"))
                && size(volume.path("spec").path("capacity"))
                                .compareTo(size(wanted.path("resources").path("requests")))
                        >= 0;
    }

    private static BigDecimal size(JsonNode amounts) {
        String text = Fields.text(amounts, "storage");
        return text.isEmpty() ? BigDecimal.ZERO : Quantity.parse(text);
    }

    private boolean isBest(ObjectNode volume, ObjectNode claim) {
        return volumes.list("").stream()
                .filter(other -> !Meta.deleting(other))
                .filter(other -> Fields.text(other, "spec", "claimRef", "uid").isEmpty())
                .filter(other -> fits(other, claim))
                .min(
                        Comparator.comparing(
                                        (ObjectNode other) ->
                                                !Fields.has(other, "spec", "claimRef"))
                                .thenComparing(other -> size(other.path("spec").path("capacity")))
                                .thenComparing(Meta::name))
                .map(best -> Meta.name(best).equals(Meta.name(volume)))
                .orElse(false);
    }

    private void bind(ObjectNode volume, ObjectNode claim) {
        ObjectNode stored =
                context.api()
                        .edit(
                                key(volume),
                                copy -> {
                                    if (copy == null) {
                                        return null;
                                    }
                                    Fields.child(copy, "spec", "claimRef")
                                            .put("apiVersion", "v1")
                                            .put("kind", "PersistentVolumeClaim")
                                            .put("name", Meta.name(claim))
                                            .put("namespace", Meta.namespace(claim))
                                            .put(
                                                    "resourceVersion",
                                                    Fields.text(
                                                            claim, "metadata", "resourceVersion"))
                                            .put("uid", Meta.uid(claim));
                                    Fields.child(copy, "metadata", "annotations")
                                            .put(BOUND_BY, "yes");
                                    return copy;
                                });
        if (stored != null) {
            volumes.observe(stored);
            phase(stored, "Bound");
            complete(claim, stored);
        }
    }

    private void complete(ObjectNode claim, ObjectNode volume) {
        if (Fields.text(claim, "status", "phase").equals("Bound")) {
            return;
        }
        ResourceKey key =
                ControllerContext.core(
                        "persistentvolumeclaims", Meta.namespace(claim), Meta.name(claim));
        ObjectNode named =
                context.api()
                        .edit(
                                key,
                                copy -> {
                                    if (copy == null) {
                                        return null;
                                    }
                                    Fields.child(copy, "spec").put("volumeName", Meta.name(volume));
                                    Fields.child(copy, "metadata", "annotations")
                                            .put(COMPLETED, "yes")
                                            .put(BOUND_BY, "yes");
                                    return copy;
                                });
        if (named == null) {
            return;
        }
        ObjectNode status = Fields.object();
        status.set("accessModes", volume.path("spec").path("accessModes").deepCopy());
        status.set("capacity", volume.path("spec").path("capacity").deepCopy());
        status.put("phase", "Bound");
        storeStatus(claims, key, named, status);
    }

    private void phase(ObjectNode volume, String phase) {
        if (Fields.text(volume, "status", "phase").equals(phase)) {
            return;
        }
        ObjectNode status =
                Fields.object().put("lastPhaseTransitionTime", Meta.time(context.now()));
        status.put("phase", phase);
        storeStatus(volumes, key(volume), volume, status);
    }

    private static ResourceKey key(ObjectNode volume) {
        return ControllerContext.core("persistentvolumes", "", Meta.name(volume));
    }
}
