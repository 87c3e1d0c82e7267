package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON Patch (RFC 6902). */
public final class JsonPatch {

    private JsonPatch() {}

    /** A patch that does not fit the object; the message says which operation failed and why. */
    public static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    /**
     * The patched object.
     *
     * @param target not changed
     * @param operations the patch's array
     * @throws Failed when an operation cannot be done
     */
    public static JsonNode apply(JsonNode target, JsonNode operations) {
        JsonNode document = target.deepCopy();
        for (JsonNode operation : operations) {
            document = apply(document, operation, operation.path("op").asText(""));
        }
        return document;
    }

    private static JsonNode apply(JsonNode document, JsonNode operation, String op) {
        List<String> path = pointer(operation.path("path"), op);
        return switch (op) {
            case "add" -> add(document, path, value(operation));
            case "remove" -> remove(document, path);
            case "replace" -> {
                if (path.isEmpty()) {
                    yield value(operation);
                }
                if (find(document, path.subList(0, path.size() - 1)) == null) {
                    throw missing("replace operation does not apply: doc is missing path: ", path);
                }
                if (find(document, path) == null) {
                    throw missing("replace operation does not apply: doc is missing key: ", path);
                }
                yield put(document, path, value(operation));
            }
            case "test" -> {
                JsonNode found = find(document, path);
                JsonNode wanted = operation.path("value");
                boolean bothNull = found == null && (wanted.isMissingNode() || wanted.isNull());
                if (!bothNull && !Numbers.same(found, wanted)) {
                    throw new Failed("testing value " + print(path) + " failed: test failed");
                }
                yield document;
            }
            case "move" -> {
                List<String> from = pointer(operation.path("from"), op);
                JsonNode moved = require(document, from, "move");
                yield add(remove(document, from), path, moved);
            }
            case "copy" -> {
                List<String> from = pointer(operation.path("from"), op);
                yield add(document, path, require(document, from, "copy").deepCopy());
            }
            default -> throw new Failed("Unexpected kind: " + op);
        };
    }

    private static JsonNode value(JsonNode operation) {
        return operation.has("value")
                ? operation.get("value").deepCopy()
                : com.fasterxml.jackson.databind.node.NullNode.getInstance();
    }

    private static List<String> pointer(JsonNode text, String op) {
        if (!text.isTextual()) {
            throw new Failed("operation " + op + " lacks its path");
        }
        List<String> parts = new ArrayList<>();
        String path = text.asText();
        if (path.isEmpty()) {
            return parts;
        }
        int slash = path.indexOf('/');
        if (slash < 0) {
            throw new Failed(op + " operation does not apply: doc is missing path: " + path);
        }
        for (String part : path.substring(slash + 1).split("/", -1)) {
            parts.add(part.replace("~1", "/").replace("~0", "~"));
        }
        return parts;
    }

    private static String print(List<String> path) {
        return "/" + String.join("/", path);
    }

    private static @Nullable JsonNode find(JsonNode document, List<String> path) {
        JsonNode node = document;
        for (String part : path) {
            JsonNode next =
                    node instanceof ArrayNode list
                            ? list.get(index(list, part, false))
                            : node.get(part);
            if (next == null) {
                return null;
            }
            node = next;
        }
        return node;
    }

    private static Failed missing(String why, List<String> path) {
        return new Failed(why + print(path) + ": missing value");
    }

    private static JsonNode require(JsonNode document, List<String> path, String op) {
        JsonNode found = find(document, path);
        if (found == null) {
            throw new Failed(
                    op
                            + " operation does not apply: doc is missing path: \""
                            + print(path)
                            + "\": missing value");
        }
        return found;
    }

    private static JsonNode parent(JsonNode document, List<String> path, String op) {
        JsonNode parent = find(document, path.subList(0, path.size() - 1));
        return parent == null ? require(document, path, op) : parent;
    }

    private static JsonNode add(JsonNode document, List<String> path, JsonNode value) {
        if (path.isEmpty()) {
            return value;
        }
        JsonNode parent = parent(document, path, "add");
        String last = path.getLast();
        if (parent instanceof ArrayNode list) {
            if (last.equals("-")) {
                list.add(value);
            } else {
                list.insert(index(list, last, true), value);
            }
            return document;
        }
        return put(document, path, value);
    }

    private static JsonNode put(JsonNode document, List<String> path, JsonNode value) {
        switch (parent(document, path, "replace")) {
            case ArrayNode list -> list.set(index(list, path.getLast(), false), value);
            case ObjectNode object -> object.set(path.getLast(), value);
            default -> throw new Failed("doc is missing path: " + print(path));
        }
        return document;
    }

    private static JsonNode remove(JsonNode document, List<String> path) {
        if (path.isEmpty()) {
            throw new Failed("cannot remove the whole document");
        }
        switch (parent(document, path, "remove")) {
            case ArrayNode list -> list.remove(index(list, path.getLast(), false));
            case ObjectNode object -> {
                if (object.remove(path.getLast()) == null) {
                    throw new Failed(
                            "error in remove for path: '"
                                    + print(path)
                                    + "': Unable to remove nonexistent key: "
                                    + path.getLast()
                                    + ": missing value");
                }
            }
            default -> throw new Failed("doc is missing path: " + print(path));
        }
        return document;
    }

    private static int index(ArrayNode list, String part, boolean insert) {
        int index;
        try {
            index = Integer.parseInt(part);
        } catch (NumberFormatException _) {
            throw new Failed("strconv.Atoi: parsing \"" + part + "\": invalid syntax");
        }
        int size = list.size();
        int actual = index < 0 ? index + size + (insert ? 1 : 0) : index;
        if (actual < 0 || actual > size || (!insert && actual == size)) {
            throw new Failed("Unable to access invalid index: " + index);
        }
        return actual;
    }
}
