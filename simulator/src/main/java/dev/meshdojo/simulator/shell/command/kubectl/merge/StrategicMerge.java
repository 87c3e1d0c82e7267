package dev.meshdojo.simulator.shell.command.kubectl.merge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.model.Field;
import dev.meshdojo.simulator.apiserver.model.FieldType;
import dev.meshdojo.simulator.apiserver.model.KubernetesTypes;
import dev.meshdojo.simulator.apiserver.model.ObjectType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The strategic merge patch of {@code kubectl apply} for built-in kinds: lists of objects are
 * matched by their merge key, and what left the manifest since it was last applied is deleted.
 * Source: apimachinery {@code CreateThreeWayMergePatch}.
 */
public final class StrategicMerge {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private StrategicMerge() {}

    /** The patch; empty when nothing is to be done. */
    public static ObjectNode patch(
            JsonNode lastApplied, JsonNode wanted, JsonNode live, ObjectType type) {
        return diff(lastApplied, wanted, live, type);
    }

    private static ObjectNode diff(
            JsonNode before, JsonNode wanted, JsonNode live, @Nullable ObjectType type) {
        ObjectNode patch = NODES.objectNode();
        for (Map.Entry<String, JsonNode> entry : wanted.properties()) {
            String key = entry.getKey();
            JsonNode want = entry.getValue();
            JsonNode now = live.get(key);
            Field field = type == null ? null : type.field(key);
            if (want.isNull()) {
                if (now != null && !now.isNull()) {
                    patch.putNull(key);
                }
            } else if (now != null && now.isObject() && want.isObject()) {
                object(before.path(key), want, now, field, key, patch);
            } else if (now != null && now.isArray() && want.isArray() && merges(field)) {
                list(before.path(key), want, now, field, key, patch);
            } else if (now == null || !ThreeWayMerge.equal(now, want)) {
                patch.set(key, want);
            }
        }
        for (Map.Entry<String, JsonNode> entry : before.properties()) {
            if (!wanted.has(entry.getKey()) && live.has(entry.getKey())) {
                patch.putNull(entry.getKey());
            }
        }
        return patch;
    }

    private static boolean merges(@Nullable Field field) {
        return field != null && field.merges();
    }

    private static void object(
            JsonNode before,
            JsonNode want,
            JsonNode now,
            @Nullable Field field,
            String key,
            ObjectNode patch) {
        ObjectNode inner = diff(before, want, now, objectType(field));
        if (!inner.isEmpty()) {
            boolean retain =
                    field != null
                            && field.patchStrategies().contains(Field.PatchStrategy.RETAIN_KEYS);
            if (retain) {
                ArrayNode keys = inner.putArray("$retainKeys");
                want.properties().stream().map(Map.Entry::getKey).sorted().forEach(keys::add);
            }
            patch.set(key, inner);
        }
    }

    private static @Nullable ObjectType objectType(@Nullable Field field) {
        if (field == null) {
            return null;
        }
        return switch (field.type()) {
            case FieldType.Ref ref -> KubernetesTypes.shared().find(ref.definition());
            case FieldType.ListOf list when list.element() instanceof FieldType.Ref ref ->
                    KubernetesTypes.shared().find(ref.definition());
            default -> null;
        };
    }

    private static void list(
            JsonNode before,
            JsonNode want,
            JsonNode now,
            @Nullable Field field,
            String key,
            ObjectNode patch) {
        String mergeKey = field == null ? null : field.patchMergeKey();
        if (mergeKey == null) {
            values(before, want, now, key, patch);
            return;
        }
        ArrayNode changed = NODES.arrayNode();
        ObjectType element = objectType(field);
        List<JsonNode> order = new ArrayList<>();
        for (JsonNode item : want) {
            JsonNode id = item.path(mergeKey);
            ObjectNode ordered = NODES.objectNode();
            ordered.set(mergeKey, id);
            order.add(ordered);
            JsonNode current = find(now, mergeKey, id);
            if (current.isMissingNode()) {
                changed.add(item);
                continue;
            }
            ObjectNode inner = diff(find(before, mergeKey, id), item, current, element);
            if (!inner.isEmpty()) {
                inner.set(mergeKey, id);
                changed.add(inner);
            }
        }
        for (JsonNode item : before) {
            JsonNode id = item.path(mergeKey);
            boolean gone = find(want, mergeKey, id).isMissingNode();
            if (gone && !find(now, mergeKey, id).isMissingNode()) {
                ObjectNode delete = changed.addObject();
                delete.put("$patch", "delete");
                delete.set(mergeKey, id);
            }
        }
        if (!changed.isEmpty()) {
            ArrayNode setOrder = NODES.arrayNode();
            order.forEach(setOrder::add);
            patch.set("$setElementOrder/" + key, setOrder);
            patch.set(key, changed);
        }
    }

    private static void values(
            JsonNode before, JsonNode want, JsonNode now, String key, ObjectNode patch) {
        ArrayNode added = NODES.arrayNode();
        ArrayNode removed = NODES.arrayNode();
        for (JsonNode item : want) {
            if (!contains(now, item)) {
                added.add(item);
            }
        }
        for (JsonNode item : before) {
            if (!contains(want, item) && contains(now, item)) {
                removed.add(item);
            }
        }
        if (!added.isEmpty() || !removed.isEmpty()) {
            patch.set("$setElementOrder/" + key, want);
        }
        if (!removed.isEmpty()) {
            patch.set("$deleteFromPrimitiveList/" + key, removed);
        }
        if (!added.isEmpty()) {
            patch.set(key, added);
        }
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode item : list) {
            if (ThreeWayMerge.equal(item, value)) {
                return true;
            }
        }
        return false;
    }

    private static JsonNode find(JsonNode list, String mergeKey, JsonNode id) {
        for (JsonNode item : list) {
            if (ThreeWayMerge.equal(item.path(mergeKey), id)) {
                return item;
            }
        }
        return com.fasterxml.jackson.databind.node.MissingNode.getInstance();
    }
}
