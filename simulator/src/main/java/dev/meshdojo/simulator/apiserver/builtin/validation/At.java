package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * A value of an object and where it stands. Immutable as long as nobody changes the object.
 *
 * @param value missing when the object does not have it
 * @param path such as {@code spec.ports[0].port}
 */
record At(JsonNode value, String path) {

    static At root(JsonNode object) {
        return new At(object, "");
    }

    /** A field below, and fields below that. */
    At get(String... fields) {
        At at = this;
        for (String field : fields) {
            at = new At(at.value.path(field), at.below(field));
        }
        return at;
    }

    /** An entry of a map. */
    At key(String key) {
        return new At(value.path(key), path + "[" + key + "]");
    }

    /** The path of a field below. */
    String below(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }

    /** The same value under another path. */
    At as(String other) {
        return new At(value, other);
    }

    /** The elements of a list; none when it is no list. */
    List<At> items() {
        List<At> items = new ArrayList<>();
        if (value.isArray()) {
            for (JsonNode item : value) {
                items.add(new At(item, path + "[" + items.size() + "]"));
            }
        }
        return items;
    }

    /** The entries of a map, by key. */
    TreeMap<String, At> entries() {
        TreeMap<String, At> entries = new TreeMap<>();
        value.properties().forEach(entry -> entries.put(entry.getKey(), key(entry.getKey())));
        return entries;
    }

    /** Whether there is a value. */
    boolean set() {
        return !value.isMissingNode() && !value.isNull();
    }

    /** Whether there is none, or an empty text. */
    boolean blank() {
        return !set() || (value.isTextual() && value.asText().isEmpty());
    }

    /** Whether a list or map has nothing in it. */
    boolean empty() {
        return value.isEmpty();
    }

    String text() {
        return value.asText("");
    }

    long number() {
        return value.asLong(0);
    }

    boolean isTrue() {
        return value.asBoolean(false);
    }

    boolean is(String... texts) {
        return List.of(texts).contains(text());
    }
}
