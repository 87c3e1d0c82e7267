package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.util.List;

/**
 * Tells why PersistentVolumeClaims stay pending in a cluster without provisioners. Source: the
 * {@code persistentvolume-controller}; {@link VolumeController} binds those that a volume fits.
 */
public final class ClaimController extends Controller {

    private static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";
    private static final String BETA_PROVISIONER = "volume.beta.kubernetes.io/storage-provisioner";

    private static final Duration RESYNC = Duration.ofSeconds(15);

    private final Informer claims;
    private final Informer volumes;
    private final Informer classes;
    private final Informer pods;
    private final EventRecorder events;

    /** Subscribes; runs once started. */
    public ClaimController(ControllerContext context) {
        super("persistentvolume-controller", context);
        this.claims = context.informer("persistentvolumeclaims");
        this.volumes = context.informer("persistentvolumes");
        this.classes = context.informer("storage.k8s.io", "storageclasses");
        this.pods = context.informer("pods");
        this.events = new EventRecorder(context, name());
        claims.onEach(claim -> queue.add(Meta.objectName(claim)));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode claim = claims.get(target);
        if (claim == null
                || Meta.deleting(claim)
                || Fields.text(claim, "status", "phase").equals("Bound")
                || !Fields.text(claim, "spec", "volumeName").isEmpty()
                || volumes.list("").stream().anyMatch(v -> VolumeController.fits(v, claim))) {
            return;
        }
        String name = Fields.text(claim, "spec", "storageClassName");
        ObjectNode storageClass = name.isEmpty() ? null : classes.get(new ObjectName("", name));
        if (name.isEmpty()) {
            events.event(
                    claim,
                    EventRecorder.NORMAL,
                    "FailedBinding",
                    "no persistent volumes available for this claim and no storage class is set");
        } else if (storageClass == null) {
            events.event(
                    claim,
                    EventRecorder.WARNING,
                    "ProvisioningFailed",
                    "storageclass.storage.k8s.io \"" + name + "\" not found");
        } else if (VolumeController.waitsForPod(claim, classes)) {
            tellOfPods(claim);
        } else {
            String provisioner = Fields.text(storageClass, "provisioner");
            if (!named(claim, provisioner)) {
                return;
            }
            events.event(
                    claim,
                    EventRecorder.NORMAL,
                    "ExternalProvisioning",
                    ("Waiting for a volume to be created either by the external provisioner '%s' or"
                                    + " manually by the system administrator. If volume creation is"
                                    + " delayed, please verify that the provisioner is running and"
                                    + " correctly registered.")
                            .formatted(provisioner));
        }
        queue.addAfter(target, RESYNC);
    }

    /**
     * Says on the claim who should make its volume; false when that was news, after which the claim
     * is looked at again.
     */
    private boolean named(ObjectNode claim, String provisioner) {
        if (Meta.annotation(claim, PROVISIONER).equals(provisioner)) {
            return true;
        }
        ObjectNode stored =
                context.api()
                        .edit(
                                ControllerContext.core(
                                        "persistentvolumeclaims",
                                        Meta.namespace(claim),
                                        Meta.name(claim)),
                                copy -> {
                                    if (copy != null) {
                                        Fields.child(copy, "metadata", "annotations")
                                                .put(BETA_PROVISIONER, provisioner)
                                                .put(PROVISIONER, provisioner);
                                    }
                                    return copy;
                                });
        if (stored != null) {
            claims.observe(stored);
        }
        return false;
    }

    private void tellOfPods(ObjectNode claim) {
        List<String> waiting =
                pods.list(Meta.namespace(claim)).stream()
                        .filter(pod -> !Pods.scheduled(pod) && uses(pod, Meta.name(claim)))
                        .map(Meta::name)
                        .toList();
        String subject = (waiting.size() > 1 ? "pods " : "pod ") + String.join(",", waiting);
        events.event(
                claim,
                EventRecorder.NORMAL,
                waiting.isEmpty() ? "WaitForFirstConsumer" : "WaitForPodScheduled",
                waiting.isEmpty()
                        ? "waiting for first consumer to be created before binding"
                        : "waiting for " + subject + " to be scheduled");
    }

    private static boolean uses(ObjectNode pod, String claim) {
        for (ObjectNode volume : Fields.objects(pod, "spec", "volumes")) {
            String ephemeral = Meta.name(pod) + "-" + Fields.text(volume, "name");
            if (claim.equals(Fields.text(volume, "persistentVolumeClaim", "claimName"))
                    || (Fields.has(volume, "ephemeral") && claim.equals(ephemeral))) {
                return true;
            }
        }
        return false;
    }
}
