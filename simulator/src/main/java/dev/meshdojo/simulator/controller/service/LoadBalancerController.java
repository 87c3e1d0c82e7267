package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives LoadBalancer Services addresses from a pool and tells of it as MetalLB 0.14 does in layer 2
 * mode: controller and speaker in one. A cluster without this controller leaves them pending.
 */
public final class LoadBalancerController extends Controller {

    private static final String FROM_POOL = "metallb.io/ip-allocated-from-pool";
    private static final String WANTED_POOL = "metallb.io/address-pool";
    private static final String WANTED_IPS = "metallb.io/loadBalancerIPs";

    private final AddressPool pool;
    private final Informer services;
    private final Informer nodes;
    private final EventRecorder events;
    private final EventRecorder speaker;

    /** Subscribes; runs once started. */
    public LoadBalancerController(ControllerContext context, AddressPool pool) {
        super("metallb-controller", context);
        this.pool = pool;
        this.services = context.informer("services");
        this.nodes = context.informer("nodes");
        this.events = new EventRecorder(context, "metallb-controller");
        this.speaker = new EventRecorder(context, "metallb-speaker");
        services.onChange(
                (before, after) -> {
                    if (after != null) {
                        queue.add(Meta.objectName(after));
                    }
                    boolean freed =
                            before != null
                                    && !address(before).isEmpty()
                                    && (after == null || address(after).isEmpty());
                    if (freed) {
                        services.list("").stream()
                                .filter(LoadBalancerController::ours)
                                .filter(service -> address(service).isEmpty())
                                .forEach(service -> queue.add(Meta.objectName(service)));
                    }
                });
    }

    private static boolean ours(JsonNode service) {
        return ServiceKind.balanced(service)
                && Fields.text(service, "spec", "loadBalancerClass").isEmpty();
    }

    private static String address(JsonNode service) {
        return Fields.text(Fields.at(service, "status", "loadBalancer", "ingress").path(0), "ip");
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode service = services.get(target);
        if (service == null || Meta.deleting(service)) {
            return;
        }
        if (!ours(service)) {
            if (!Meta.annotation(service, FROM_POOL).isEmpty()) {
                clear(target);
            }
            return;
        }
        String held = address(service);
        if (!held.isEmpty() && pool.contains(held)) {
            return;
        }
        allocate(service, target);
    }

    private void allocate(ObjectNode service, ObjectName target) {
        String wanted = wanted(service);
        String poolWanted = Meta.annotation(service, WANTED_POOL);
        Set<String> taken = taken();
        String problem = "";
        String free = null;
        if (!poolWanted.isEmpty() && !poolWanted.equals(pool.name())) {
            problem = "unknown pool \"" + poolWanted + "\"";
        } else if (wanted.isEmpty()) {
            free = pool.firstFree(taken);
            problem = "no available IPs";
        } else if (!pool.contains(wanted)) {
            problem = "[\"" + wanted + "\"] is not allowed in config";
        } else if (taken.contains(wanted)) {
            problem = "can't change sharing key for \"%s\", address also in use".formatted(target);
        } else {
            free = wanted;
        }
        if (free == null) {
            events.event(
                    service,
                    EventRecorder.WARNING,
                    "AllocationFailed",
                    "Failed to allocate IP for \"%s\": %s".formatted(target, problem));
            return;
        }
        assign(service, target, free);
    }

    private static String wanted(ObjectNode service) {
        String annotated = Meta.annotation(service, WANTED_IPS);
        return annotated.isEmpty() ? Fields.text(service, "spec", "loadBalancerIP") : annotated;
    }

    private Set<String> taken() {
        Set<String> taken = new HashSet<>();
        services.list("").forEach(service -> taken.add(address(service)));
        return taken;
    }

    private void assign(ObjectNode service, ObjectName target, String address) {
        var key = ControllerContext.core("services", target.namespace(), target.name());
        context.api()
                .edit(
                        key,
                        copy -> {
                            if (copy == null) {
                                return null;
                            }
                            Fields.child(copy, "metadata", "annotations")
                                    .put(FROM_POOL, pool.name());
                            return copy;
                        });
        ObjectNode stored = setAddress(target, address);
        if (stored == null) {
            return;
        }
        events.event(
                service, EventRecorder.NORMAL, "IPAllocated", "Assigned IP [\"" + address + "\"]");
        nodes.list("").stream()
                .findFirst()
                .ifPresent(
                        node ->
                                speaker.event(
                                        service,
                                        EventRecorder.NORMAL,
                                        "nodeAssigned",
                                        "announcing from node \"%s\" with protocol \"layer2\""
                                                .formatted(Meta.name(node))));
    }

    private void clear(ObjectName target) {
        var key = ControllerContext.core("services", target.namespace(), target.name());
        context.api()
                .edit(
                        key,
                        copy -> {
                            if (copy == null) {
                                return null;
                            }
                            Fields.child(copy, "metadata", "annotations").remove(FROM_POOL);
                            return copy;
                        });
        setAddress(target, "");
    }

    private @Nullable ObjectNode setAddress(ObjectName target, String address) {
        ObjectNode stored =
                context.api()
                        .editStatus(
                                ControllerContext.core(
                                        "services", target.namespace(), target.name()),
                                copy -> {
                                    if (copy == null) {
                                        return null;
                                    }
                                    ObjectNode balancer = Fields.object();
                                    if (!address.isEmpty()) {
                                        balancer.putArray("ingress")
                                                .addObject()
                                                .put("ip", address)
                                                .put("ipMode", "VIP");
                                    }
                                    Fields.child(copy, "status").set("loadBalancer", balancer);
                                    return copy;
                                });
        return stored == null ? null : services.observe(stored);
    }
}
