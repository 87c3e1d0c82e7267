package dev.meshdojo.simulator.apiserver.quota;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.builtin.Amount;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What the objects of a namespace use of a quota's resources in all. Pure. */
public final class QuotaUsage {

    private static final List<String> COUNTED =
            List.of(
                    "pods",
                    "services",
                    "persistentvolumeclaims",
                    "configmaps",
                    "secrets",
                    "replicationcontrollers",
                    "resourcequotas");

    private QuotaUsage() {}

    /** The kinds that a quota's resources are about, such as {@code deployments.apps}. */
    public static SortedSet<String> kinds(JsonNode quota) {
        TreeSet<String> kinds = new TreeSet<>();
        quota.path("spec")
                .path("hard")
                .properties()
                .forEach(
                        entry -> {
                            String resource = entry.getKey();
                            if (resource.startsWith("count/")) {
                                kinds.add(resource.substring("count/".length()));
                            }
                            COUNTED.stream()
                                    .filter(kind -> ObjectUsage.concerns(kind, resource))
                                    .forEach(kinds::add);
                        });
        return kinds;
    }

    /**
     * Counts anew.
     *
     * @param objects the objects of a kind in the quota's namespace; none for kinds not served
     * @return {@code status.used}, by resource
     */
    public static Map<String, Amount> count(
            ObjectNode quota, Function<String, List<ObjectNode>> objects, Instant now) {
        Map<String, Amount> used = new TreeMap<>();
        JsonNode hard = quota.path("spec").path("hard");
        for (String kind : kinds(quota)) {
            hard.properties()
                    .forEach(
                            entry -> {
                                if (ObjectUsage.concerns(kind, entry.getKey())) {
                                    used.putIfAbsent(entry.getKey(), Amount.ZERO);
                                }
                            });
            for (ObjectNode object : objects.apply(kind)) {
                if (QuotaScopes.fit(quota.path("spec"), kind, object)) {
                    ObjectUsage.of(kind, object, now)
                            .forEach(
                                    (resource, amount) ->
                                            used.computeIfPresent(
                                                    resource, (_, sum) -> sum.plus(amount)));
                }
            }
        }
        return used;
    }
}
