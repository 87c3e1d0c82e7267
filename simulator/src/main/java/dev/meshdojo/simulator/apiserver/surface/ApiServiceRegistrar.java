package dev.meshdojo.simulator.apiserver.surface;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Keeps one APIService for each served group and version, as kube-aggregator's autoregistration
 * does. Works on a thread of its own; close it with the server.
 */
final class ApiServiceRegistrar implements AutoCloseable {

    /** The aggregator's group, which it serves itself. */
    private static final String OWN_GROUP = "apiregistration.k8s.io";

    private static final Logger LOG = System.getLogger(ApiServiceRegistrar.class.getName());
    private static final int CUSTOM_GROUP_PRIORITY = 1000;
    private static final int CUSTOM_VERSION_PRIORITY = 100;
    private static final int CORE_VERSION_PRIORITY = 1;
    private static final int BUILT_IN_VERSION_PRIORITY = 15;

    private static final Map<String, Integer> GROUP_PRIORITIES =
            Map.ofEntries(
                    Map.entry("", 18000),
                    Map.entry("apiregistration.k8s.io", 18000),
                    Map.entry("apps", 17800),
                    Map.entry("events.k8s.io", 17750),
                    Map.entry("authentication.k8s.io", 17700),
                    Map.entry("authorization.k8s.io", 17600),
                    Map.entry("autoscaling", 17500),
                    Map.entry("batch", 17400),
                    Map.entry("certificates.k8s.io", 17300),
                    Map.entry("networking.k8s.io", 17200),
                    Map.entry("policy", 17100),
                    Map.entry("rbac.authorization.k8s.io", 17000),
                    Map.entry("storage.k8s.io", 16800),
                    Map.entry("admissionregistration.k8s.io", 16700),
                    Map.entry("apiextensions.k8s.io", 16700),
                    Map.entry("scheduling.k8s.io", 16600),
                    Map.entry("coordination.k8s.io", 16500),
                    Map.entry("node.k8s.io", 16300),
                    Map.entry("discovery.k8s.io", 16200),
                    Map.entry("flowcontrol.apiserver.k8s.io", 16100),
                    Map.entry("resource.k8s.io", 15900));

    private final ResourceApi api;
    private final ResourceRegistry registry;
    private final InstantSource clock;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(
                    Thread.ofVirtual().name("apiservice-registration").factory());

    private record Service(String group, String version, boolean custom) {
        String name() {
            return version + "." + group;
        }
    }

    ApiServiceRegistrar(ResourceApi api, ResourceRegistry registry, InstantSource clock) {
        this.api = api;
        this.registry = registry;
        this.clock = clock;
    }

    /** Begins to follow the registry. */
    void start() {
        registry.onChange(this::requestSync);
        requestSync();
    }

    private void requestSync() {
        if (!worker.isShutdown()) {
            worker.execute(this::sync);
        }
    }

    private void sync() {
        Map<String, Service> wanted = new LinkedHashMap<>();
        for (ResourceDefinition resource : registry.all()) {
            for (ResourceDefinition.Version version : resource.versions()) {
                if (version.served() && !resource.group().equals(OWN_GROUP)) {
                    Service service =
                            new Service(resource.group(), version.name(), resource.custom());
                    wanted.putIfAbsent(service.name(), service);
                }
            }
        }
        try {
            Set<String> present = new HashSet<>();
            for (ObjectNode existing : api.list(OWN_GROUP, "apiservices", "", "").items()) {
                String name = existing.path("metadata").path("name").asText();
                present.add(name);
                boolean managed =
                        existing.path("metadata")
                                .path("labels")
                                .has("kube-aggregator.kubernetes.io/automanaged");
                if (managed && !wanted.containsKey(name)) {
                    api.delete(key(name));
                }
            }
            wanted.forEach(
                    (name, service) -> {
                        if (!present.contains(name)) {
                            register(service);
                        }
                    });
        } catch (ApiException e) {
            LOG.log(Level.DEBUG, "APIServices not in step yet", e);
        }
    }

    private static ResourceKey key(String name) {
        return new ResourceKey(OWN_GROUP, "apiservices", "", name);
    }

    private void register(Service service) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "apiregistration.k8s.io/v1").put("kind", "APIService");
        object.putObject("metadata")
                .put("name", service.name())
                .putObject("labels")
                .put(
                        "kube-aggregator.kubernetes.io/automanaged",
                        service.custom() ? "true" : "onstart");
        ObjectNode spec = object.putObject("spec");
        if (!service.group().isEmpty()) {
            spec.put("group", service.group());
        }
        int priority =
                service.custom()
                        ? CUSTOM_GROUP_PRIORITY
                        : GROUP_PRIORITIES.getOrDefault(service.group(), CUSTOM_GROUP_PRIORITY);
        spec.put("groupPriorityMinimum", priority);
        spec.put("version", service.version());
        spec.put(
                "versionPriority",
                service.custom()
                        ? CUSTOM_VERSION_PRIORITY
                        : service.group().isEmpty()
                                ? CORE_VERSION_PRIORITY
                                : BUILT_IN_VERSION_PRIORITY);
        api.create(object);
        api.editStatus(key(service.name()), live -> live == null ? null : available(live));
    }

    private ObjectNode available(ObjectNode live) {
        live.putObject("status")
                .putArray("conditions")
                .addObject()
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("message", "Local APIServices are always available")
                .put("reason", "Local")
                .put("status", "True")
                .put("type", "Available");
        return live;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
