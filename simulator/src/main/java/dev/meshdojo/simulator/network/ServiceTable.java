package dev.meshdojo.simulator.network;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The Services and endpoints of the cluster as informers last told them. Thread-safe; lookups never
 * block.
 */
final class ServiceTable {

    /** {@code namespace/name}. */
    record Key(String namespace, String name) {}

    private final Map<Key, ServiceRecord> services = new ConcurrentHashMap<>();
    private final Map<Key, Slice> slices = new ConcurrentHashMap<>();
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile Map<String, ServiceRecord> byAddress = Map.of();
    private volatile Map<Key, List<EndpointRecord>> endpoints = Map.of();

    private record Slice(Key service, List<EndpointRecord> endpoints) {}

    /** Calls {@code changed} after each change, on the thread that made it. */
    void onChange(Runnable changed) {
        watchers.add(changed);
    }

    synchronized void putService(JsonNode service) {
        ServiceRecord entry = ServiceRecord.of(service);
        services.put(new Key(entry.namespace(), entry.name()), entry);
        indexServices();
    }

    synchronized void removeService(String namespace, String name) {
        services.remove(new Key(namespace, name));
        indexServices();
    }

    private void indexServices() {
        Map<String, ServiceRecord> index = new HashMap<>();
        for (ServiceRecord service : services.values()) {
            service.externalIps().forEach(ip -> index.put(ip, service));
        }
        for (ServiceRecord service : services.values()) {
            service.clusterIps().forEach(ip -> index.put(ip, service));
        }
        byAddress = index;
        watchers.forEach(Runnable::run);
    }

    synchronized void putSlice(JsonNode slice) {
        JsonNode metadata = slice.path("metadata");
        String namespace = metadata.path("namespace").asText();
        String service = metadata.path("labels").path("kubernetes.io/service-name").asText();
        slices.put(
                new Key(namespace, metadata.path("name").asText()),
                new Slice(new Key(namespace, service), EndpointRecord.of(slice)));
        indexEndpoints();
    }

    synchronized void removeSlice(String namespace, String name) {
        slices.remove(new Key(namespace, name));
        indexEndpoints();
    }

    private void indexEndpoints() {
        Map<Key, List<EndpointRecord>> index = new HashMap<>();
        for (Slice slice : slices.values()) {
            index.computeIfAbsent(slice.service(), k -> new java.util.ArrayList<>())
                    .addAll(slice.endpoints());
        }
        endpoints = index;
        watchers.forEach(Runnable::run);
    }

    Collection<ServiceRecord> services() {
        return services.values();
    }

    @Nullable ServiceRecord service(String namespace, String name) {
        return services.get(new Key(namespace, name));
    }

    /** The Service that owns a cluster IP or an external one. */
    @Nullable ServiceRecord byAddress(String ip) {
        return byAddress.get(ip);
    }

    /**
     * The Service that owns an address, or the first by name that leads to it; {@code
     * namespace/name}, or null.
     */
    @Nullable String nameOf(String ip) {
        ServiceRecord owner = byAddress.get(ip);
        if (owner != null) {
            return owner.fullName();
        }
        return endpoints.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(e -> e.ip().equals(ip)))
                .map(entry -> entry.getKey().namespace() + "/" + entry.getKey().name())
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The Service with that node port, or null. */
    @Nullable ServiceRecord byNodePort(int nodePort) {
        for (ServiceRecord service : services.values()) {
            for (ServiceRecord.Port port : service.ports()) {
                if (port.nodePort() == nodePort) {
                    return service;
                }
            }
        }
        return null;
    }

    /** The endpoints that may get traffic. */
    List<EndpointRecord> ready(ServiceRecord service) {
        List<EndpointRecord> all =
                endpoints.getOrDefault(new Key(service.namespace(), service.name()), List.of());
        return service.publishNotReady()
                ? all
                : all.stream().filter(EndpointRecord::ready).toList();
    }
}
