package dev.meshdojo.simulator.controller.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gives Services their cluster IPs and node ports while they are written: from 10.96.0.0/16 and
 * 30000-32767, the lower part of each only when asked for by value. Source: Kubernetes' {@code
 * pkg/registry/core/service/storage/alloc.go}. IPv4 only.
 */
public final class ServiceAddresses implements AdmissionPlugin {

    private static final long NETWORK = AddressPool.number("10.96.0.0");
    private static final int ADDRESSES = 65_534;
    private static final int STATIC_ADDRESSES = 256;
    private static final int FIRST_PORT = 30_000;
    private static final int LAST_PORT = 32_767;
    private static final int STATIC_PORTS = 86;

    private final ResourceApi api;
    private final Leases<String> addresses;
    private final Leases<Integer> ports;
    private boolean loaded;

    /**
     * For one API server.
     *
     * @param api to look at the Services that exist
     * @param random where in the ranges to look first
     */
    public ServiceAddresses(ResourceApi api, RandomGenerator random, Clock clock) {
        this.api = api;
        this.addresses =
                new Leases<>(
                        ADDRESSES,
                        STATIC_ADDRESSES,
                        index -> AddressPool.text(NETWORK + 1 + index),
                        this::holdsAddress,
                        random,
                        clock);
        this.ports =
                new Leases<>(
                        LAST_PORT - FIRST_PORT + 1,
                        STATIC_PORTS,
                        index -> FIRST_PORT + index,
                        this::holdsPort,
                        random,
                        clock);
    }

    @Override
    public String name() {
        return "ServiceAddresses";
    }

    private @Nullable ObjectNode stored(ObjectName name) {
        return api.find(ControllerContext.core("services", name.namespace(), name.name()));
    }

    private boolean holdsAddress(ObjectName holder, String address) {
        ObjectNode service = stored(holder);
        return service != null && Fields.text(service, "spec", "clusterIP").equals(address);
    }

    private boolean holdsPort(ObjectName holder, Integer port) {
        ObjectNode service = stored(holder);
        if (service == null) {
            return false;
        }
        if (Fields.number(service, "spec", "healthCheckNodePort") == port) {
            return true;
        }
        return Fields.objects(service, "spec", "ports").stream()
                .anyMatch(entry -> Fields.number(entry, "nodePort") == port);
    }

    /** Forgets everything: the stored Services were replaced. */
    public synchronized void reload() {
        addresses.clear();
        ports.clear();
        loaded = false;
    }

    private synchronized void load() {
        if (loaded) {
            return;
        }
        loaded = true;
        for (ObjectNode service : api.list("", "services", "", "").items()) {
            ObjectName holder = Meta.objectName(service);
            String address = Fields.text(service, "spec", "clusterIP");
            if (!address.isEmpty() && !address.equals("None")) {
                addresses.take(address, holder);
            }
            for (ObjectNode port : Fields.objects(service, "spec", "ports")) {
                int number = Fields.number(port, "nodePort");
                if (number > 0) {
                    ports.take(number, holder);
                }
            }
        }
    }

    @Override
    public Stage stage() {
        return Stage.STORAGE;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode service = request.object();
        boolean write = request.isFor("", "services", List.of(Operation.CREATE, Operation.UPDATE));
        if (!write || service == null) {
            return;
        }
        load();
        ObjectName holder = new ObjectName(request.namespace(), Meta.name(service));
        ObjectNode spec = Fields.child(service, "spec");
        ServiceDefaults.apply(spec);
        ObjectNode old = request.oldObject();
        if (old != null) {
            ServiceDefaults.keepAllocated(spec, old);
        }
        ServiceDefaults.align(spec, old);
        ServiceFamilies.fill(holder.name(), spec, old);
        try {
            allocateAddress(holder, spec, old);
            allocatePorts(holder, spec, old == null);
        } catch (Refused e) {
            throw invalid(holder.name(), e.error);
        }
        if (old != null) {
            ServiceDefaults.dropForType(spec, old);
        }
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode old = request.oldObject();
        boolean given = request.isFor("", "services", List.of(Operation.UPDATE, Operation.DELETE));
        if (!given || old == null || request.dryRun()) {
            return;
        }
        ObjectNode kept = request.object() == null ? Fields.object() : request.object();
        ObjectName holder = Meta.objectName(old);
        String address = Fields.text(old, "spec", "clusterIP");
        if (!address.equals(Fields.text(kept, "spec", "clusterIP"))) {
            addresses.ending(address, holder);
        }
        Set<Integer> numbers = nodePorts(old);
        numbers.removeAll(nodePorts(kept));
        numbers.forEach(port -> ports.ending(port, holder));
    }

    private static Set<Integer> nodePorts(ObjectNode service) {
        Set<Integer> numbers = new HashSet<>();
        for (ObjectNode port : Fields.objects(service, "spec", "ports")) {
            numbers.add(Fields.number(port, "nodePort"));
        }
        numbers.add(Fields.number(service, "spec", "healthCheckNodePort"));
        numbers.remove(0);
        return numbers;
    }

    private static ApiException invalid(String name, FieldError error) {
        return Statuses.invalid("", "Service", name, List.of(error));
    }

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient FieldError error;

        Refused(FieldError error) {
            super(error.toString(), null, false, false);
            this.error = error;
        }
    }

    private void allocateAddress(ObjectName holder, ObjectNode spec, @Nullable ObjectNode old) {
        boolean kept = old != null && !Fields.text(old, "spec", "type").equals("ExternalName");
        if (Fields.text(spec, "type").equals("ExternalName") || kept) {
            return;
        }
        String wanted = Fields.text(spec, "clusterIP");
        if (wanted.equals("None")) {
            return;
        }
        if (wanted.isEmpty()) {
            String free = addresses.takeAny(holder);
            if (free == null) {
                throw new Refused(
                        new FieldError(
                                FieldError.Type.INTERNAL,
                                "spec.clusterIPs",
                                null,
                                "failed to allocate a serviceIP: range is full"));
            }
            wanted = free;
        } else {
            takeAddress(holder, wanted, spec);
        }
        spec.put("clusterIP", wanted);
        spec.putArray("clusterIPs").add(wanted);
    }

    private void takeAddress(ObjectName holder, String wanted, ObjectNode spec) {
        long number;
        try {
            number = AddressPool.number(wanted) - NETWORK;
        } catch (IllegalArgumentException e) {
            return;
        }
        JsonNode given = spec.putArray("clusterIPs").add(wanted);
        if (number < 1 || number > ADDRESSES) {
            throw new Refused(
                    FieldError.invalid(
                            "spec.clusterIPs",
                            given,
                            "failed to allocate IP "
                                    + wanted
                                    + ": the provided network does not match the current range"));
        }
        if (!addresses.take(wanted, holder)) {
            throw new Refused(
                    FieldError.invalid(
                            "spec.clusterIPs",
                            given,
                            "failed to allocate IP "
                                    + wanted
                                    + ": provided IP is already allocated"));
        }
    }

    private void allocatePorts(ObjectName holder, ObjectNode spec, boolean created) {
        ObjectNode service = Fields.object();
        service.set("spec", spec);
        List<ObjectNode> entries = Fields.objects(spec, "ports");
        if (ServiceKind.wantsNodePorts(service)) {
            for (int i = 0; i < entries.size(); i++) {
                takePort(holder, entries, i, created);
            }
        }
        boolean local =
                Fields.text(spec, "type").equals("LoadBalancer")
                        && Fields.text(spec, "externalTrafficPolicy").equals("Local");
        if (local && Fields.number(spec, "healthCheckNodePort") == 0) {
            spec.put("healthCheckNodePort", anyPort(holder, "spec.healthCheckNodePort"));
        }
    }

    private void takePort(ObjectName holder, List<ObjectNode> entries, int index, boolean created) {
        ObjectNode entry = entries.get(index);
        String field = "spec.ports[" + index + "].nodePort";
        int wanted = Fields.number(entry, "nodePort");
        if (wanted == 0) {
            entry.put("nodePort", shared(entries, index, holder, field));
            return;
        }
        if (wanted < FIRST_PORT || wanted > LAST_PORT) {
            throw new Refused(
                    FieldError.invalid(
                            field,
                            entry.get("nodePort"),
                            "provided port is not in the valid range. The range of valid ports is "
                                    + FIRST_PORT
                                    + "-"
                                    + LAST_PORT));
        }
        boolean twice =
                created
                        && entries.subList(0, index).stream()
                                .anyMatch(
                                        other ->
                                                Fields.number(other, "nodePort") == wanted
                                                        && Fields.number(other, "port")
                                                                != Fields.number(entry, "port"));
        if (twice || !ports.take(wanted, holder)) {
            throw new Refused(
                    FieldError.invalid(
                            field, entry.get("nodePort"), "provided port is already allocated"));
        }
    }

    /** The same port over another protocol shares its node port. */
    private int shared(List<ObjectNode> entries, int index, ObjectName holder, String field) {
        ObjectNode entry = entries.get(index);
        for (ObjectNode other : entries) {
            boolean twin =
                    Fields.number(other, "port") == Fields.number(entry, "port")
                            && !EndpointPorts.protocol(other).equals(EndpointPorts.protocol(entry));
            if (twin && Fields.number(other, "nodePort") > 0) {
                return Fields.number(other, "nodePort");
            }
        }
        return anyPort(holder, field);
    }

    private int anyPort(ObjectName holder, String field) {
        Integer free = ports.takeAny(holder);
        if (free == null) {
            throw new Refused(
                    new FieldError(
                            FieldError.Type.INTERNAL,
                            field,
                            null,
                            "failed to allocate a nodePort: range is full"));
        }
        return free;
    }
}
