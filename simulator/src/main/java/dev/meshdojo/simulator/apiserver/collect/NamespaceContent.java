package dev.meshdojo.simulator.apiserver.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What still keeps a namespace from ending, as its conditions say.
 *
 * @param resources number of objects by {@code plural.group}
 * @param finalizers number of objects by finalizer
 */
record NamespaceContent(Map<String, Integer> resources, Map<String, Integer> finalizers) {

    static NamespaceContent of(ApiCore core, String namespace) {
        Map<String, Integer> resources = new TreeMap<>();
        Map<String, Integer> finalizers = new TreeMap<>();
        String prefix = namespace + "/";
        for (ResourceDefinition definition : core.registry().all()) {
            boolean counted =
                    definition.namespaced()
                            && definition.allows("delete")
                            && !definition.group().equals("events.k8s.io");
            if (!counted) {
                continue;
            }
            core.store()
                    .snapshot(definition.bucket())
                    .objects()
                    .forEachFrom(
                            prefix,
                            (key, object) -> {
                                if (!key.startsWith(prefix)) {
                                    return false;
                                }
                                resources.merge(
                                        definition.plural() + "." + definition.group(),
                                        1,
                                        Integer::sum);
                                Meta.finalizers(object)
                                        .forEach(name -> finalizers.merge(name, 1, Integer::sum));
                                return true;
                            });
        }
        return new NamespaceContent(resources, finalizers);
    }

    boolean isEmpty() {
        return resources.isEmpty();
    }

    /** Writes the conditions; null when they say so already. */
    @Nullable ObjectNode reportIn(ObjectNode namespace, String now) {
        ArrayNode conditions = namespace.arrayNode();
        condition(
                conditions,
                "NamespaceDeletionDiscoveryFailure",
                "False",
                "ResourcesDiscovered",
                "All resources successfully discovered");
        condition(
                conditions,
                "NamespaceDeletionGroupVersionParsingFailure",
                "False",
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed");
        condition(
                conditions,
                "NamespaceDeletionContentFailure",
                "False",
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization");
        condition(
                conditions,
                "NamespaceContentRemaining",
                "True",
                "SomeResourcesRemain",
                "Some resources are remaining: " + join(resources, " has "));
        boolean held = !finalizers.isEmpty();
        condition(
                conditions,
                "NamespaceFinalizersRemaining",
                held ? "True" : "False",
                held ? "SomeFinalizersRemain" : "ContentHasNoFinalizers",
                held
                        ? "Some content in the namespace has finalizers remaining: "
                                + join(finalizers, " in ")
                        : "All content-preserving finalizers finished");
        if (sameWords(namespace.path("status").path("conditions"), conditions)) {
            return null;
        }
        conditions.forEach(each -> ((ObjectNode) each).put("lastTransitionTime", now));
        namespace.withObject("/status").set("conditions", conditions);
        return namespace;
    }

    private static boolean sameWords(JsonNode before, ArrayNode now) {
        if (before.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!before.get(i).path("message").equals(now.get(i).path("message"))) {
                return false;
            }
        }
        return true;
    }

    private static void condition(
            ArrayNode conditions, String type, String status, String reason, String message) {
        conditions
                .addObject()
                .put("type", type)
                .put("status", status)
                .put("reason", reason)
                .put("message", message);
    }

    private static String join(Map<String, Integer> counts, String verb) {
        List<String> parts = new ArrayList<>();
        counts.forEach((name, count) -> parts.add(name + verb + count + " resource instances"));
        return String.join(", ", parts);
    }
}
