package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Subresource;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Version;
import dev.meshdojo.simulator.apiserver.ScalePaths;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * A CustomResourceDefinition and the resource it makes. Immutable, so that clusters can share those
 * that come with every cluster.
 *
 * @param object the CustomResourceDefinition
 * @param resource what the API server serves by it
 */
public record CustomDefinition(ObjectNode object, ResourceDefinition resource) {

    /** In discovery's order. */
    private static final List<String> VERBS =
            List.of(
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "create",
                    "update",
                    "watch");

    private static final List<String> SUBRESOURCE_VERBS = List.of("get", "patch", "update");

    /**
     * Reads a CustomResourceDefinition that was validated. Schemas are compiled when first needed.
     */
    public static CustomDefinition of(ObjectNode object) {
        JsonNode spec = object.path("spec");
        JsonNode names = spec.path("names");
        String kind = names.path("kind").asText();
        List<Version> versions = new ArrayList<>();
        Map<String, JsonNode> schemas = new LinkedHashMap<>();
        Map<String, ScalePaths> scales = new LinkedHashMap<>();
        TreeSet<String> selectable = new TreeSet<>();
        boolean status = false;
        for (JsonNode version : spec.path("versions")) {
            String name = version.path("name").asText();
            List<Subresource> subresources = new ArrayList<>();
            if (version.path("subresources").has("status")) {
                status = true;
                subresources.add(new Subresource("status", "", "", kind, SUBRESOURCE_VERBS));
            }
            if (version.path("subresources").has("scale")) {
                subresources.add(
                        new Subresource("scale", "autoscaling", "v1", "Scale", SUBRESOURCE_VERBS));
                JsonNode scale = version.path("subresources").path("scale");
                scales.put(
                        name,
                        new ScalePaths(
                                scale.path("specReplicasPath").asText(),
                                scale.path("statusReplicasPath").asText(),
                                scale.path("labelSelectorPath").asText("")));
            }
            version.path("selectableFields")
                    .forEach(field -> selectable.add(field.path("jsonPath").asText()));
            versions.add(
                    new Version(
                            name,
                            version.path("served").asBoolean(),
                            version.path("storage").asBoolean(),
                            subresources,
                            deprecation(version, spec.path("group").asText(), kind)));
            schemas.put(name, version.path("schema").path("openAPIV3Schema"));
        }
        ResourceDefinition resource =
                new ResourceDefinition(
                        spec.path("group").asText(),
                        kind,
                        names.path("listKind").asText(kind + "List"),
                        names.path("plural").asText(),
                        names.path("singular").asText(kind.toLowerCase(Locale.ROOT)),
                        texts(names.path("shortNames")),
                        texts(names.path("categories")),
                        spec.path("scope").asText().equals("Namespaced"),
                        VERBS,
                        versions,
                        true,
                        new CustomResourceStrategy(schemas, status, scales, selectable));
        return new CustomDefinition(object, resource);
    }

    private static @org.jspecify.annotations.Nullable String deprecation(
            JsonNode version, String group, String kind) {
        if (!version.path("deprecated").asBoolean()) {
            return null;
        }
        return version.path("deprecationWarning")
                .asText(
                        group
                                + "/"
                                + version.path("name").asText()
                                + " "
                                + kind
                                + " is deprecated");
    }

    private static List<String> texts(JsonNode nodes) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.asText()));
        return List.copyOf(texts);
    }
}
