package dev.meshdojo.simulator.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.List;

/** Creates and deletes the pods of a controller and tells of it in events. */
public final class PodControl {

    private final ControllerContext context;
    private final EventRecorder events;
    private final Informer pods;

    /** With events from {@code events}. */
    public PodControl(ControllerContext context, EventRecorder events) {
        this.context = context;
        this.events = events;
        this.pods = context.informer("pods");
    }

    /** A pod as a template wants it, owned by {@code owner}; unnamed. */
    public static ObjectNode fromTemplate(JsonNode template, ObjectNode owner) {
        ObjectNode pod = Fields.manifest("v1", "Pod", Meta.namespace(owner), "");
        ObjectNode metadata = Fields.child(pod, "metadata");
        for (String field : new String[] {"labels", "annotations", "finalizers"}) {
            JsonNode value = Fields.at(template, "metadata", field);
            if (!value.isEmpty()) {
                metadata.set(field, value.deepCopy());
            }
        }
        Meta.control(pod, owner);
        pod.set("spec", Fields.at(template, "spec").deepCopy());
        return pod;
    }

    /**
     * Creates a pod from a template, named after its owner.
     *
     * @throws ApiException when the server refuses it; told in a {@code FailedCreate} event
     */
    public ObjectNode create(JsonNode template, ObjectNode owner) {
        ObjectNode pod = fromTemplate(template, owner);
        Fields.child(pod, "metadata").put("generateName", Meta.name(owner) + "-");
        return create(pod, owner);
    }

    /** Creates a pod that is complete; events as in {@link #create(JsonNode, ObjectNode)}. */
    public ObjectNode create(ObjectNode pod, ObjectNode owner) {
        try {
            ObjectNode created = pods.observe(context.api().create(pod));
            events.event(
                    owner,
                    EventRecorder.NORMAL,
                    "SuccessfulCreate",
                    "Created pod: " + Meta.name(created));
            return created;
        } catch (ApiException e) {
            boolean ending = e.getMessage() != null && e.getMessage().contains("being terminated");
            if (!ending) {
                events.event(
                        owner,
                        EventRecorder.WARNING,
                        "FailedCreate",
                        "Error creating: " + e.getMessage());
            }
            throw e;
        }
    }

    /** Deletes a pod. */
    public void delete(ObjectNode pod, ObjectNode owner) {
        try {
            remove(context, pods, pod);
        } catch (ApiException e) {
            events.event(
                    owner,
                    EventRecorder.WARNING,
                    "FailedDelete",
                    "Error deleting: " + e.getMessage());
            throw e;
        }
        events.event(
                owner, EventRecorder.NORMAL, "SuccessfulDelete", "Deleted pod: " + Meta.name(pod));
    }

    /** The pods of a controller that go first when {@code count} are too many. */
    public static List<ObjectNode> firstToGo(List<ObjectNode> pods, int count) {
        return PodRanking.victims(pods, count);
    }

    /** Deletes a pod and shows the informer's readers what became of it. */
    static void remove(ControllerContext context, Informer pods, ObjectNode pod) {
        ResourceKey key = ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod));
        context.api().delete(key);
        ObjectNode left = context.api().find(key);
        if (left == null || !Meta.uid(left).equals(Meta.uid(pod))) {
            pods.forget(pod);
        } else {
            pods.observe(left);
        }
    }
}
