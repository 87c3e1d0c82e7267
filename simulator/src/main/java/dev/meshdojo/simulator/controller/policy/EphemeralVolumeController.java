package dev.meshdojo.simulator.controller.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;

/**
 * Makes the claims of generic ephemeral volumes, owned by their pods. Source: Kubernetes' {@code
 * pkg/controller/volume/ephemeral}.
 */
public final class EphemeralVolumeController extends Controller {

    private final Informer pods;
    private final Informer claims;
    private final EventRecorder events;

    /** Subscribes; runs once started. */
    public EphemeralVolumeController(ControllerContext context) {
        super("ephemeral-volume-controller", context);
        this.pods = context.informer("pods");
        this.claims = context.informer("persistentvolumeclaims");
        this.events = new EventRecorder(context, "ephemeral_volume");
        pods.onEach(pod -> queue.add(Meta.objectName(pod)));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode pod = pods.get(target);
        if (pod == null || !Pods.active(pod)) {
            return;
        }
        for (ObjectNode volume : Fields.objects(pod, "spec", "volumes")) {
            JsonNode template = Fields.at(volume, "ephemeral", "volumeClaimTemplate");
            if (template.isObject()) {
                provide(pod, Meta.name(pod) + "-" + Fields.text(volume, "name"), template);
            }
        }
    }

    private void provide(ObjectNode pod, String name, JsonNode template) {
        ObjectNode found = claims.get(new ObjectName(Meta.namespace(pod), name));
        if (found != null) {
            if (!Meta.controlledBy(found, pod)) {
                failed(
                        pod,
                        "PVC %s/%s was not created for pod %s/%s (pod is not owner)"
                                .formatted(
                                        Meta.namespace(pod),
                                        name,
                                        Meta.namespace(pod),
                                        Meta.name(pod)));
            }
            return;
        }
        ObjectNode claim =
                Fields.manifest("v1", "PersistentVolumeClaim", Meta.namespace(pod), name);
        for (String field : new String[] {"labels", "annotations"}) {
            JsonNode value = Fields.at(template, "metadata", field);
            if (!value.isEmpty()) {
                Fields.child(claim, "metadata").set(field, value.deepCopy());
            }
        }
        claim.set("spec", template.path("spec").deepCopy());
        Meta.control(claim, pod);
        try {
            claims.observe(context.api().create(claim));
        } catch (ApiException e) {
            failed(pod, "ephemeral volume: create PVC " + name + ": " + e.getMessage());
            throw e;
        }
    }

    private void failed(ObjectNode pod, String why) {
        events.event(pod, EventRecorder.WARNING, "FailedBinding", why);
    }
}
