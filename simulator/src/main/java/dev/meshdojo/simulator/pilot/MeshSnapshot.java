package dev.meshdojo.simulator.pilot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything the control plane knows at one moment: an immutable set of Kubernetes and Istio
 * objects as stored by the API server. A later snapshot that is made of this one's sets shares what
 * did not change, which is what incremental translation goes by.
 *
 * @param revision the store's resourceVersion that this snapshot reflects
 * @param kinds by {@code plural.group} ({@code services}, {@code
 *     virtualservices.networking.istio.io})
 */
public record MeshSnapshot(String revision, Map<String, ObjectSet> kinds) {

    public MeshSnapshot {
        kinds = Map.copyOf(kinds);
    }

    /** A snapshot of objects by {@code plural.group}; they must not be changed later. */
    public static MeshSnapshot of(String revision, Map<String, List<ObjectNode>> objects) {
        Map<String, ObjectSet> kinds = new HashMap<>();
        objects.forEach((kind, items) -> kinds.put(kind, ObjectSet.of(items)));
        return new MeshSnapshot(revision, kinds);
    }

    /** Objects of a kind, by {@code plural.group}; empty when there are none. */
    public ObjectSet all(String groupResource) {
        return kinds.getOrDefault(groupResource, ObjectSet.EMPTY);
    }
}
