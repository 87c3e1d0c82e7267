package dev.meshdojo.simulator.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The objects under analysis, by kind and name, and the messages so far. For one analysis; not
 * thread-safe.
 */
public final class AnalysisContext {

    /** Namespaces that analysis leaves alone. */
    private static final Set<String> IGNORED_NAMESPACES =
            Set.of("kube-system", "kube-public", "kube-node-lease", "local-path-storage");

    private final Map<ObjectKind, Map<String, AnalyzedObject>> objects =
            new EnumMap<>(ObjectKind.class);
    private final List<Message> messages = new ArrayList<>();
    private final Instant now;
    private final AnalyzedMeshConfig meshConfig;

    AnalysisContext(Iterable<? extends JsonNode> input, Instant now) {
        this.now = now;
        for (JsonNode json : input) {
            AnalyzedObject object = AnalyzedObject.of(json);
            if (object != null && !ignored(object)) {
                objects.computeIfAbsent(object.kind(), kind -> new LinkedHashMap<>())
                        .put(object.fullName(), object);
            }
        }
        this.meshConfig = AnalyzedMeshConfig.of(find(ObjectKind.CONFIG_MAP, "istio-system/istio"));
    }

    private static boolean ignored(AnalyzedObject object) {
        return IGNORED_NAMESPACES.contains(
                object.kind() == ObjectKind.NAMESPACE ? object.name() : object.namespace());
    }

    /** All objects of a kind, in the order they were given. */
    public Collection<AnalyzedObject> all(ObjectKind kind) {
        return objects.getOrDefault(kind, Map.of()).values();
    }

    /** The object of a kind and full name. */
    public @Nullable AnalyzedObject find(ObjectKind kind, String fullName) {
        return objects.getOrDefault(kind, Map.of()).get(fullName);
    }

    /** The mesh's configuration; Istio's defaults when the objects do not hold any. */
    public AnalyzedMeshConfig meshConfig() {
        return meshConfig;
    }

    /** The time at which certificates must be valid. */
    public Instant now() {
        return now;
    }

    /** Reports a finding, with the arguments that its type's wording asks for. */
    public void report(MessageType type, AnalyzedObject subject, Object... arguments) {
        messages.add(Message.of(type, subject, arguments));
    }

    List<Message> messages() {
        return messages;
    }
}
