package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps namespaces that the mesh's {@code discoverySelectors} do not select out of sight, from one
 * snapshot to the next. Not thread-safe.
 */
final class DiscoverySelectors {

    private @Nullable MeshSnapshot lastWhole;
    private @Nullable MeshSnapshot last;
    private Set<String> lastSelected = Set.of();
    private List<JsonView> lastSelectors = List.of();

    /** The part of a snapshot that the control plane looks at. */
    MeshSnapshot apply(MeshSnapshot whole, MeshConfig mesh) {
        List<JsonView> selectors = mesh.view().list("discoverySelectors");
        if (selectors.isEmpty()) {
            lastWhole = null;
            last = null;
            return whole;
        }
        Set<String> selected = new HashSet<>();
        for (KubeObject namespace : whole.all("namespaces").byKey()) {
            if (selectors.stream()
                    .anyMatch(selector -> LabelSelectors.matches(selector, labels(namespace)))) {
                selected.add(namespace.name());
            }
        }
        boolean same = selected.equals(lastSelected) && selectors.equals(lastSelectors);
        Map<String, ObjectSet> kinds = new HashMap<>();
        whole.kinds().forEach((kind, set) -> kinds.put(kind, part(kind, set, selected, same)));
        MeshSnapshot now = new MeshSnapshot(whole.revision(), kinds);
        lastWhole = whole;
        last = now;
        lastSelected = selected;
        lastSelectors = selectors;
        return now;
    }

    private static Map<String, String> labels(KubeObject namespace) {
        Map<String, String> labels = new HashMap<>(namespace.labels());
        labels.put("kubernetes.io/metadata.name", namespace.name());
        return labels;
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set is the same instance
    private ObjectSet part(String kind, ObjectSet set, Set<String> selected, boolean same) {
        MeshSnapshot before = last;
        MeshSnapshot whole = lastWhole;
        if (same && before != null && whole != null && whole.all(kind) == set) {
            return before.all(kind);
        }
        List<ObjectNode> kept =
                set.byKey().stream()
                        .filter(
                                object ->
                                        object.namespace().isEmpty()
                                                || selected.contains(object.namespace()))
                        .map(KubeObject::raw)
                        .toList();
        return before == null ? ObjectSet.of(kept) : before.all(kind).next(kept);
    }
}
