package dev.meshdojo.simulator.apiserver.collect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.operation.Meta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which object owns which, by uid, as the store's changes say. Thread-safe. */
final class OwnerGraph {

    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();

    /**
     * An object.
     *
     * @param bucket of the store
     * @param key in the bucket
     * @param owners uids
     */
    record Node(String bucket, String key, List<String> owners) {}

    synchronized void put(String bucket, String key, ObjectNode object) {
        String uid = Meta.uid(object);
        List<String> owners = new ArrayList<>();
        for (JsonNode owner : object.path("metadata").path("ownerReferences")) {
            owners.add(owner.path("uid").asText());
        }
        Node before = nodes.put(uid, new Node(bucket, key, List.copyOf(owners)));
        if (before != null && before.owners().equals(owners)) {
            return;
        }
        if (before != null) {
            unlink(uid, before);
        }
        owners.forEach(
                owner -> dependents.computeIfAbsent(owner, _ -> new LinkedHashSet<>()).add(uid));
    }

    synchronized void remove(String uid) {
        Node node = nodes.remove(uid);
        if (node != null) {
            unlink(uid, node);
        }
    }

    private void unlink(String uid, Node node) {
        for (String owner : node.owners()) {
            Set<String> owned = dependents.get(owner);
            if (owned != null) {
                owned.remove(uid);
                if (owned.isEmpty()) {
                    dependents.remove(owner);
                }
            }
        }
    }

    synchronized @Nullable Node find(String uid) {
        return nodes.get(uid);
    }

    synchronized boolean exists(String uid) {
        return nodes.containsKey(uid);
    }

    synchronized List<String> dependentsOf(String uid) {
        return List.copyOf(dependents.getOrDefault(uid, Set.of()));
    }
}
