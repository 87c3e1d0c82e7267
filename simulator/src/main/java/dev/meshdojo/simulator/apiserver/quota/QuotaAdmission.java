package dev.meshdojo.simulator.apiserver.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import dev.meshdojo.simulator.apiserver.builtin.PodTotals;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/**
 * Refuses what would use more of a namespace than its ResourceQuotas allow, and charges what it
 * lets pass. A quota is in force once a controller has written its status. Source: {@code
 * k8s.io/apiserver/pkg/admission/plugin/resourcequota}. Thread-safe.
 */
public final class QuotaAdmission implements AdmissionPlugin {

    private static final Set<String> REQUIRED =
            Set.of(
                    "cpu",
                    "memory",
                    "requests.cpu",
                    "requests.memory",
                    "limits.cpu",
                    "limits.memory");

    private final ResourceApi api;
    private final InstantSource clock;
    private final ReentrantLock charging = new ReentrantLock();

    /**
     * @param api where quotas are read and charged
     * @param clock tells when deleted pods count no more
     */
    public QuotaAdmission(ResourceApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "ResourceQuota";
    }

    @Override
    public Stage stage() {
        return Stage.QUOTA;
    }

    @Override
    public void validate(AdmissionRequest request) {
        ObjectNode object = request.object();
        if (object == null || request.namespace().isEmpty() || !handles(request, object)) {
            return;
        }
        charging.lock();
        try {
            List<ObjectNode> quotas =
                    api.list("", "resourcequotas", request.namespace(), "").items();
            if (!quotas.isEmpty()) {
                charge(request, object, quotas);
            }
        } finally {
            charging.unlock();
        }
    }

    private static boolean handles(AdmissionRequest request, ObjectNode object) {
        boolean update = request.operation() == Operation.UPDATE;
        String kind = request.type().groupResource();
        if (kind.equals("pods") && request.subresource().equals("resize")) {
            return update;
        }
        if (!request.subresource().isEmpty()) {
            return false;
        }
        ObjectNode old = request.oldObject();
        return switch (kind) {
            case "pods" ->
                    !update
                            || (old != null
                                    && QuotaScopes.terminating(old)
                                            != QuotaScopes.terminating(object));
            case "services", "persistentvolumeclaims" -> true;
            default -> !update;
        };
    }

    private void charge(AdmissionRequest request, ObjectNode object, List<ObjectNode> quotas) {
        String kind = request.type().groupResource();
        List<ObjectNode> concerned = new ArrayList<>();
        for (ObjectNode quota : quotas) {
            SortedSet<String> resources = resources(quota, kind);
            if (!resources.isEmpty() && QuotaScopes.fit(quota.path("spec"), kind, object)) {
                requireAll(request, object, quota, resources);
                concerned.add(quota);
            }
        }
        Map<String, Amount> delta = delta(request, kind, object);
        if (concerned.isEmpty() || delta.isEmpty()) {
            return;
        }
        for (ObjectNode quota : concerned) {
            check(request, quota, delta);
        }
        if (!request.dryRun()) {
            concerned.forEach(quota -> add(quota, delta));
        }
    }

    private static SortedSet<String> resources(ObjectNode quota, String kind) {
        TreeSet<String> resources = new TreeSet<>();
        hard(quota)
                .properties()
                .forEach(
                        entry -> {
                            if (ObjectUsage.concerns(kind, entry.getKey())) {
                                resources.add(entry.getKey());
                            }
                        });
        return resources;
    }

    private static JsonNode hard(ObjectNode quota) {
        return quota.path("status").path("hard");
    }

    /** Containers have to say how much they want of what a quota limits. */
    private static void requireAll(
            AdmissionRequest request,
            ObjectNode object,
            ObjectNode quota,
            SortedSet<String> resources) {
        if (request.type().groupResource().equals("pods") && !PodTotals.podLevel(object)) {
            Map<String, TreeSet<String>> missing = new TreeMap<>();
            for (String list : List.of("containers", "initContainers")) {
                for (JsonNode container : object.path("spec").path(list)) {
                    Set<String> named =
                            ObjectUsage.compute(
                                            PodTotals.list(container, "requests"),
                                            PodTotals.list(container, "limits"))
                                    .keySet();
                    for (String resource : resources) {
                        if (REQUIRED.contains(resource) && !named.contains(resource)) {
                            missing.computeIfAbsent(resource, _ -> new TreeSet<>())
                                    .add(container.path("name").asText());
                        }
                    }
                }
            }
            if (!missing.isEmpty()) {
                String all =
                        missing.entrySet().stream()
                                .map(
                                        entry ->
                                                entry.getKey()
                                                        + " for: "
                                                        + String.join(",", entry.getValue()))
                                .collect(Collectors.joining("; "));
                throw refuse(request, "failed quota: " + name(quota) + ": must specify " + all);
            }
        }
        JsonNode used = quota.path("status").path("used");
        List<String> unknown = resources.stream().filter(resource -> !used.has(resource)).toList();
        if (!unknown.isEmpty()) {
            throw refuse(
                    request,
                    "status unknown for quota: "
                            + name(quota)
                            + ", resources: "
                            + String.join(",", unknown));
        }
    }

    private Map<String, Amount> delta(AdmissionRequest request, String kind, ObjectNode object) {
        Instant now = clock.instant();
        Map<String, Amount> delta = new TreeMap<>(ObjectUsage.of(kind, object, now));
        ObjectNode old = request.oldObject();
        if (old != null) {
            ObjectUsage.of(kind, old, now)
                    .forEach(
                            (resource, amount) ->
                                    delta.merge(resource, Amount.ZERO.minus(amount), Amount::plus));
        }
        delta.values().removeIf(Amount::isZero);
        return delta;
    }

    private static void check(
            AdmissionRequest request, ObjectNode quota, Map<String, Amount> delta) {
        SortedMap<String, Amount> requested = new TreeMap<>();
        SortedMap<String, Amount> used = new TreeMap<>();
        SortedMap<String, Amount> limited = new TreeMap<>();
        Map<String, Amount> hard = PodTotals.amounts(hard(quota));
        Map<String, Amount> now = PodTotals.amounts(quota.path("status").path("used"));
        delta.forEach(
                (resource, more) -> {
                    Amount limit = hard.get(resource);
                    Amount before = now.getOrDefault(resource, Amount.ZERO);
                    if (limit != null && before.plus(more).compareTo(limit) > 0) {
                        requested.put(resource, more);
                        used.put(resource, before);
                        limited.put(resource, limit);
                    }
                });
        if (!requested.isEmpty()) {
            throw refuse(
                    request,
                    "exceeded quota: "
                            + name(quota)
                            + ", requested: "
                            + listed(requested)
                            + ", used: "
                            + listed(used)
                            + ", limited: "
                            + listed(limited));
        }
    }

    private static String listed(SortedMap<String, Amount> amounts) {
        return amounts.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static String name(ObjectNode quota) {
        return quota.path("metadata").path("name").asText();
    }

    private void add(ObjectNode quota, Map<String, Amount> delta) {
        JsonNode metadata = quota.path("metadata");
        api.editStatus(
                new ResourceKey(
                        "",
                        "resourcequotas",
                        metadata.path("namespace").asText(),
                        metadata.path("name").asText()),
                current -> {
                    if (current == null
                            || !(current.path("status").get("used") instanceof ObjectNode used)) {
                        return null;
                    }
                    delta.forEach(
                            (resource, more) -> {
                                if (used.has(resource)) {
                                    Amount sum = Amount.of(used.path(resource).asText()).plus(more);
                                    used.put(resource, sum.toString());
                                }
                            });
                    return current;
                });
    }

    private static RuntimeException refuse(AdmissionRequest request, String why) {
        return Statuses.forbidden(
                request.type().group(), request.type().plural(), request.name(), why);
    }
}
