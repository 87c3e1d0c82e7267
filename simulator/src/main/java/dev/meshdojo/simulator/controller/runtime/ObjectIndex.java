package dev.meshdojo.simulator.controller.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Objects of one kind by name, by namespace and by owner. Not thread-safe. */
final class ObjectIndex {

    private final TreeMap<String, TreeMap<String, ObjectNode>> byNamespace = new TreeMap<>();
    private final Map<String, TreeMap<String, ObjectNode>> byOwner = new HashMap<>();

    @Nullable ObjectNode get(String namespace, String name) {
        Map<String, ObjectNode> objects = byNamespace.get(namespace);
        return objects == null ? null : objects.get(name);
    }

    @Nullable ObjectNode put(ObjectNode object) {
        String namespace = Meta.namespace(object);
        String name = Meta.name(object);
        ObjectNode old =
                byNamespace.computeIfAbsent(namespace, absent -> new TreeMap<>()).put(name, object);
        if (old != null) {
            dropOwners(old);
        }
        String key = namespace + "/" + name;
        for (JsonNode owner : Fields.at(object, "metadata", "ownerReferences")) {
            byOwner.computeIfAbsent(Fields.text(owner, "uid"), absent -> new TreeMap<>())
                    .put(key, object);
        }
        return old;
    }

    @Nullable ObjectNode remove(String namespace, String name) {
        TreeMap<String, ObjectNode> objects = byNamespace.get(namespace);
        if (objects == null) {
            return null;
        }
        ObjectNode old = objects.remove(name);
        if (objects.isEmpty()) {
            byNamespace.remove(namespace);
        }
        if (old != null) {
            dropOwners(old);
        }
        return old;
    }

    private void dropOwners(ObjectNode old) {
        String key = Meta.namespace(old) + "/" + Meta.name(old);
        for (JsonNode owner : Fields.at(old, "metadata", "ownerReferences")) {
            String uid = Fields.text(owner, "uid");
            TreeMap<String, ObjectNode> owned = byOwner.get(uid);
            if (owned != null) {
                owned.remove(key);
                if (owned.isEmpty()) {
                    byOwner.remove(uid);
                }
            }
        }
    }

    List<ObjectNode> list(String namespace) {
        if (!namespace.isEmpty()) {
            TreeMap<String, ObjectNode> objects = byNamespace.get(namespace);
            return objects == null ? List.of() : List.copyOf(objects.values());
        }
        List<ObjectNode> all = new ArrayList<>();
        byNamespace.values().forEach(objects -> all.addAll(objects.values()));
        return all;
    }

    List<ObjectNode> ownedBy(String uid) {
        TreeMap<String, ObjectNode> owned = byOwner.get(uid);
        return owned == null ? List.of() : List.copyOf(owned.values());
    }

    List<ObjectName> names() {
        List<ObjectName> names = new ArrayList<>();
        byNamespace.forEach(
                (namespace, objects) ->
                        objects.keySet()
                                .forEach(name -> names.add(new ObjectName(namespace, name))));
        return names;
    }
}
