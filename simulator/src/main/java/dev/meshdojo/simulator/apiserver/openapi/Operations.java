package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Subresource;
import dev.meshdojo.simulator.apiserver.ResourceDefinition.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The paths of a resource with their operations, in one dialect. */
final class Operations {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Map<String, String> ITEM_VERBS =
            Map.of("get", "get", "update", "put", "patch", "patch", "delete", "delete");
    private static final List<String> PATCHES =
            List.of(
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/apply-patch+yaml",
                    "application/strategic-merge-patch+json");

    private final Dialect dialect;

    Operations(Dialect dialect) {
        this.dialect = dialect;
    }

    /**
     * Adds the paths of a resource in a version.
     *
     * @param schema name of the kind's definition
     */
    void add(ObjectNode paths, ResourceDefinition resource, String version, String schema) {
        String prefix =
                (resource.group().isEmpty() ? "/api/" : "/apis/" + resource.group() + "/")
                        + version;
        String collection =
                prefix
                        + (resource.namespaced() ? "/namespaces/{namespace}/" : "/")
                        + resource.plural();
        ObjectNode kind = BuiltInSchemas.kind(resource.group(), version, resource.kind());
        if (resource.namespaced() && resource.allows("list")) {
            paths.putObject(prefix + "/" + resource.plural())
                    .set("get", operation("list", kind, resource, schema));
        }
        ObjectNode listed = JSON.objectNode();
        put(listed, "get", "list", kind, resource, schema);
        put(listed, "post", "create", kind, resource, schema);
        put(listed, "delete", "deletecollection", kind, resource, schema);
        if (!listed.isEmpty()) {
            paths.set(collection, listed);
        }
        ObjectNode item = JSON.objectNode();
        for (String verb : List.of("get", "update", "patch", "delete")) {
            put(item, Objects.requireNonNull(ITEM_VERBS.get(verb)), verb, kind, resource, schema);
        }
        if (!item.isEmpty()) {
            paths.set(collection + "/{name}", item);
        }
        Version served = Objects.requireNonNull(resource.version(version));
        for (Subresource subresource : served.subresources()) {
            paths.set(
                    collection + "/{name}/" + subresource.name(),
                    subresource(resource, version, subresource, schema));
        }
    }

    private void put(
            ObjectNode path,
            String method,
            String verb,
            ObjectNode kind,
            ResourceDefinition resource,
            String schema) {
        if (resource.allows(verb)) {
            path.set(method, operation(verb, kind, resource, schema));
        }
    }

    private ObjectNode subresource(
            ResourceDefinition resource, String version, Subresource subresource, String schema) {
        boolean own = subresource.group().isEmpty() && subresource.version().isEmpty();
        ObjectNode kind =
                BuiltInSchemas.kind(
                        own ? resource.group() : subresource.group(),
                        own ? version : subresource.version(),
                        subresource.kind());
        ObjectNode path = JSON.objectNode();
        for (String verb : subresource.verbs()) {
            String method = verb.equals("create") ? "post" : ITEM_VERBS.get(verb);
            if (method != null) {
                path.set(method, operation(verb, kind, resource, schema));
            }
        }
        return path;
    }

    private ObjectNode operation(
            String verb, ObjectNode kind, ResourceDefinition resource, String schema) {
        ObjectNode operation = JSON.objectNode();
        operation.put("description", verb + " " + resource.plural());
        operation.put("operationId", verb + kind.path("kind").asText() + operationSuffix(kind));
        operation.set("parameters", parameters(verb));
        boolean sends = List.of("create", "update", "patch").contains(verb);
        if (verb.equals("patch")) {
            List<String> media = new ArrayList<>(PATCHES);
            if (resource.custom()) {
                media.remove("application/strategic-merge-patch+json");
            }
            addBody(operation, media, CommonDefinitions.META + "Patch");
        } else if (sends) {
            addBody(operation, List.of("*/*"), schema);
        }
        addResponse(
                operation, verb.startsWith("delete") ? CommonDefinitions.META + "Status" : schema);
        operation.put("x-kubernetes-action", action(verb));
        operation.set("x-kubernetes-group-version-kind", kind);
        return operation;
    }

    private static String operationSuffix(ObjectNode kind) {
        return kind.path("group").asText().replace(".", "") + kind.path("version").asText();
    }

    private static String action(String verb) {
        return switch (verb) {
            case "create" -> "post";
            case "update" -> "put";
            default -> verb;
        };
    }

    private ArrayNode parameters(String verb) {
        ArrayNode parameters = JSON.arrayNode();
        switch (verb) {
            case "create", "update" ->
                    addAll(parameters, "dryRun", "fieldManager", "fieldValidation");
            case "patch" -> {
                addAll(parameters, "dryRun", "fieldManager", "fieldValidation");
                parameters.add(parameter("force", "boolean"));
            }
            case "delete" -> addAll(parameters, "dryRun", "propagationPolicy");
            case "list", "deletecollection" ->
                    addAll(parameters, "labelSelector", "fieldSelector", "continue");
            default -> {}
        }
        return parameters;
    }

    private void addAll(ArrayNode parameters, String... names) {
        for (String name : names) {
            parameters.add(parameter(name, "string"));
        }
    }

    private ObjectNode parameter(String name, String type) {
        ObjectNode parameter = JSON.objectNode().put("name", name).put("in", "query");
        if (dialect == Dialect.V2) {
            return parameter.put("type", type).put("uniqueItems", true);
        }
        parameter.putObject("schema").put("type", type).put("uniqueItems", true);
        return parameter;
    }

    private void addBody(ObjectNode operation, List<String> media, String schema) {
        if (dialect == Dialect.V2) {
            ArrayNode consumes = operation.putArray("consumes");
            media.forEach(consumes::add);
            ObjectNode body = ((ArrayNode) operation.path("parameters")).addObject();
            body.put("name", "body").put("in", "body").put("required", true);
            body.set("schema", dialect.reference(schema));
            return;
        }
        ObjectNode body = operation.putObject("requestBody");
        ObjectNode content = body.putObject("content");
        media.forEach(type -> content.putObject(type).set("schema", dialect.reference(schema)));
        body.put("required", true);
    }

    private void addResponse(ObjectNode operation, String schema) {
        ObjectNode ok = operation.putObject("responses").putObject("200").put("description", "OK");
        if (dialect == Dialect.V2) {
            ok.set("schema", dialect.reference(schema));
        } else {
            ok.putObject("content")
                    .putObject("application/json")
                    .set("schema", dialect.reference(schema));
        }
    }
}
