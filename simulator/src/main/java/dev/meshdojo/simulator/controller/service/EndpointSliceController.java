package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.Pods;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps the EndpointSlices of each Service with a selector: 100 endpoints a slice, one set of
 * slices for each set of resolved ports. Source: Kubernetes' {@code endpointslice-controller}.
 */
public final class EndpointSliceController extends ServiceFollower {

    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslice-controller.k8s.io";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String HEADLESS = "service.kubernetes.io/headless";
    private static final int PER_SLICE = 100;

    private final Informer slices;

    /** Subscribes; runs once started. */
    public EndpointSliceController(ControllerContext context) {
        super("endpoint-slice-controller", context);
        this.slices = context.informer("discovery.k8s.io", "endpointslices");
        slices.onEach(
                slice -> {
                    if (managed(slice)) {
                        queue.add(
                                new ObjectName(
                                        Meta.namespace(slice),
                                        Meta.labels(slice).getOrDefault(SERVICE_NAME, "")));
                    }
                });
    }

    private static boolean managed(ObjectNode slice) {
        return MANAGER.equals(Meta.labels(slice).get(MANAGED_BY));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode service = services.get(target);
        List<ObjectNode> present =
                slices.list(target.namespace()).stream()
                        .filter(EndpointSliceController::managed)
                        .filter(s -> target.name().equals(Meta.labels(s).get(SERVICE_NAME)))
                        .toList();
        if (service == null) {
            forget(target);
            present.forEach(this::delete);
            return;
        }
        if (!selecting(service) || Meta.deleting(service)) {
            return;
        }
        List<ObjectNode> selected = selected(service);
        String trigger = triggerTime(service, selected);
        List<ObjectNode> unused = new ArrayList<>(present);
        for (ObjectNode wanted : wanted(service, selected)) {
            write(service, wanted, unused, trigger);
        }
        unused.forEach(this::delete);
    }

    private void delete(ObjectNode slice) {
        context.api()
                .delete(
                        new ResourceKey(
                                "discovery.k8s.io",
                                "endpointslices",
                                Meta.namespace(slice),
                                Meta.name(slice)));
        slices.forget(slice);
    }

    /** The slices there should be, unnamed; an empty Service has one empty slice. */
    private static List<ObjectNode> wanted(ObjectNode service, List<ObjectNode> selected) {
        Map<JsonNode, List<ObjectNode>> byPorts = new LinkedHashMap<>();
        for (ObjectNode pod : selected) {
            byPorts.computeIfAbsent(EndpointPorts.of(service, pod, true), p -> new ArrayList<>())
                    .add(endpoint(service, pod));
        }
        List<ObjectNode> slices = new ArrayList<>();
        byPorts.forEach(
                (ports, endpoints) -> {
                    for (int from = 0; from < endpoints.size(); from += PER_SLICE) {
                        int to = Math.min(endpoints.size(), from + PER_SLICE);
                        slices.add(slice(ports, endpoints.subList(from, to)));
                    }
                });
        if (slices.isEmpty()) {
            slices.add(slice(null, List.of()));
        }
        return slices;
    }

    private static ObjectNode slice(
            @org.jspecify.annotations.Nullable JsonNode ports, List<ObjectNode> endpoints) {
        ObjectNode slice = Fields.object();
        if (ports == null) {
            slice.putNull("endpoints").putNull("ports");
            return slice;
        }
        ArrayNode list = slice.putArray("endpoints");
        endpoints.forEach(list::add);
        slice.set("ports", ports.isEmpty() ? slice.nullNode() : ports);
        return slice;
    }

    private static ObjectNode endpoint(ObjectNode service, ObjectNode pod) {
        ObjectNode endpoint = Fields.object();
        endpoint.putArray("addresses").add(ip(pod));
        boolean serving = Pods.ready(pod);
        boolean terminating = Meta.deleting(pod);
        boolean always = Fields.flag(service, "spec", "publishNotReadyAddresses");
        boolean ready = always || (serving && !terminating);
        endpoint.putObject("conditions")
                .put("ready", ready)
                .put("serving", serving)
                .put("terminating", terminating);
        if (named(service, pod)) {
            endpoint.put("hostname", Fields.text(pod, "spec", "hostname"));
        }
        String node = Fields.text(pod, "spec", "nodeName");
        if (!node.isEmpty()) {
            endpoint.put("nodeName", node);
        }
        String distribution = Fields.text(service, "spec", "trafficDistribution");
        if (distribution.equals("PreferSameNode") && ready && !node.isEmpty()) {
            endpoint.putObject("hints").putArray("forNodes").addObject().put("name", node);
        }
        endpoint.set("targetRef", reference(pod));
        return endpoint;
    }

    private void write(
            ObjectNode service, ObjectNode wanted, List<ObjectNode> unused, String trigger) {
        ObjectNode labels = labels(service);
        ObjectNode reuse = best(wanted, unused);
        if (reuse == null) {
            create(service, wanted, labels, trigger);
            return;
        }
        unused.remove(reuse);
        boolean same =
                Fields.same(list(wanted, "endpoints"), list(reuse, "endpoints"))
                        && Fields.same(list(wanted, "ports"), list(reuse, "ports"))
                        && Fields.same(labels, Fields.at(reuse, "metadata", "labels"));
        if (same) {
            return;
        }
        ObjectNode changed = reuse.deepCopy();
        changed.set("endpoints", wanted.get("endpoints"));
        changed.set("ports", wanted.get("ports"));
        Fields.child(changed, "metadata").set("labels", labels);
        if (trigger.isEmpty()) {
            Fields.child(changed, "metadata", "annotations").remove(TRIGGER_TIME);
        } else {
            Fields.child(changed, "metadata", "annotations").put(TRIGGER_TIME, trigger);
        }
        slices.observe(context.api().update(changed));
    }

    private void create(ObjectNode service, ObjectNode wanted, ObjectNode labels, String trigger) {
        ObjectNode made =
                Fields.manifest(
                        "discovery.k8s.io/v1", "EndpointSlice", Meta.namespace(service), "");
        ObjectNode metadata = Fields.child(made, "metadata");
        metadata.put("generateName", Meta.name(service) + "-");
        metadata.set("labels", labels);
        if (!trigger.isEmpty()) {
            Fields.child(metadata, "annotations").put(TRIGGER_TIME, trigger);
        }
        Meta.control(made, service);
        made.put("addressType", "IPv4");
        made.setAll(wanted);
        slices.observe(context.api().create(made));
    }

    private static JsonNode list(ObjectNode slice, String field) {
        JsonNode list = slice.path(field);
        return list.isArray() ? list : Fields.object().putArray("none");
    }

    /** The slice that shares most with the wanted one; null when there is none. */
    private static @org.jspecify.annotations.Nullable ObjectNode best(
            ObjectNode wanted, List<ObjectNode> unused) {
        Set<String> addresses = addresses(wanted);
        ObjectNode best = null;
        int most = -1;
        for (ObjectNode slice : unused) {
            Set<String> common = addresses(slice);
            common.retainAll(addresses);
            int score =
                    common.size() * 2
                            + (Fields.same(list(wanted, "ports"), list(slice, "ports")) ? 1 : 0);
            if (score > most) {
                best = slice;
                most = score;
            }
        }
        return best;
    }

    private static Set<String> addresses(ObjectNode slice) {
        Set<String> found = new HashSet<>();
        slice.path("endpoints").forEach(e -> found.add(e.path("addresses").path(0).asText()));
        return found;
    }

    private static ObjectNode labels(ObjectNode service) {
        ObjectNode labels = Fields.object(Meta.labels(service));
        labels.put(SERVICE_NAME, Meta.name(service)).put(MANAGED_BY, MANAGER);
        if (ServiceKind.headless(service)) {
            labels.put(HEADLESS, "");
        }
        return labels;
    }
}
