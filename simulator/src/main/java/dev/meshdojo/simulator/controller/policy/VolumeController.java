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
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
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
    private static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** The order in which volumes that fit are taken. */
    public static final Comparator<ObjectNode> SMALLEST_FIRST =
            Comparator.comparing((ObjectNode volume) -> !Fields.has(volume, "spec", "claimRef"))
                    .thenComparing(volume -> size(volume.path("spec").path("capacity")))
                    .thenComparing(Meta::name);

    private final Informer volumes;
    private final Informer claims;
    private final Informer classes;
    private final EventRecorder events;

    /** Subscribes; runs once started. */
    public VolumeController(ControllerContext context) {
        super("persistentvolume-binder", context);
        this.volumes = context.informer("persistentvolumes");
        this.claims = context.informer("persistentvolumeclaims");
        this.classes = context.informer("storage.k8s.io", "storageclasses");
        this.events = new EventRecorder(context, "persistentvolume-controller");
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
            if (lost) {
                release(volume);
            } else {
                phase(volume, "Bound", "");
            }
            if (claim != null && !lost) {
                complete(claim, volume);
            }
            return;
        }
        Optional<ObjectNode> claim =
                claims.list("").stream()
                        .filter(waiting -> fits(volume, waiting))
                        .filter(waiting -> !waitsForPod(waiting, classes))
                        .min(Meta.BY_AGE);
        if (claim.isPresent() && isBest(volume, claim.get())) {
            bind(volume, claim.get());
        } else {
            phase(volume, "Available", "");
        }
    }

    private static ObjectName named(JsonNode reference) {
        return new ObjectName(Fields.text(reference, "namespace"), Fields.text(reference, "name"));
    }

    /** Whether a volume may serve a claim that has none yet. */
    public static boolean fits(ObjectNode volume, ObjectNode claim) {
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
                .min(SMALLEST_FIRST)
                .map(best -> Meta.name(best).equals(Meta.name(volume)))
                .orElse(false);
    }

    /** Makes a volume point to a claim, in place. */
    public static ObjectNode claimedBy(ObjectNode volume, ObjectNode claim) {
        Fields.child(volume, "spec", "claimRef")
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put("name", Meta.name(claim))
                .put("namespace", Meta.namespace(claim))
                .put("resourceVersion", Fields.text(claim, "metadata", "resourceVersion"))
                .put("uid", Meta.uid(claim));
        Fields.child(volume, "metadata", "annotations").put(BOUND_BY, "yes");
        return volume;
    }

    /** Whether claims of a claim's class get their volumes only once a pod has a node. */
    public static boolean delayed(ObjectNode claim, Informer classes) {
        String name = Fields.text(claim, "spec", "storageClassName");
        ObjectNode storageClass = name.isEmpty() ? null : classes.get(new ObjectName("", name));
        return storageClass != null
                && Fields.text(storageClass, "volumeBindingMode").equals("WaitForFirstConsumer");
    }

    /** Whether a claim still waits for a pod that uses it to get a node. */
    static boolean waitsForPod(ObjectNode claim, Informer classes) {
        return delayed(claim, classes) && Meta.annotation(claim, SELECTED_NODE).isEmpty();
    }

    private void bind(ObjectNode volume, ObjectNode claim) {
        ObjectNode stored =
                context.api()
                        .edit(key(volume), copy -> copy == null ? null : claimedBy(copy, claim));
        if (stored != null) {
            volumes.observe(stored);
            phase(stored, "Bound", "");
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

    /** A volume whose claim is gone stays; one that should be deleted says why it is not. */
    private void release(ObjectNode volume) {
        String why = undeletable(volume);
        if (why.isEmpty()) {
            phase(volume, "Released", "");
        } else {
            phase(volume, "Released", "");
            ObjectNode released = volumes.get(Meta.objectName(volume));
            phase(released == null ? volume : released, "Failed", why);
        }
    }

    private static String undeletable(ObjectNode volume) {
        JsonNode spec = volume.path("spec");
        String policy = Fields.text(spec, "persistentVolumeReclaimPolicy");
        boolean done = Fields.text(volume, "status", "phase").equals("Failed");
        if (!policy.equals("Delete") || done || spec.has("csi")) {
            return done ? Fields.text(volume, "status", "message") : "";
        }
        String path = Fields.text(spec, "hostPath", "path");
        return path.isEmpty()
                ? "error getting deleter volume plugin for volume \"%s\": no deletable volume plugin matched"
                        .formatted(Meta.name(volume))
                : "host_path deleter only supports /tmp/.+ but received provided " + path;
    }

    private void phase(ObjectNode volume, String phase, String message) {
        String old = Fields.text(volume, "status", "phase");
        if (old.equals(phase) || (phase.equals("Released") && old.equals("Failed"))) {
            return;
        }
        ObjectNode status =
                Fields.object().put("lastPhaseTransitionTime", Meta.time(context.now()));
        status.put("phase", phase);
        if (!message.isEmpty()) {
            status.put("message", message);
        }
        storeStatus(volumes, key(volume), volume, status);
        if (phase.equals("Failed")) {
            events.event(volume, EventRecorder.WARNING, "VolumeFailedDelete", message);
        }
    }

    private static ResourceKey key(ObjectNode volume) {
        return ControllerContext.core("persistentvolumes", "", Meta.name(volume));
    }
}
