package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The structured operations behind server-side apply: field sets, comparison, merge, removal. */
final class TypedValues {

    private TypedValues() {}

    /** Structure problems, each with its path. */
    static List<String> check(JsonNode value, Schema schema) {
        List<String> problems = new ArrayList<>();
        check(value, schema, "", problems);
        return problems;
    }

    private static void check(JsonNode value, Schema schema, String path, List<String> problems) {
        switch (schema) {
            case Schema.Struct struct when value instanceof ObjectNode object -> {
                for (var field : object.properties()) {
                    Schema.Property property = struct.fields().apply(field.getKey());
                    String at = path + "." + field.getKey();
                    if (property == null) {
                        if (!struct.open()) {
                            problems.add(at + ": field not declared in schema");
                        }
                    } else {
                        check(field.getValue(), property.schema(), at, problems);
                    }
                }
            }
            case Schema.MapOf map when value instanceof ObjectNode object ->
                    object.properties()
                            .forEach(
                                    field ->
                                            check(
                                                    field.getValue(),
                                                    map.value(),
                                                    path + "." + field.getKey(),
                                                    problems));
            case Schema.ListOf list when value instanceof ArrayNode items -> {
                Set<String> seen = new LinkedHashSet<>();
                int index = 0;
                for (JsonNode item : items) {
                    try {
                        String element = element(item, list, index);
                        if (list.kind() != Schema.ListKind.ATOMIC && !seen.add(element)) {
                            problems.add(
                                    path
                                            + ": duplicate entries for key "
                                            + PathElements.print(element));
                        }
                        String at =
                                list.kind() == Schema.ListKind.ATOMIC
                                        ? path + "[" + index + "]"
                                        : path + PathElements.print(element);
                        check(item, list.element(), at, problems);
                    } catch (IllegalArgumentException e) {
                        problems.add(path + ": element " + index + ": " + e.getMessage());
                    }
                    index++;
                }
            }
            case Schema.Struct _, Schema.MapOf _ -> {
                if (!value.isNull()) {
                    problems.add(path + ": expected map, got " + print(value));
                }
            }
            case Schema.ListOf _ -> {
                if (!value.isNull()) {
                    problems.add(path + ": expected list, got " + print(value));
                }
            }
            case Schema.Leaf leaf -> {
                String problem = problem(leaf, value);
                if (problem != null) {
                    problems.add(path + ": " + problem);
                }
            }
        }
    }

    private static @Nullable String problem(Schema.Leaf leaf, JsonNode value) {
        if (value.isNull()) {
            return null;
        }
        return switch (leaf) {
            case NUMBER ->
                    value.isNumber()
                            ? null
                            : "expected numeric (int or float), got " + goType(value);
            case STRING -> value.isTextual() ? null : "expected string, got " + goSyntax(value);
            case BOOLEAN -> value.isBoolean() ? null : "expected boolean, got " + print(value);
            case SCALAR ->
                    value.isContainerNode() ? "expected any scalar, got " + print(value) : null;
            case UNTYPED -> null;
        };
    }

    private static String goType(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "map[string]interface {}";
            case ARRAY -> "[]interface {}";
            case BOOLEAN -> "bool";
            default -> "string";
        };
    }

    private static String goSyntax(JsonNode value) {
        return "&value.valueUnstructured{Value:" + GoMaps.syntax(value) + "}";
    }

    private static String print(JsonNode value) {
        return value.isContainerNode() ? "&{" + value + "}" : "&{" + value.asText() + "}";
    }

    /** Every field that a value names. */
    static FieldSet fields(JsonNode value, Schema schema) {
        FieldSet.Builder set = new FieldSet.Builder();
        collect(value, schema, set, true);
        return set.build();
    }

    private static void collect(JsonNode value, Schema schema, FieldSet.Builder set, boolean root) {
        if (isLeaf(value, schema)) {
            if (!root) {
                set.add();
            }
            return;
        }
        if (value instanceof ObjectNode object) {
            for (var field : object.properties()) {
                FieldSet.Builder child = set.child(PathElements.field(field.getKey()));
                Schema below = below(schema, field.getKey());
                boolean named = isDeclared(schema, field.getKey());
                if (!named || field.getValue().isNull() || isEmptyMap(field.getValue())) {
                    child.add();
                }
                collect(field.getValue(), below, child, false);
            }
        } else if (value instanceof ArrayNode items && schema instanceof Schema.ListOf list) {
            int index = 0;
            for (JsonNode item : items) {
                FieldSet.Builder child = set.child(element(item, list, index++));
                collect(item, list.element(), child, false);
                child.add();
            }
        }
    }

    private static boolean isEmptyMap(JsonNode value) {
        return value.isObject() && value.isEmpty();
    }

    private static boolean isDeclared(Schema schema, String field) {
        return schema instanceof Schema.Struct struct && struct.fields().apply(field) != null;
    }

    /** The schema of a field's value. */
    static Schema below(Schema schema, String field) {
        return switch (schema) {
            case Schema.Struct struct -> {
                Schema.Property property = struct.fields().apply(field);
                yield property == null ? Schema.Leaf.UNTYPED : property.schema();
            }
            case Schema.MapOf map -> map.value();
            default -> Schema.Leaf.UNTYPED;
        };
    }

    private static boolean isLeaf(JsonNode value, Schema schema) {
        return switch (schema) {
            case Schema.Struct struct -> struct.atomic() || !value.isObject();
            case Schema.MapOf map -> map.atomic() || !value.isObject();
            case Schema.ListOf list -> list.kind() == Schema.ListKind.ATOMIC || !value.isArray();
            case Schema.Leaf leaf -> leaf != Schema.Leaf.UNTYPED || !value.isObject();
        };
    }

    private static String element(JsonNode item, Schema.ListOf list, int index) {
        return switch (list.kind()) {
            case MAP -> PathElements.key(item, list);
            case SET -> PathElements.value(item);
            case ATOMIC -> "i:" + index;
        };
    }

    /**
     * What changed from one value to another.
     *
     * @param added fields only in the new value
     * @param modified fields in both, with another value
     * @param removed fields only in the old value
     */
    record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
        FieldSet written() {
            return added.union(modified);
        }

        boolean isSame() {
            return added.isEmpty() && modified.isEmpty() && removed.isEmpty();
        }
    }

    /** Compares. */
    static Comparison compare(JsonNode before, JsonNode after, Schema schema) {
        Walk walk = new Walk();
        walk.compare(before, after, schema, walk.added, walk.modified, walk.removed, true);
        return new Comparison(walk.added.build(), walk.modified.build(), walk.removed.build());
    }

    private static final class Walk {
        final FieldSet.Builder added = new FieldSet.Builder();
        final FieldSet.Builder modified = new FieldSet.Builder();
        final FieldSet.Builder removed = new FieldSet.Builder();

        @SuppressWarnings("ReferenceEquality") // shared parts need no comparison
        void compare(
                @Nullable JsonNode before,
                @Nullable JsonNode after,
                Schema schema,
                FieldSet.Builder add,
                FieldSet.Builder change,
                FieldSet.Builder remove,
                boolean root) {
            boolean leaf =
                    (isLeafOf(before, schema) && isLeafOf(after, schema))
                            || (isBlank(before) && isBlank(after));
            if (!root) {
                if (before == null) {
                    add.add();
                } else if (after == null) {
                    remove.add();
                } else if (leaf && !before.equals(after)) {
                    change.add();
                }
            }
            if (leaf && !root) {
                return;
            }
            Map<String, JsonNode[]> pairs = new LinkedHashMap<>();
            spread(before, schema, pairs, 0);
            spread(after, schema, pairs, 1);
            for (var pair : pairs.entrySet()) {
                JsonNode old = pair.getValue()[0];
                JsonNode now = pair.getValue()[1];
                if (old == now) {
                    continue;
                }
                String element = pair.getKey();
                Schema below =
                        element.startsWith("f:")
                                ? below(schema, element.substring(2))
                                : ((Schema.ListOf) schema).element();
                compare(
                        old,
                        now,
                        below,
                        add.child(element),
                        change.child(element),
                        remove.child(element),
                        false);
            }
        }

        private static boolean isLeafOf(@Nullable JsonNode value, Schema schema) {
            return value == null || isLeaf(value, schema);
        }

        /** Null and empty objects differ from each other as plain values do. */
        private static boolean isBlank(@Nullable JsonNode value) {
            return value == null || value.isNull() || isEmptyMap(value);
        }

        @SuppressWarnings("NullAway") // absent sides of a pair stay null
        private static void spread(
                @Nullable JsonNode value, Schema schema, Map<String, JsonNode[]> pairs, int side) {
            if (value == null || isLeaf(value, schema)) {
                return;
            }
            if (value instanceof ObjectNode object) {
                for (var field : object.properties()) {
                    pairs.computeIfAbsent(PathElements.field(field.getKey()), _ -> new JsonNode[2])[
                                    side] =
                            field.getValue();
                }
            } else if (schema instanceof Schema.ListOf list) {
                int index = 0;
                for (JsonNode item : value) {
                    pairs.computeIfAbsent(element(item, list, index++), _ -> new JsonNode[2])[
                                    side] =
                            item;
                }
            }
        }
    }

    /** The live value with everything that the applied one says. Shares unchanged parts. */
    static JsonNode merge(@Nullable JsonNode live, JsonNode applied, Schema schema) {
        if (live == null || live.isNull() || isLeaf(applied, schema) || isLeaf(live, schema)) {
            return applied;
        }
        if (applied instanceof ObjectNode changes && live instanceof ObjectNode base) {
            ObjectNode merged = JsonNodeFactory.instance.objectNode();
            merged.setAll(base);
            changes.properties()
                    .forEach(
                            field ->
                                    merged.set(
                                            field.getKey(),
                                            merge(
                                                    base.get(field.getKey()),
                                                    field.getValue(),
                                                    below(schema, field.getKey()))));
            return merged;
        }
        return mergeLists(live, applied, (Schema.ListOf) schema);
    }

    private static JsonNode mergeLists(JsonNode live, JsonNode applied, Schema.ListOf list) {
        Map<String, JsonNode> old = byElement(live, list);
        Map<String, JsonNode> changes = byElement(applied, list);
        List<String> left = new ArrayList<>(old.keySet());
        List<String> right = new ArrayList<>(changes.keySet());
        Set<String> done = new LinkedHashSet<>();
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        int i = 0;
        int j = 0;
        while (i < left.size() || j < right.size()) {
            if (i < left.size()) {
                String element = left.get(i);
                if (done.contains(element)) {
                    i++;
                    continue;
                }
                if (!changes.containsKey(element)) {
                    merged.add(old.get(element));
                    i++;
                    continue;
                }
            }
            String element = right.get(j++);
            done.add(element);
            merged.add(
                    merge(
                            old.get(element),
                            java.util.Objects.requireNonNull(changes.get(element)),
                            list.element()));
        }
        return merged;
    }

    private static Map<String, JsonNode> byElement(JsonNode items, Schema.ListOf list) {
        Map<String, JsonNode> byElement = new LinkedHashMap<>();
        int index = 0;
        for (JsonNode item : items) {
            byElement.put(element(item, list, index++), item);
        }
        return byElement;
    }

    /** The value without the members of a set, and what stands below them. */
    static JsonNode remove(JsonNode value, FieldSet gone, Schema schema) {
        if (gone.isEmpty() || isLeaf(value, schema)) {
            return value;
        }
        if (value instanceof ObjectNode object) {
            ObjectNode left = JsonNodeFactory.instance.objectNode();
            for (var field : object.properties()) {
                FieldSet below = gone.child(PathElements.field(field.getKey()));
                if (below == null) {
                    left.set(field.getKey(), field.getValue());
                } else if (!below.isMember()) {
                    left.set(
                            field.getKey(),
                            remove(field.getValue(), below, below(schema, field.getKey())));
                }
            }
            return left;
        }
        Schema.ListOf list = (Schema.ListOf) schema;
        ArrayNode left = JsonNodeFactory.instance.arrayNode();
        int index = 0;
        for (JsonNode item : value) {
            FieldSet below = gone.child(element(item, list, index++));
            if (below == null) {
                left.add(item);
            } else if (!below.isMember()) {
                left.add(remove(item, below, list.element()));
            }
        }
        return left;
    }
}
