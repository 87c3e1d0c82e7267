package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;

/**
 * Lets deleted claims go once no pod uses them, and deleted volumes once no claim is bound to them.
 * Source: {@code pvc-protection-controller} and {@code pv-protection-controller}.
 */
public final class VolumeProtectionController extends Controller {

    private static final String CLAIM = "kubernetes.io/pvc-protection";
    private static final String VOLUME = "kubernetes.io/pv-protection";

    private final Informer claims;
    private final Informer volumes;
    private final Informer pods;

    /** Subscribes; runs once started. */
    public VolumeProtectionController(ControllerContext context) {
        super("pvc-protection-controller", context);
        this.claims = context.informer("persistentvolumeclaims");
        this.volumes = context.informer("persistentvolumes");
        this.pods = context.informer("pods");
        claims.onEach(claim -> queue.add(Meta.objectName(claim)));
        volumes.onEach(volume -> queue.add(Meta.objectName(volume)));
        pods.onEach(
                pod ->
                        Fields.at(pod, "spec", "volumes")
                                .forEach(volume -> enqueue(Meta.namespace(pod), volume)));
    }

    private void enqueue(String namespace, JsonNode volume) {
        String claim = Fields.text(volume, "persistentVolumeClaim", "claimName");
        if (!claim.isEmpty()) {
            queue.add(new ObjectName(namespace, claim));
        }
    }

    @Override
    protected void reconcile(ObjectName target) {
        boolean volume = target.namespace().isEmpty();
        ObjectNode object = (volume ? volumes : claims).get(target);
        if (object == null || !Meta.deleting(object)) {
            return;
        }
        boolean used =
                volume
                        ? Fields.text(object, "status", "phase").equals("Bound")
                        : pods.list(target.namespace()).stream()
                                .anyMatch(pod -> uses(pod, target.name()));
        if (!used) {
            release(target, volume);
        }
    }

    private static boolean uses(ObjectNode pod, String claim) {
        if (Pods.finished(pod) || !Pods.scheduled(pod)) {
            return false;
        }
        for (JsonNode volume : Fields.at(pod, "spec", "volumes")) {
            if (Fields.text(volume, "persistentVolumeClaim", "claimName").equals(claim)) {
                return true;
            }
        }
        return false;
    }

    private void release(ObjectName target, boolean volume) {
        context.api()
                .edit(
                        ControllerContext.core(
                                volume ? "persistentvolumes" : "persistentvolumeclaims",
                                target.namespace(),
                                target.name()),
                        copy -> {
                            if (copy == null) {
                                return null;
                            }
                            ArrayNode finalizers =
                                    Fields.list(Fields.child(copy, "metadata"), "finalizers");
                            boolean removed = false;
                            for (int i = finalizers.size() - 1; i >= 0; i--) {
                                if (finalizers.get(i).asText().equals(volume ? VOLUME : CLAIM)) {
                                    finalizers.remove(i);
                                    removed = true;
                                }
                            }
                            return removed ? copy : null;
                        });
    }
}
