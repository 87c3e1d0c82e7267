package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.ScalePaths;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import dev.meshdojo.simulator.apiserver.operation.Reader;
import dev.meshdojo.simulator.apiserver.operation.RequestScope;
import dev.meshdojo.simulator.apiserver.operation.Scales;
import dev.meshdojo.simulator.apiserver.operation.UpdateOperation;
import dev.meshdojo.simulator.apiserver.patch.JsonPatch;
import dev.meshdojo.simulator.apiserver.patch.MergePatch;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Subresources whose objects are of another kind: scale, eviction, binding, token. */
final class SubresourceHandler {

    private static final long TOKEN_SECONDS = 3600;
    private static final long SHORTEST_TOKEN = 600;

    private final ApiCore core;
    private final Reader reader;
    private final UpdateOperation update;
    private final EvictionHandler eviction;
    private final TokenIssuer tokens;
    private final Representation representation;

    SubresourceHandler(ApiCore core, TokenIssuer tokens, Representation representation) {
        this.core = core;
        this.reader = new Reader(core);
        this.update = new UpdateOperation(core);
        this.eviction = new EvictionHandler(core);
        this.tokens = tokens;
        this.representation = representation;
    }

    /** The answer, or null when the subresource is a plain view of the object. */
    @Nullable ApiResponse answer(ApiRequest request, Path path, RequestScope scope) {
        return switch (path.subresource()) {
            case "scale" -> scale(request, path, scope);
            case "eviction" -> evict(request, path, scope);
            case "binding" -> bind(request, path, scope);
            case "token" -> token(request, path, scope);
            default -> null;
        };
    }

    private ApiResponse scale(ApiRequest request, Path path, RequestScope scope) {
        RequestScope parent = scope.withSubresource("");
        ObjectNode live = reader.get(parent, path.name());
        ScalePaths paths = scope.definition().strategy().scalePaths(scope.version());
        if (request.method().equals("GET")) {
            if (paths == null) {
                return representation.scale(request, Scales.of(live, null));
            }
            if (!ScalePaths.read(live, paths.specReplicas()).isNumber()) {
                throw Statuses.internal(
                        "the spec replicas field \"" + paths.specReplicas() + "\" does not exist");
            }
            return ApiResponse.json(200, Scales.of(live, paths));
        }
        ObjectNode stored =
                update.update(
                        scope,
                        path.name(),
                        now -> {
                            ObjectNode wanted = wanted(request, Scales.of(now, paths));
                            checkScale(wanted, path.name());
                            String version = Meta.text(wanted, "resourceVersion");
                            if (!version.isEmpty()
                                    && !version.equals(Meta.text(now, "resourceVersion"))) {
                                throw Statuses.modified(
                                        scope.definition().group(),
                                        scope.definition().plural(),
                                        path.name());
                            }
                            JsonNode replicas = wanted.path("spec").path("replicas");
                            if (replicas.asInt(0) < 0) {
                                throw Statuses.invalid(
                                        "autoscaling",
                                        "Scale",
                                        path.name(),
                                        java.util.List.of(
                                                dev.meshdojo.simulator.apiserver.FieldError.invalid(
                                                        "spec.replicas",
                                                        replicas,
                                                        "must be greater than or equal to 0")));
                            }
                            ObjectNode next = now.deepCopy();
                            if (paths == null) {
                                next.withObject("/spec").put("replicas", replicas.asInt(0));
                            } else {
                                paths.write(next, replicas.asInt(0));
                            }
                            return next;
                        });
        return ApiResponse.json(200, Scales.of(stored, paths));
    }

    private static void checkScale(ObjectNode wanted, String name) {
        String kind = wanted.path("kind").asText("Scale");
        if (!kind.equals("Scale")) {
            String apiVersion = wanted.path("apiVersion").asText();
            String version = apiVersion.substring(apiVersion.indexOf('/') + 1);
            throw Statuses.badRequest(
                    kind
                            + " in version \""
                            + version
                            + "\" cannot be handled as a Scale: converting ("
                            + version
                            + "."
                            + kind
                            + ") to (autoscaling.Scale): unknown conversion");
        }
        String named = Meta.name(wanted);
        if (!named.isEmpty() && !named.equals(name)) {
            throw Statuses.badRequest(
                    "the name of the object ("
                            + named
                            + ") does not match the name on the URL ("
                            + name
                            + ")");
        }
    }

    private static ObjectNode wanted(ApiRequest request, ObjectNode scale) {
        JsonNode body = Bodies.patch(request);
        JsonNode result = body;
        if (request.method().equals("PATCH")) {
            try {
                result =
                        body.isArray()
                                ? JsonPatch.apply(scale, body)
                                : MergePatch.apply(scale, body);
            } catch (JsonPatch.Failed e) {
                throw Statuses.failure(
                        422,
                        "Invalid",
                        "the server rejected our request due to an error in our request",
                        JsonNodeFactory.instance.objectNode());
            }
        }
        if (result instanceof ObjectNode object) {
            return object;
        }
        throw Statuses.badRequest("a Scale must be an object");
    }

    /** Asks admission about an object that is not stored. */
    private void admit(
            RequestScope scope, Path path, JsonNode body, String apiVersion, String kind) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        if (body instanceof ObjectNode sent) {
            object.setAll(sent.deepCopy());
        }
        object.put("kind", kind).put("apiVersion", apiVersion);
        object.withObject("/metadata").put("name", path.name()).put("namespace", scope.namespace());
        core.admit(scope, AdmissionRequest.Operation.CREATE, path.name(), object);
    }

    private ApiResponse evict(ApiRequest request, Path path, RequestScope scope) {
        JsonNode body = Bodies.patch(request);
        if (!body.path("metadata").path("name").asText("").equals(path.name())) {
            throw Statuses.badRequest("name in URL does not match name in Eviction object");
        }
        ObjectNode pod = reader.get(scope.withSubresource(""), path.name());
        admit(scope, path, body, "policy/v1", "Eviction");
        eviction.evict(scope.withSubresource(""), pod, body);
        return created();
    }

    private ApiResponse bind(ApiRequest request, Path path, RequestScope scope) {
        JsonNode body = Bodies.patch(request);
        JsonNode target = body.path("target");
        checkTarget(target);
        admit(scope, path, body, "v1", "Binding");
        String node = target.path("name").asText();
        update.updateAdmitted(
                scope.withSubresource("binding"),
                path.name(),
                live -> {
                    String bound = live.path("spec").path("nodeName").asText("");
                    if (!bound.isEmpty()) {
                        throw Statuses.conflict(
                                "",
                                "pods/binding",
                                path.name(),
                                "pod "
                                        + path.name()
                                        + " is already assigned to node \""
                                        + bound
                                        + "\"");
                    }
                    ObjectNode next = live.deepCopy();
                    next.withObject("/spec").put("nodeName", node);
                    ArrayNode conditions = next.withObject("/status").withArray("/conditions");
                    conditions
                            .addObject()
                            .put("type", "PodScheduled")
                            .put("status", "True")
                            .putNull("lastProbeTime")
                            .put("lastTransitionTime", Meta.now(core.clock()));
                    return next;
                });
        return created();
    }

    /** A wrong target is no failure that Kubernetes gives a reason for. */
    private static void checkTarget(JsonNode target) {
        java.util.List<String> problems = new java.util.ArrayList<>();
        String kind = target.path("kind").asText("");
        if (!kind.isEmpty() && !kind.equals("Node")) {
            problems.add(
                    "target.kind: Unsupported value: \""
                            + kind
                            + "\": supported values: \"Node\", \"<empty>\"");
        }
        if (target.path("name").asText("").isEmpty()) {
            problems.add("target.name: Required value");
        }
        if (!problems.isEmpty()) {
            throw Statuses.failure(
                    500,
                    "",
                    problems.size() == 1
                            ? problems.getFirst()
                            : "[" + String.join(", ", problems) + "]",
                    null);
        }
    }

    private static ApiResponse created() {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        return ApiResponse.json(201, status.put("status", "Success").put("code", 201));
    }

    private ApiResponse token(ApiRequest request, Path path, RequestScope scope) {
        ObjectNode account = reader.get(scope.withSubresource(""), path.name());
        ObjectNode answer =
                Bodies.patch(request) instanceof ObjectNode object
                        ? object.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        answer.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
        ObjectNode spec = answer.withObject("/spec");
        long seconds = spec.path("expirationSeconds").asLong(TOKEN_SECONDS);
        if (seconds < SHORTEST_TOKEN || seconds > 1L << 32) {
            throw Statuses.invalid(
                    "authentication.k8s.io",
                    "TokenRequest",
                    "",
                    java.util.List.of(
                            dev.meshdojo.simulator.apiserver.FieldError.invalid(
                                    "spec.expirationSeconds",
                                    spec.path("expirationSeconds"),
                                    seconds < SHORTEST_TOKEN
                                            ? "may not specify a duration less than 10 minutes"
                                            : "may not specify a duration larger than 2^32"
                                                    + " seconds")));
        }
        spec.put("expirationSeconds", seconds);
        if (spec.path("audiences").isEmpty()) {
            spec.putArray("audiences").add("https://kubernetes.default.svc.cluster.local");
        }
        ObjectNode asked = answer.deepCopy();
        asked.withObject("/spec").putNull("boundObjectRef");
        if (spec.has("boundObjectRef")) {
            asked.withObject("/spec").set("boundObjectRef", spec.path("boundObjectRef"));
        }
        asked.putObject("status").put("token", "").putNull("expirationTimestamp");
        admit(scope, path, asked, "authentication.k8s.io/v1", "TokenRequest");
        Instant expiry =
                Instant.now(core.clock()).plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
        ObjectNode metadata = answer.withObject("/metadata");
        metadata.put("name", path.name()).put("namespace", scope.namespace());
        metadata.put("creationTimestamp", Meta.now(core.clock()));
        answer.putObject("status")
                .put(
                        "token",
                        tokens.issue(
                                new TokenIssuer.Claims(
                                        scope.namespace(),
                                        path.name(),
                                        Meta.uid(account),
                                        texts(spec.path("audiences")),
                                        expiry,
                                        null)))
                .put("expirationTimestamp", expiry.toString());
        return ApiResponse.json(201, answer);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
