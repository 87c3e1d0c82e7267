package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the {@code Status} objects that Kubernetes answers, as exceptions. */
public final class Statuses {

    private Statuses() {}

    /** 404 of a named object. */
    public static ApiException notFound(String group, String plural, String name) {
        String resource = group.isEmpty() ? plural : plural + "." + group;
        return failure(
                404,
                "NotFound",
                resource + " \"" + name + "\" not found",
                details(name, group, plural));
    }

    /** 404 of a path that names no resource. */
    public static ApiException noSuchResource() {
        return failure(
                404,
                "NotFound",
                "the server could not find the requested resource",
                JsonNodeFactory.instance.objectNode());
    }

    /** 409 of a creation. */
    public static ApiException alreadyExists(String group, String plural, String name) {
        String resource = group.isEmpty() ? plural : plural + "." + group;
        return failure(
                409,
                "AlreadyExists",
                resource + " \"" + name + "\" already exists",
                details(name, group, plural));
    }

    /** 409 of a write. */
    public static ApiException conflict(String group, String plural, String name, String why) {
        String resource = group.isEmpty() ? plural : plural + "." + group;
        return failure(
                409,
                "Conflict",
                "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + why,
                details(name, group, plural));
    }

    /** 409 of a stale resourceVersion. */
    public static ApiException modified(String group, String plural, String name) {
        return conflict(
                group,
                plural,
                name,
                "the object has been modified; please apply your changes to the latest version and"
                        + " try again");
    }

    /** 400. */
    public static ApiException badRequest(String message) {
        return failure(400, "BadRequest", message, null);
    }

    /** 403 of an object, by admission or authorization. */
    public static ApiException forbidden(String group, String plural, String name, String why) {
        String resource = group.isEmpty() ? plural : plural + "." + group;
        String of = name.isEmpty() ? resource : resource + " \"" + name + "\"";
        String message = (resource.isEmpty() ? "forbidden: " : of + " is forbidden: ") + why;
        return failure(403, "Forbidden", message, details(name, group, plural));
    }

    /** 405. */
    public static ApiException methodNotAllowed() {
        return failure(
                405,
                "MethodNotAllowed",
                "the server does not allow this method on the requested resource",
                JsonNodeFactory.instance.objectNode());
    }

    /** 405 of a verb that a resource does not have. */
    public static ApiException methodNotSupported(String group, String plural, String verb) {
        String resource = group.isEmpty() ? plural : plural + "." + group;
        ObjectNode details = details("", group, plural);
        return failure(
                405,
                "MethodNotAllowed",
                verb + " is not supported on resources of kind \"" + resource + "\"",
                details);
    }

    /** 410 of a version that left the log. */
    public static ApiException expired(String message) {
        return failure(410, "Expired", message, null);
    }

    /** 500. */
    public static ApiException internal(String message) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        details.putArray("causes").addObject().put("message", message);
        return failure(500, "InternalError", "Internal error occurred: " + message, details);
    }

    /** 422 with every field error as a cause. */
    public static ApiException invalid(
            String group, String kind, String name, List<FieldError> errors) {
        Set<String> messages = new LinkedHashSet<>();
        ObjectNode details = details(name, group, kind);
        ArrayNode causes = details.putArray("causes");
        for (FieldError error : errors) {
            messages.add(error.toString());
            causes.addObject()
                    .put("reason", error.type().reason())
                    .put("message", error.message())
                    .put("field", error.field());
        }
        String all =
                messages.size() == 1
                        ? messages.iterator().next()
                        : "[" + String.join(", ", messages) + "]";
        String qualified = group.isEmpty() ? kind : kind + "." + group;
        return failure(422, "Invalid", qualified + " \"" + name + "\" is invalid: " + all, details);
    }

    /** Any failure. */
    public static ApiException failure(
            int code, String reason, String message, @Nullable ObjectNode details) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Failure").put("message", message);
        if (!reason.isEmpty()) {
            status.put("reason", reason);
        }
        if (details != null) {
            status.set("details", details);
        }
        status.put("code", code);
        return new ApiException(code, reason, message, status);
    }

    /** The answer to a deletion that is done. */
    public static ObjectNode deleted(String group, String plural, String name, String uid) {
        ObjectNode status = JsonNodeFactory.instance.objectNode();
        status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = details(name, group, plural);
        details.put("uid", uid);
        status.set("details", details);
        return status;
    }

    private static ObjectNode details(String name, String group, String kind) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        if (!name.isEmpty()) {
            details.put("name", name);
        }
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        if (!kind.isEmpty()) {
            details.put("kind", kind);
        }
        return details;
    }
}
