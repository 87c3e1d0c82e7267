package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.DecodeException;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;

/** What happens to fields that a kind does not have. */
public enum FieldValidation {
    IGNORE,
    WARN,
    STRICT;

    /**
     * Reads a request's object as its kind and fills in defaults.
     *
     * @param duplicates fields that stood twice in the body
     * @throws dev.meshdojo.simulator.apiserver.ApiException 400 when it cannot be read, or with
     *     unknown fields under {@link #STRICT}
     */
    public ObjectNode decode(RequestScope scope, ObjectNode object, List<String> duplicates) {
        ObjectNode decoded = read(scope, object, duplicates);
        scope.definition().strategy().dropNulls(decoded, scope.type());
        scope.definition().strategy().applyDefaults(decoded, scope.type());
        return decoded;
    }

    /**
     * Likewise for the result of a server-side apply.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException as {@link #decode}
     */
    ObjectNode decodeApplied(RequestScope scope, ObjectNode object) {
        ObjectNode decoded = read(scope, object, List.of());
        scope.definition().strategy().applyDefaults(decoded, scope.type());
        return decoded;
    }

    private ObjectNode read(RequestScope scope, ObjectNode object, List<String> duplicates) {
        ResourceType type = scope.type();
        List<String> problems = new ArrayList<>();
        ObjectNode decoded;
        try {
            decoded = scope.definition().strategy().decode(object, type, problems);
        } catch (DecodeException e) {
            throw Statuses.badRequest(cannotBeHandled(type) + e.getMessage());
        }
        problems.addAll(duplicates);
        if (!problems.isEmpty()) {
            switch (this) {
                case STRICT ->
                        throw Statuses.badRequest(
                                cannotBeHandled(type)
                                        + "strict decoding error: "
                                        + String.join(", ", problems));
                case WARN -> problems.forEach(scope.warnings());
                case IGNORE -> {}
            }
        }
        return decoded;
    }

    private static String cannotBeHandled(ResourceType type) {
        return type.kind()
                + " in version \""
                + type.version()
                + "\" cannot be handled as a "
                + type.kind()
                + ": ";
    }
}
