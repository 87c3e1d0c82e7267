package dev.meshdojo.simulator.controller.eviction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import dev.meshdojo.simulator.controller.scheduling.NodeFilter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Deletes pods from nodes with {@code NoExecute} taints, at once or when they have tolerated them
 * for as long as they said. Source: Kubernetes' {@code pkg/controller/tainteviction}.
 */
public final class TaintEvictionController extends Controller {

    private final Informer pods;
    private final Informer nodes;
    private final EventRecorder events;
    private final Map<String, Instant> due = new HashMap<>();

    /** Subscribes; runs once started. */
    public TaintEvictionController(ControllerContext context) {
        super("taint-eviction-controller", context);
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        this.events = new EventRecorder(context, name());
        pods.onChange(
                (before, after) -> {
                    if (after != null
                            && Pods.scheduled(after)
                            && (before == null || concerns(before, after))) {
                        queue.add(Meta.objectName(after));
                    }
                });
        nodes.onChange(
                (before, after) -> {
                    if (after != null
                            && (before == null || !taints(before).equals(taints(after)))) {
                        pods.list("").stream()
                                .filter(pod -> nodeName(pod).equals(Meta.name(after)))
                                .forEach(pod -> queue.add(Meta.objectName(pod)));
                    }
                });
    }

    private static boolean concerns(ObjectNode before, ObjectNode after) {
        return !nodeName(before).equals(nodeName(after))
                || !Fields.same(
                        Fields.at(before, "spec", "tolerations"),
                        Fields.at(after, "spec", "tolerations"));
    }

    private static String nodeName(ObjectNode pod) {
        return Fields.text(pod, "spec", "nodeName");
    }

    private static List<JsonNode> taints(ObjectNode node) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode taint : Fields.at(node, "spec", "taints")) {
            if (Fields.text(taint, "effect").equals("NoExecute")) {
                found.add(taint);
            }
        }
        return found;
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode pod = pods.get(target);
        if (pod == null || Meta.deleting(pod)) {
            return;
        }
        ObjectNode node = nodes.get(new ObjectName("", nodeName(pod)));
        Instant at = node == null ? null : end(pod, taints(node));
        if (at == null) {
            if (due.remove(Meta.uid(pod)) != null) {
                events.event(
                        pod,
                        EventRecorder.NORMAL,
                        "TaintManagerEviction",
                        "Cancelling deletion of Pod " + full(pod));
            }
            return;
        }
        Instant planned = due.merge(Meta.uid(pod), at, (a, b) -> a.isBefore(b) ? a : b);
        if (planned.isAfter(context.now())) {
            queue.addAfter(target, Duration.between(context.now(), planned));
        } else {
            due.remove(Meta.uid(pod));
            evict(pod);
        }
    }

    private static String full(ObjectNode pod) {
        return Meta.namespace(pod) + "/" + Meta.name(pod);
    }

    /** When a pod has to go; null when it may stay. */
    private @Nullable Instant end(ObjectNode pod, List<JsonNode> taints) {
        Instant end = null;
        for (JsonNode taint : taints) {
            JsonNode toleration = NodeFilter.toleration(pod, taint);
            if (toleration.isMissingNode()) {
                return context.now();
            }
            if (Fields.has(toleration, "tolerationSeconds")) {
                long seconds = Math.max(0, Fields.number(toleration, "tolerationSeconds"));
                Instant limit = context.now().plusSeconds(seconds);
                end = end == null || limit.isBefore(end) ? limit : end;
            }
        }
        return end;
    }

    private void evict(ObjectNode pod) {
        events.event(
                pod,
                EventRecorder.NORMAL,
                "TaintManagerEviction",
                "Marking for deletion Pod " + full(pod));
        ResourceKey key = ControllerContext.core("pods", Meta.namespace(pod), Meta.name(pod));
        Disruption.note(
                context.api(),
                key,
                pod,
                "DeletionByTaintManager",
                "Taint manager: deleting due to NoExecute taint",
                context.now());
        context.api().delete(key);
    }
}
