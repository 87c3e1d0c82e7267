package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Drops what a schema does not know, and tells what was dropped. Pure but for the object it
 * changes.
 */
final class Pruning {

    private static final Set<String> ROOT_FIELDS = Set.of("apiVersion", "kind", "metadata");

    private final Set<String> dropped = new TreeSet<>();

    private Pruning() {}

    /** Prunes a whole object; the paths of what was dropped come back sorted. */
    static List<String> prune(ObjectNode object, Schema schema) {
        Pruning pruning = new Pruning();
        pruning.visit(object, schema, "", true);
        return List.copyOf(pruning.dropped);
    }

    /** Prunes a part of an object. */
    static void prunePart(ObjectNode part, Schema schema) {
        new Pruning().visit(part, schema, "", false);
    }

    private void visit(JsonNode node, @Nullable Schema schema, String path, boolean root) {
        if (schema != null && schema.extensions().preserveUnknown()) {
            visitKnownOnly(node, schema, path, root);
            return;
        }
        switch (node) {
            case ObjectNode object -> visitObject(object, schema, path, root);
            case ArrayNode array -> {
                for (int i = 0; i < array.size(); i++) {
                    visit(
                            array.get(i),
                            schema == null ? null : schema.items(),
                            path + "[" + i + "]",
                            false);
                }
            }
            default -> {}
        }
    }

    private void visitObject(
            ObjectNode object, @Nullable Schema schema, String path, boolean root) {
        boolean resource = root || (schema != null && schema.extensions().embedded());
        for (String name : names(object)) {
            if (resource && ROOT_FIELDS.contains(name)) {
                continue;
            }
            String child = path.isEmpty() ? name : path + "." + name;
            Schema property = schema == null ? null : schema.property(name);
            if (property == null) {
                object.remove(name);
                dropped.add(child);
            } else {
                visit(object.get(name), property, child, false);
            }
        }
    }

    /** Below a value whose unknown fields stay, only what has a schema of its own is pruned. */
    private void visitKnownOnly(JsonNode node, Schema schema, String path, boolean root) {
        switch (node) {
            case ObjectNode object -> {
                for (String name : names(object)) {
                    if (root && ROOT_FIELDS.contains(name)) {
                        continue;
                    }
                    Schema property = schema.property(name);
                    if (property != null) {
                        visit(
                                object.get(name),
                                property,
                                path.isEmpty() ? name : path + "." + name,
                                false);
                    }
                }
            }
            case ArrayNode array -> {
                Schema items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    visit(array.get(i), items, path + "[" + i + "]", false);
                }
            }
            default -> {}
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
