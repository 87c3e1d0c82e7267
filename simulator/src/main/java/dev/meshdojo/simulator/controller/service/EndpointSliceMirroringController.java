package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies hand-made Endpoints of Services without a selector into EndpointSlices, one slice for each
 * set of ports and family of addresses. Source: Kubernetes' {@code endpointslicemirroring}.
 */
public final class EndpointSliceMirroringController extends Controller {

    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String MANAGER = "endpointslicemirroring-controller.k8s.io";
    private static final String SERVICE_NAME = "kubernetes.io/service-name";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final String LEADER = "control-plane.alpha.kubernetes.io/leader";
    private static final Set<String> NOT_COPIED =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    "endpoints.kubernetes.io/last-change-trigger-time");

    private final Informer endpoints;
    private final Informer services;
    private final Informer slices;

    /** Subscribes; runs once started. */
    public EndpointSliceMirroringController(ControllerContext context) {
        super("endpoint-slice-mirroring-controller", context);
        this.endpoints = context.informer("endpoints");
        this.services = context.informer("services");
        this.slices = context.informer("discovery.k8s.io", "endpointslices");
        endpoints.onEach(object -> queue.add(Meta.objectName(object)));
        services.onEach(service -> queue.add(Meta.objectName(service)));
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
        List<ObjectNode> unused =
                new ArrayList<>(
                        slices.list(target.namespace()).stream()
                                .filter(EndpointSliceMirroringController::managed)
                                .filter(s -> target.name().equals(Meta.labels(s).get(SERVICE_NAME)))
                                .toList());
        ObjectNode source = endpoints.get(target);
        if (source != null && mirrored(source, services.get(target))) {
            for (ObjectNode wanted : wanted(source)) {
                write(source, wanted, unused);
            }
        }
        unused.forEach(this::delete);
    }

    private static boolean mirrored(ObjectNode source, @Nullable ObjectNode service) {
        return service != null
                && !Meta.deleting(source)
                && !Fields.has(service, "spec", "selector")
                && !"true".equals(Meta.labels(source).get(SKIP))
                && Meta.annotation(source, LEADER).isEmpty();
    }

    /** One slice for each list of ports and address family, not named yet. */
    private static List<ObjectNode> wanted(ObjectNode source) {
        Map<List<Object>, ObjectNode> byPorts = new LinkedHashMap<>();
        for (ObjectNode subset : Fields.objects(source, "subsets")) {
            add(byPorts, subset, "addresses", true);
            add(byPorts, subset, "notReadyAddresses", false);
        }
        return List.copyOf(byPorts.values());
    }

    private static void add(
            Map<List<Object>, ObjectNode> byPorts, ObjectNode subset, String field, boolean ready) {
        JsonNode ports = ports(subset);
        for (JsonNode address : subset.path(field)) {
            String ip = Fields.text(address, "ip");
            String family = ip.indexOf(':') >= 0 ? "IPv6" : "IPv4";
            ObjectNode slice =
                    byPorts.computeIfAbsent(
                            List.of(family, ports),
                            _ -> {
                                ObjectNode made = Fields.object().put("addressType", family);
                                made.putArray("endpoints");
                                made.set("ports", ports);
                                return made;
                            });
            ObjectNode endpoint = Fields.list(slice, "endpoints").addObject();
            endpoint.putArray("addresses").add(ip);
            endpoint.putObject("conditions").put("ready", ready);
            for (String copied : List.of("hostname", "nodeName", "targetRef")) {
                if (address.has(copied)) {
                    endpoint.set(copied, address.get(copied).deepCopy());
                }
            }
        }
    }

    private static ArrayNode ports(ObjectNode subset) {
        ArrayNode ports = Fields.object().putArray("ports");
        for (JsonNode port : subset.path("ports")) {
            ObjectNode copy = ports.addObject();
            copy.put("name", Fields.text(port, "name"));
            copy.set("port", port.path("port"));
            copy.set("protocol", port.path("protocol"));
            if (port.has("appProtocol")) {
                copy.set("appProtocol", port.get("appProtocol"));
            }
        }
        return ports;
    }

    private void write(ObjectNode source, ObjectNode wanted, List<ObjectNode> unused) {
        ObjectNode labels = Fields.object(Meta.labels(source));
        labels.put(SERVICE_NAME, Meta.name(source)).put(MANAGED_BY, MANAGER);
        for (ObjectNode slice : unused) {
            boolean fits =
                    Fields.same(slice.path("ports"), wanted.path("ports"))
                            && slice.path("addressType").equals(wanted.path("addressType"));
            if (fits) {
                unused.remove(slice);
                update(slice, wanted, labels);
                return;
            }
        }
        ObjectNode made =
                Fields.manifest("discovery.k8s.io/v1", "EndpointSlice", Meta.namespace(source), "");
        ObjectNode metadata = Fields.child(made, "metadata");
        metadata.put("generateName", Meta.name(source) + "-");
        metadata.set("labels", labels);
        Fields.strings(source, "metadata", "annotations")
                .forEach(
                        (key, value) -> {
                            if (!NOT_COPIED.contains(key)) {
                                Fields.child(metadata, "annotations").put(key, value);
                            }
                        });
        Meta.control(made, source);
        made.setAll(wanted);
        slices.observe(context.api().create(made));
    }

    private void update(ObjectNode slice, ObjectNode wanted, ObjectNode labels) {
        if (Fields.same(slice.path("endpoints"), wanted.path("endpoints"))
                && Fields.same(labels, Fields.at(slice, "metadata", "labels"))) {
            return;
        }
        ObjectNode changed = slice.deepCopy();
        changed.set("endpoints", wanted.get("endpoints"));
        Fields.child(changed, "metadata").set("labels", labels);
        slices.observe(context.api().update(changed));
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
}
