package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.LabelSelector;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A controller that works on a Service when it or a pod it selects changes. */
abstract class ServiceFollower extends Controller {

    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

    final Informer services;
    final Informer pods;

    private static final Duration UNREADY_DELAY = Duration.ofMillis(100);

    private final Map<ObjectName, Trigger> triggers = new HashMap<>();

    ServiceFollower(String name, ControllerContext context) {
        super(name, context);
        this.services = context.informer("services");
        this.pods = context.informer("pods");
        services.onEach(service -> queue.add(Meta.objectName(service)));
        pods.onChange(
                (before, after) -> {
                    if (before == null || after == null || matters(before, after)) {
                        Duration delay = waits(before, after) ? UNREADY_DELAY : Duration.ZERO;
                        enqueueSelecting(before, delay);
                        enqueueSelecting(after, delay);
                    }
                });
    }

    private static boolean matters(ObjectNode before, ObjectNode after) {
        return Pods.ready(before) != Pods.ready(after)
                || Meta.deleting(before) != Meta.deleting(after)
                || Pods.finished(before) != Pods.finished(after)
                || !Meta.labels(before).equals(Meta.labels(after))
                || !ip(before).equals(ip(after))
                || !Fields.same(before.path("spec"), after.path("spec"));
    }

    /** Nothing routes to a pod that is not ready yet, so its first moments are told together. */
    private static boolean waits(@Nullable ObjectNode before, @Nullable ObjectNode after) {
        return after != null
                && !Pods.ready(after)
                && !Meta.deleting(after)
                && (before == null || !Pods.ready(before));
    }

    private void enqueueSelecting(@Nullable ObjectNode pod, Duration delay) {
        if (pod == null) {
            return;
        }
        Map<String, String> labels = Meta.labels(pod);
        for (ObjectNode service : services.list(Meta.namespace(pod))) {
            if (selecting(service)
                    && LabelSelector.ofMap(Fields.at(service, "spec", "selector"))
                            .matches(labels)) {
                queue.addAfter(Meta.objectName(service), delay);
            }
        }
    }

    /** Whether the Service chooses its endpoints by selector. */
    static boolean selecting(JsonNode service) {
        return !ServiceKind.external(service) && !Fields.at(service, "spec", "selector").isEmpty();
    }

    /** The pods a Service selects that have an address and did not end. */
    final List<ObjectNode> selected(ObjectNode service) {
        LabelSelector selector = LabelSelector.ofMap(Fields.at(service, "spec", "selector"));
        return pods.list(Meta.namespace(service)).stream()
                .filter(pod -> selector.matches(Meta.labels(pod)))
                .filter(pod -> !Pods.finished(pod) && !ip(pod).isEmpty())
                .toList();
    }

    static String ip(ObjectNode pod) {
        return Fields.text(pod, "status", "podIP");
    }

    /** Whether a pod counts as an address of its headless Service. */
    static boolean named(ObjectNode service, ObjectNode pod) {
        return !Fields.text(pod, "spec", "hostname").isEmpty()
                && Fields.text(pod, "spec", "subdomain").equals(Meta.name(service));
    }

    /** A reference to a pod, as endpoints carry it. */
    static ObjectNode reference(ObjectNode pod) {
        return Fields.object()
                .put("kind", "Pod")
                .put("namespace", Meta.namespace(pod))
                .put("name", Meta.name(pod))
                .put("uid", Meta.uid(pod));
    }

    /**
     * When the newest change happened that endpoints of this Service have not told yet; empty when
     * nothing did.
     */
    final String triggerTime(ObjectNode service, List<ObjectNode> selected) {
        Instant newest = Meta.created(service);
        Map<String, Boolean> ready = new HashMap<>();
        for (ObjectNode pod : selected) {
            Instant since = Pods.readySince(pod);
            newest = since.isAfter(newest) ? since : newest;
            ready.put(Meta.uid(pod), Pods.ready(pod));
        }
        Trigger now = new Trigger(newest, ready);
        Trigger told = triggers.put(Meta.objectName(service), now);
        boolean news =
                told == null
                        || newest.isAfter(told.time())
                        || !told.ready().entrySet().containsAll(ready.entrySet());
        return news ? Meta.time(newest) : "";
    }

    /** Drops what is remembered of a Service that is gone. */
    final void forget(ObjectName service) {
        triggers.remove(service);
    }

    /** What the last endpoints told: the newest change, and which pods were ready. */
    private record Trigger(Instant time, Map<String, Boolean> ready) {}
}
