package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the deprecated Endpoints object of each Service with a selector. Source: Kubernetes' {@code
 * endpoint-controller}.
 */
public final class EndpointsController extends ServiceFollower {

    private static final String MANAGED_BY = "endpoints.kubernetes.io/managed-by";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final int MOST_ADDRESSES = 1000;

    private final Informer endpoints;

    /** Subscribes; runs once started. */
    public EndpointsController(ControllerContext context) {
        super("endpoint-controller", context);
        this.endpoints = context.informer("endpoints");
        endpoints.onEach(object -> queue.add(Meta.objectName(object)));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode service = services.get(target);
        ObjectNode present = endpoints.get(target);
        if (service == null) {
            forget(target);
            boolean ours =
                    present != null
                            && "endpoint-controller".equals(Meta.labels(present).get(MANAGED_BY));
            if (present != null && ours) {
                context.api()
                        .delete(
                                ControllerContext.core(
                                        "endpoints", target.namespace(), target.name()));
                endpoints.forget(present);
            }
            return;
        }
        if (!selecting(service)) {
            return;
        }
        List<ObjectNode> selected = selected(service);
        ArrayNode subsets = subsets(service, selected);
        ObjectNode labels = Fields.object(Meta.labels(service));
        labels.put(MANAGED_BY, "endpoint-controller");
        if (ServiceKind.headless(service)) {
            labels.put(HEADLESS, "");
        }
        String trigger = triggerTime(service, selected);
        boolean same =
                present != null
                        && Fields.same(subsets, list(present))
                        && Fields.same(labels, Fields.at(present, "metadata", "labels"));
        if (!same) {
            write(target, present, subsets, labels, trigger);
        }
    }

    private static JsonNode list(ObjectNode present) {
        JsonNode subsets = present.path("subsets");
        return subsets.isArray() ? subsets : Fields.object().putArray("none");
    }

    private void write(
            ObjectName target,
            @org.jspecify.annotations.Nullable ObjectNode present,
            ArrayNode subsets,
            ObjectNode labels,
            String trigger) {
        ObjectNode object =
                present == null
                        ? Fields.manifest("v1", "Endpoints", target.namespace(), target.name())
                        : present.deepCopy();
        ObjectNode metadata = Fields.child(object, "metadata");
        metadata.set("labels", labels);
        if (trigger.isEmpty()) {
            Fields.child(metadata, "annotations").remove(TRIGGER_TIME);
            if (metadata.path("annotations").isEmpty()) {
                metadata.remove("annotations");
            }
        } else {
            Fields.child(metadata, "annotations").put(TRIGGER_TIME, trigger);
        }
        if (subsets.isEmpty()) {
            object.remove("subsets");
        } else {
            object.set("subsets", subsets);
        }
        endpoints.observe(
                present == null ? context.api().create(object) : context.api().update(object));
    }

    /** Addresses with the same ports together, in address order. */
    private static ArrayNode subsets(ObjectNode service, List<ObjectNode> selected) {
        boolean always = Fields.flag(service, "spec", "publishNotReadyAddresses");
        Map<JsonNode, Map<String, ObjectNode>> ready = new LinkedHashMap<>();
        Map<JsonNode, Map<String, ObjectNode>> waiting = new LinkedHashMap<>();
        int count = 0;
        for (ObjectNode pod : selected) {
            if ((Meta.deleting(pod) && !always) || count++ >= MOST_ADDRESSES) {
                continue;
            }
            JsonNode ports = EndpointPorts.of(service, pod, false);
            boolean serves = always || Pods.ready(pod);
            if (!serves
                    && Fields.text(pod, "spec", "restartPolicy").equals("Never")
                    && Pods.phase(pod).equals("Failed")) {
                continue;
            }
            ready.computeIfAbsent(ports, p -> new TreeMap<>());
            waiting.computeIfAbsent(ports, p -> new TreeMap<>());
            (serves ? ready : waiting)
                    .computeIfAbsent(ports, p -> new TreeMap<>())
                    .put(ip(pod), address(service, pod));
        }
        ArrayNode subsets = Fields.object().putArray("subsets");
        ready.forEach(
                (ports, addresses) -> {
                    if (ports.isEmpty() && !ServiceKind.headless(service)) {
                        return;
                    }
                    ObjectNode subset = subsets.addObject();
                    put(subset, "addresses", addresses);
                    put(subset, "notReadyAddresses", waiting.getOrDefault(ports, Map.of()));
                    if (!ports.isEmpty()) {
                        subset.set("ports", ports);
                    }
                });
        return subsets;
    }

    private static void put(ObjectNode subset, String field, Map<String, ObjectNode> addresses) {
        if (!addresses.isEmpty()) {
            ArrayNode list = subset.putArray(field);
            addresses.values().forEach(list::add);
        }
    }

    private static ObjectNode address(ObjectNode service, ObjectNode pod) {
        ObjectNode address = Fields.object();
        if (named(service, pod)) {
            address.put("hostname", Fields.text(pod, "spec", "hostname"));
        }
        address.put("ip", ip(pod));
        String node = Fields.text(pod, "spec", "nodeName");
        if (!node.isEmpty()) {
            address.put("nodeName", node);
        }
        address.set("targetRef", reference(pod));
        return address;
    }
}
