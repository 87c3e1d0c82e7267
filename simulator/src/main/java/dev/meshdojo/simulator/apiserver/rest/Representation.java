package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.TableRenderer;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.Reader;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows objects in the form that the Accept header asks for: whole, metadata only, or a table. */
public final class Representation {

    private static final ResourceType SCALE =
            new ResourceType(
                    "autoscaling", "v1", "Scale", "scales", "scale", List.of(), List.of(), true);

    private static final List<String> VERSIONS = List.of("v1", "v1beta1");

    private volatile @Nullable TableRenderer tables;

    /** Sets what renders tables. */
    public void tables(TableRenderer renderer) {
        tables = renderer;
    }

    /** Forms of an answer. */
    enum Form {
        OBJECT,
        TABLE,
        METADATA
    }

    /**
     * The accepted form.
     *
     * @param form which
     * @param version of meta.k8s.io, for tables and metadata
     */
    record Accepted(Form form, String version) {}

    /**
     * The first form of the Accept header that can be had.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException 406 when there is none
     */
    Accepted accepted(ApiRequest request) {
        String header = request.header("accept");
        if (header.isBlank()) {
            return new Accepted(Form.OBJECT, "");
        }
        boolean any = false;
        for (String option : header.split(",")) {
            String media = option.strip();
            int semicolon = media.indexOf(';');
            String type = semicolon < 0 ? media : media.substring(0, semicolon).strip();
            boolean readable =
                    switch (type) {
                        case "application/json", "application/yaml", "*/*", "application/*" -> true;
                        default -> false;
                    };
            if (!readable) {
                any |= type.equals("application/vnd.kubernetes.protobuf");
                continue;
            }
            any = true;
            String as = parameter(option, "as");
            String version = parameter(option, "v");
            boolean known = VERSIONS.contains(version);
            if (as.isEmpty()) {
                return new Accepted(Form.OBJECT, "");
            }
            if (as.equals("Table") && known && tables != null) {
                return new Accepted(Form.TABLE, version);
            }
            if (as.startsWith("PartialObjectMetadata") && known) {
                return new Accepted(Form.METADATA, version);
            }
        }
        if (!any) {
            throw Statuses.failure(
                    406,
                    "NotAcceptable",
                    "406: Not Acceptable\n\nAvailable representations: application/json,"
                            + " application/yaml, application/vnd.kubernetes.protobuf",
                    Json.MAPPER.createObjectNode());
        }
        throw Statuses.failure(
                406,
                "NotAcceptable",
                "only the following media types are accepted: application/json, application/yaml,"
                        + " application/vnd.kubernetes.protobuf",
                null);
    }

    private static String parameter(String option, String name) {
        for (String part : option.split(";")) {
            String trimmed = part.strip();
            if (trimmed.startsWith(name + "=")) {
                return trimmed.substring(name.length() + 1);
            }
        }
        return "";
    }

    ApiResponse object(ApiRequest request, RequestScope scope, int status, ObjectNode object) {
        return ApiResponse.json(
                status, show(accepted(request), request, scope, List.of(object), true, null));
    }

    /** The scale of a built-in kind, which has a table of its own. */
    ApiResponse scale(ApiRequest request, ObjectNode scale) {
        Accepted accepted = accepted(request);
        ObjectNode shown =
                accepted.form() == Form.TABLE
                        ? table(accepted, request, SCALE, List.of(scale), true, null)
                        : scale;
        return ApiResponse.json(200, shown);
    }

    ApiResponse list(ApiRequest request, RequestScope scope, Reader.Page page) {
        return ApiResponse.json(
                200, show(accepted(request), request, scope, page.items(), false, page));
    }

    /** An object as it stands in a watch event. */
    ObjectNode event(
            Accepted accepted,
            ApiRequest request,
            RequestScope scope,
            ObjectNode object,
            boolean first) {
        ObjectNode shown = show(accepted, request, scope, List.of(object), true, null);
        if (accepted.form() == Form.TABLE && !first) {
            shown.remove("columnDefinitions");
            shown.putNull("columnDefinitions");
        }
        return shown;
    }

    private ObjectNode show(
            Accepted accepted,
            ApiRequest request,
            RequestScope scope,
            List<ObjectNode> objects,
            boolean single,
            Reader.@Nullable Page page) {
        return switch (accepted.form()) {
            case TABLE -> table(accepted, request, scope.type(), objects, single, page);
            case METADATA ->
                    single
                            ? metadata(objects.getFirst(), accepted.version())
                            : metadataList(accepted, objects, page);
            case OBJECT -> single ? objects.getFirst() : objectList(scope, objects, page);
        };
    }

    private static ObjectNode objectList(
            RequestScope scope, List<ObjectNode> objects, Reader.@Nullable Page page) {
        ObjectNode list = Json.MAPPER.createObjectNode();
        boolean custom = scope.definition().custom();
        if (!custom) {
            list.put("kind", scope.definition().listKind());
        }
        list.put("apiVersion", scope.type().apiVersion());
        ArrayNode items = Json.MAPPER.createArrayNode();
        if (custom) {
            objects.forEach(items::add);
            list.set("items", items);
            list.put("kind", scope.definition().listKind());
            ObjectNode metadata = Json.MAPPER.createObjectNode().put("continue", "");
            metadata.setAll(listMetadata(page));
            list.set("metadata", metadata);
            return list;
        }
        for (ObjectNode object : objects) {
            ObjectNode item = Json.MAPPER.createObjectNode();
            item.setAll(object);
            item.remove("kind");
            item.remove("apiVersion");
            items.add(item);
        }
        list.set("metadata", listMetadata(page));
        list.set("items", items);
        return list;
    }

    private static ObjectNode listMetadata(Reader.@Nullable Page page) {
        ObjectNode metadata = Json.MAPPER.createObjectNode();
        if (page == null) {
            return metadata;
        }
        metadata.put("resourceVersion", Long.toString(page.revision()));
        if (!page.continuation().isEmpty()) {
            metadata.put("continue", page.continuation());
        }
        if (page.remaining() >= 0) {
            metadata.put("remainingItemCount", page.remaining());
        }
        return metadata;
    }

    private static ObjectNode metadata(ObjectNode object, String version) {
        ObjectNode partial = Json.MAPPER.createObjectNode();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + (version.isEmpty() ? "v1" : version));
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static ObjectNode metadataList(
            Accepted accepted, List<ObjectNode> objects, Reader.@Nullable Page page) {
        ObjectNode list = Json.MAPPER.createObjectNode();
        list.put("kind", "PartialObjectMetadataList");
        list.put("apiVersion", "meta.k8s.io/" + accepted.version());
        list.set("metadata", listMetadata(page));
        if (objects.isEmpty()) {
            return list.putNull("items");
        }
        ArrayNode items = list.putArray("items");
        objects.forEach(object -> items.add(metadata(object, accepted.version())));
        return list;
    }

    private ObjectNode table(
            Accepted accepted,
            ApiRequest request,
            ResourceType type,
            List<ObjectNode> objects,
            boolean single,
            Reader.@Nullable Page page) {
        TableRenderer renderer = java.util.Objects.requireNonNull(tables);
        ObjectNode table = Json.MAPPER.createObjectNode();
        table.put("kind", "Table").put("apiVersion", "meta.k8s.io/" + accepted.version());
        if (single) {
            table.putObject("metadata")
                    .put("resourceVersion", Meta.text(objects.getFirst(), "resourceVersion"));
        } else {
            table.set("metadata", listMetadata(page));
        }
        table.set("columnDefinitions", renderer.columns(type));
        ArrayNode rows = table.putArray("rows");
        String include = request.parameter("includeObject", "Metadata");
        List<ObjectNode> rendered = renderer.rows(type, objects);
        for (int i = 0; i < rendered.size(); i++) {
            ObjectNode row = rendered.get(i);
            switch (include) {
                case "None" -> row.putNull("object");
                case "Object" -> row.set("object", objects.get(i));
                default -> row.set("object", metadata(objects.get(i), accepted.version()));
            }
            rows.add(row);
        }
        return table;
    }
}
