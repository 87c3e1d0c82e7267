package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;

/** The pods of StatefulSets: stable names, hostnames and claims. */
final class StatefulPods {

    static final String REVISION = "controller-revision-hash";
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    private final ControllerContext context;
    private final EventRecorder events;
    private final Informer pods;
    private final Informer claims;
    private final ClaimRetention retention;

    StatefulPods(ControllerContext context, EventRecorder events) {
        this.context = context;
        this.events = events;
        this.pods = context.informer("pods");
        this.claims = context.informer("persistentvolumeclaims");
        this.retention = new ClaimRetention(context, events);
    }

    /** The ordinal in a pod's name; -1 when it has none. */
    static int ordinal(ObjectNode set, ObjectNode pod) {
        String name = Meta.name(pod);
        String prefix = Meta.name(set) + "-";
        if (!name.startsWith(prefix)) {
            return -1;
        }
        try {
            return Integer.parseInt(name.substring(prefix.length()));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    /** Makes the pod of an ordinal, with its claims, unless an old claim is still to go. */
    void create(ObjectNode set, int ordinal, ObjectNode revision) {
        if (retention.stale(set, ordinal)) {
            return;
        }
        String name = Meta.name(set) + "-" + ordinal;
        ObjectNode pod = PodControl.fromTemplate(Revisions.template(revision), set);
        ObjectNode metadata = Fields.child(pod, "metadata");
        metadata.put("name", name).put("generateName", Meta.name(set) + "-");
        Fields.child(metadata, "labels")
                .put(POD_NAME, name)
                .put(POD_INDEX, Integer.toString(ordinal))
                .put(REVISION, Meta.name(revision));
        ObjectNode spec = Fields.child(pod, "spec");
        spec.put("hostname", name);
        String service = Fields.text(set, "spec", "serviceName");
        if (!service.isEmpty()) {
            spec.put("subdomain", service);
        }
        try {
            claim(set, ordinal, spec, name);
            retention.apply(set, pod, false);
            pods.observe(context.api().create(pod));
            events.event(
                    set,
                    EventRecorder.NORMAL,
                    "SuccessfulCreate",
                    "Create Pod %s in StatefulSet %s successful".formatted(name, Meta.name(set)));
        } catch (ApiException e) {
            events.event(
                    set,
                    EventRecorder.WARNING,
                    "FailedCreate",
                    "Create Pod %s in StatefulSet %s failed error: %s"
                            .formatted(name, Meta.name(set), e.getMessage()));
            throw e;
        }
    }

    private void claim(ObjectNode set, int ordinal, ObjectNode spec, String pod) {
        ArrayNode volumes = Fields.list(spec, "volumes");
        for (JsonNode template : Fields.at(set, "spec", "volumeClaimTemplates")) {
            String volume = Meta.name(template);
            String name = ClaimRetention.claimName(set, template, ordinal);
            for (int i = volumes.size() - 1; i >= 0; i--) {
                if (Fields.text(volumes.get(i), "name").equals(volume)) {
                    volumes.remove(i);
                }
            }
            volumes.addObject()
                    .put("name", volume)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", name);
            if (claims.get(new ObjectName(Meta.namespace(set), name)) == null) {
                createClaim(set, template, name, pod);
            }
        }
        if (volumes.isEmpty()) {
            spec.remove("volumes");
        }
    }

    private void createClaim(ObjectNode set, JsonNode template, String name, String pod) {
        ObjectNode claim =
                Fields.manifest("v1", "PersistentVolumeClaim", Meta.namespace(set), name);
        ObjectNode labels = Fields.object(Meta.labels(template));
        Fields.strings(set, "spec", "selector", "matchLabels").forEach(labels::put);
        Fields.child(claim, "metadata").set("labels", labels);
        claim.set("spec", template.path("spec").deepCopy());
        claims.observe(context.api().create(claim));
        events.event(
                set,
                EventRecorder.NORMAL,
                "SuccessfulCreate",
                "Create Claim %s Pod %s in StatefulSet %s success"
                        .formatted(name, pod, Meta.name(set)));
    }

    /** Makes the claims of a pod go with whom the set's retention policy names. */
    void retain(ObjectNode set, ObjectNode pod, boolean surplus) {
        retention.apply(set, pod, surplus);
    }

    void delete(ObjectNode set, ObjectNode pod) {
        PodControl.remove(context, pods, pod);
        events.event(
                set,
                EventRecorder.NORMAL,
                "SuccessfulDelete",
                "Delete Pod %s in StatefulSet %s successful"
                        .formatted(Meta.name(pod), Meta.name(set)));
    }
}
