package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.CreateOperation;
import dev.meshdojo.simulator.apiserver.operation.DeleteOperation;
import dev.meshdojo.simulator.apiserver.operation.FieldSelectors;
import dev.meshdojo.simulator.apiserver.operation.FieldValidation;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.Reader;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.Selector;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The resource verbs over HTTP. */
public final class ResourceHandler {

    private final ApiCore core;
    private final Reader reader;
    private final CreateOperation create;
    private final UpdateOperation update;
    private final DeleteOperation delete;
    private final Representation representation;
    private final WatchHandler watches;
    private final PatchHandler patches;
    private final SubresourceHandler subresources;

    public ResourceHandler(ApiCore core, Representation representation, TokenIssuer tokens) {
        this.subresources = new SubresourceHandler(core, tokens, representation);
        this.core = core;
        this.representation = representation;
        this.reader = new Reader(core);
        this.create = new CreateOperation(core);
        this.update = new UpdateOperation(core);
        this.delete = new DeleteOperation(core);
        this.watches = new WatchHandler(core, representation);
        this.patches = new PatchHandler(update);
    }

    void handle(ApiRequest request, Path path, ResponseWriter writer) {
        List<String> warnings = new ArrayList<>();
        ApiResponse response;
        try {
            response = handle(request, path, writer, warnings);
        } catch (ApiException e) {
            if (warnings.isEmpty()) {
                throw e;
            }
            response = ApiResponse.json(e.code(), e.status());
        }
        if (response != null) {
            writer.write(
                    request,
                    warnings.isEmpty()
                            ? response
                            : response.with(
                                    "Warning",
                                    warnings.stream().map(ResourceHandler::warning).toList()));
        }
    }

    /** The answer, or null when a watch writes its own. */
    private @Nullable ApiResponse handle(
            ApiRequest request, Path path, ResponseWriter writer, List<String> warnings) {
        RequestScope scope = scope(request, path, warnings);
        if (request.method().equals("GET") && isWatch(request, path)) {
            watches.watch(request, path, scope, writer);
            return null;
        }
        ApiResponse special = subresources.answer(request, path, scope);
        return special == null ? answer(request, path, scope) : special;
    }

    void watch(ApiRequest request, Path path, WatchSink sink) {
        watches.watch(request, path, scope(request, path, new ArrayList<>()), sink);
    }

    private RequestScope scope(ApiRequest request, Path path, List<String> warnings) {
        ResourceDefinition definition = core.registry().find(path.group(), path.plural());
        if (definition == null) {
            throw Statuses.noSuchResource();
        }
        ResourceDefinition.Version version = definition.version(path.version());
        if (version == null
                || !version.served()
                || (!path.namespace().isEmpty() && !definition.namespaced())) {
            throw Statuses.noSuchResource();
        }
        if (!path.subresource().isEmpty() && version.subresource(path.subresource()) == null) {
            throw Statuses.noSuchResource();
        }
        if (!path.subresource().isEmpty()
                && !allows(
                        Objects.requireNonNull(version.subresource(path.subresource())).verbs(),
                        request.method())) {
            throw Statuses.methodNotAllowed();
        }
        if (version.deprecation() != null) {
            warnings.add(version.deprecation());
        }
        WriteOptions options = options(request);
        return new RequestScope(
                definition,
                path.version(),
                path.namespace(),
                path.subresource(),
                request.user(),
                options.fieldManager(),
                options.dryRun(),
                text -> {
                    if (!warnings.contains(text)) {
                        warnings.add(text);
                    }
                },
                WriteOptions.shown(request));
    }

    private static boolean allows(List<String> verbs, String method) {
        return switch (method) {
            case "GET" -> verbs.contains("get");
            case "POST" -> verbs.contains("create");
            case "PUT" -> verbs.contains("update");
            case "PATCH" -> verbs.contains("patch");
            case "DELETE" -> verbs.contains("delete");
            default -> false;
        };
    }

    private ApiResponse answer(ApiRequest request, Path path, RequestScope scope) {
        representation.accepted(request);
        boolean everywhere = scope.definition().namespaced() && path.namespace().isEmpty();
        if (everywhere && !request.method().equals("GET")) {
            throw Statuses.methodNotAllowed();
        }
        boolean named = !path.name().isEmpty();
        if (path.subresource().isEmpty()
                && !scope.definition().allows(verb(request.method(), named))) {
            throw Statuses.methodNotAllowed();
        }
        return switch (request.method()) {
            case "GET" -> named ? get(request, path, scope) : list(request, scope);
            case "POST" -> {
                if (named && path.subresource().isEmpty()) {
                    throw Statuses.methodNotAllowed();
                }
                yield create(request, scope);
            }
            case "PUT" -> {
                requireName(named);
                yield replace(request, path, scope);
            }
            case "PATCH" -> {
                requireName(named);
                yield patch(request, path, scope);
            }
            case "DELETE" ->
                    named ? delete(request, path, scope) : deleteCollection(request, scope);
            default -> throw Statuses.methodNotAllowed();
        };
    }

    private static String verb(String method, boolean named) {
        return switch (method) {
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            case "DELETE" -> named ? "delete" : "deletecollection";
            default -> named ? "get" : "list";
        };
    }

    private static void requireName(boolean named) {
        if (!named) {
            throw Statuses.methodNotAllowed();
        }
    }

    static boolean isWatch(ApiRequest request, Path path) {
        String watch = request.parameter("watch");
        return path.watch()
                || (path.name().isEmpty()
                        && watch != null
                        && !watch.equals("false")
                        && !watch.equals("0"));
    }

    private static String warning(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return "299 - \"" + line.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static WriteOptions options(ApiRequest request) {
        return switch (request.method()) {
            case "POST" -> WriteOptions.read(request, "CreateOptions");
            case "PUT" -> WriteOptions.read(request, "UpdateOptions");
            case "PATCH" -> WriteOptions.read(request, "PatchOptions");
            case "DELETE" -> {
                WriteOptions options = WriteOptions.read(request, "DeleteOptions");
                yield Bodies.deleteDryRun(request)
                        ? new WriteOptions(
                                true, options.fieldManager(), options.validation(), false)
                        : options;
            }
            default -> new WriteOptions(false, "", FieldValidation.WARN, false);
        };
    }

    private ApiResponse get(ApiRequest request, Path path, RequestScope scope) {
        return representation.object(request, scope, 200, reader.get(scope, path.name()));
    }

    private ApiResponse list(ApiRequest request, RequestScope scope) {
        ListOptions.check(request, false);
        ListOptions.version(request.parameter("resourceVersion", ""));
        String limit = request.parameter("limit", "");
        Reader.Page page =
                reader.list(
                        scope,
                        new Reader.Query(
                                selector(request, scope),
                                selective(request),
                                limit.isEmpty() ? 0 : Integer.parseInt(limit),
                                request.parameter("continue", ""),
                                request.parameter("resourceVersion", ""),
                                request.parameter("resourceVersionMatch", "")));
        return representation.list(request, scope, page);
    }

    static boolean selective(ApiRequest request) {
        return !request.parameter("labelSelector", "").isEmpty()
                || !request.parameter("fieldSelector", "").isEmpty();
    }

    static Selector selector(ApiRequest request, RequestScope scope) {
        return LabelSelectors.parse(request.parameter("labelSelector", ""))
                .and(
                        FieldSelectors.parse(
                                scope.definition(), request.parameter("fieldSelector", "")));
    }

    private ApiResponse create(ApiRequest request, RequestScope scope) {
        ObjectNode object = Bodies.object(request, scope, options(request).validation());
        return representation.object(request, scope, 201, create.create(scope, object));
    }

    private ApiResponse replace(ApiRequest request, Path path, RequestScope scope) {
        ObjectNode object = Bodies.object(request, scope, options(request).validation());
        String name = Meta.name(object);
        if (name.isEmpty()) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + path.name()
                            + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(path.name())) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + name
                            + ") does not match the name on the URL ("
                            + path.name()
                            + ")");
        }
        return representation.object(
                request,
                scope,
                200,
                update.update(
                        scope,
                        path.name(),
                        live -> {
                            checkUid(scope, object, live);
                            return object.deepCopy();
                        }));
    }

    private static void checkUid(RequestScope scope, ObjectNode object, ObjectNode live) {
        String uid = Meta.uid(object);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(live))) {
            ResourceDefinition definition = scope.definition();
            throw Statuses.conflict(
                    definition.group(),
                    definition.plural(),
                    Meta.name(live),
                    "StorageError: invalid object, Code: 4, Key: /registry/"
                            + (definition.custom() ? definition.group() + "/" : "")
                            + definition.plural()
                            + "/"
                            + (scope.namespace().isEmpty() ? "" : scope.namespace() + "/")
                            + Meta.name(live)
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID"
                            + " in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Meta.uid(live));
        }
    }

    private ApiResponse patch(ApiRequest request, Path path, RequestScope scope) {
        UpdateOperation.Applied patched =
                patches.patch(request, path.name(), scope, options(request));
        return representation.object(
                request, scope, patched.created() ? 201 : 200, patched.object());
    }

    private ApiResponse delete(ApiRequest request, Path path, RequestScope scope) {
        DeleteOperation.Outcome outcome =
                delete.delete(scope, path.name(), Bodies.deleteOptions(request));
        if (!outcome.gone()) {
            return representation.object(request, scope, 200, outcome.object());
        }
        return ApiResponse.json(
                200,
                Statuses.deleted(
                        scope.definition().group(),
                        scope.definition().plural(),
                        path.name(),
                        Meta.uid(outcome.object())));
    }

    private ApiResponse deleteCollection(ApiRequest request, RequestScope scope) {
        if (!scope.definition().allows("deletecollection")) {
            throw Statuses.methodNotAllowed();
        }
        Reader.Page page =
                reader.list(scope, new Reader.Query(selector(request, scope), true, 0, "", "", ""));
        DeleteOperation.Options options = Bodies.deleteOptions(request);
        List<ObjectNode> deleted = new ArrayList<>();
        for (ObjectNode object : page.items()) {
            RequestScope inNamespace =
                    scope.withSubresource("").withNamespace(Meta.namespace(object));
            try {
                delete.delete(inNamespace, Meta.name(object), options);
                deleted.add(object);
            } catch (ApiException e) {
                if (e.code() != 404) {
                    throw e;
                }
            }
        }
        return representation.list(
                request, scope, new Reader.Page(page.revision(), deleted, "", -1));
    }

    static ArrayNode arrayOf(List<ObjectNode> objects) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        objects.forEach(array::add);
        return array;
    }
}
