package dev.meshdojo.simulator.pilot;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * Everything the control plane knows at one moment: an immutable set of Kubernetes and Istio
 * objects as stored by the API server.
 *
 * @param revision the store's resourceVersion that this snapshot reflects
 * @param objects by {@code plural.group} ({@code services}, {@code
 *     virtualservices.networking.istio.io}); each list in key order (namespace, name); objects must
 *     not be changed
 */
public record MeshSnapshot(String revision, Map<String, List<ObjectNode>> objects) {

    public MeshSnapshot {
        objects = Map.copyOf(objects);
    }

    /** Objects of a kind, by {@code plural.group}; empty when there are none. */
    public List<ObjectNode> of(String groupResource) {
        return objects.getOrDefault(groupResource, List.of());
    }
}
