package dev.meshdojo.simulator.controller.eviction;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;

/**
 * Removes pods whose node is gone, 40 s after that was seen first. Source: Kubernetes' {@code
 * pkg/controller/podgc}; the limit on ended pods (12,500) is not modelled.
 */
public final class PodCollector extends Controller {

    private static final Duration QUARANTINE = Duration.ofSeconds(40);

    private final Informer pods;
    private final Informer nodes;

    /** Subscribes; runs once started. */
    public PodCollector(ControllerContext context) {
        super("pod-garbage-collector", context);
        this.pods = context.informer("pods");
        this.nodes = context.informer("nodes");
        pods.onChange(
                (before, after) -> {
                    if (after != null
                            && (before == null || !Pods.scheduled(before))
                            && orphaned(after)) {
                        queue.addAfter(Meta.objectName(after), QUARANTINE);
                    }
                });
        nodes.onChange(
                (before, after) -> {
                    if (before != null && after == null) {
                        pods.list("").stream()
                                .filter(this::orphaned)
                                .forEach(pod -> queue.addAfter(Meta.objectName(pod), QUARANTINE));
                    }
                });
    }

    private boolean orphaned(ObjectNode pod) {
        return Pods.scheduled(pod)
                && nodes.get(new ObjectName("", Fields.text(pod, "spec", "nodeName"))) == null;
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode pod = pods.get(target);
        if (pod == null || !orphaned(pod)) {
            return;
        }
        ResourceKey key = ControllerContext.core("pods", target.namespace(), target.name());
        if (!Pods.finished(pod)) {
            Disruption.note(
                    context.api(),
                    key,
                    pod,
                    "DeletionByPodGC",
                    "PodGC: node no longer exists",
                    context.now());
        }
        context.api().deleteNow(key, Meta.uid(pod));
    }
}
