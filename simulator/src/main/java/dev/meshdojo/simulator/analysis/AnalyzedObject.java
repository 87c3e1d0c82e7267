package dev.meshdojo.simulator.analysis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.admission.Spec;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object as analyzers see it. Immutable as long as nobody changes the JSON.
 *
 * @param kind its kind
 * @param namespace its namespace, empty for a cluster-scoped one
 * @param name its name
 * @param labels {@code metadata.labels}
 * @param annotations {@code metadata.annotations}
 * @param json the whole object
 */
public record AnalyzedObject(
        ObjectKind kind,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        JsonNode json) {

    public AnalyzedObject {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Takes an object apart; null for a kind that no analyzer looks at. */
    public static @Nullable AnalyzedObject of(JsonNode json) {
        ObjectKind kind =
                ObjectKind.of(json.path("apiVersion").asText(), json.path("kind").asText());
        if (kind == null) {
            return null;
        }
        Spec metadata = new Spec(json.path("metadata"));
        String namespace = metadata.text("namespace");
        return new AnalyzedObject(
                kind,
                kind.namespaced() ? (namespace.isEmpty() ? "default" : namespace) : "",
                metadata.text("name"),
                metadata.textMap("labels"),
                metadata.textMap("annotations"),
                json);
    }

    /** The spec; absent reads as empty. */
    public Spec spec() {
        return new Spec(json).get("spec");
    }

    /** {@code namespace/name}, or the bare name of a cluster-scoped object. */
    public String fullName() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }

    /** How istioctl names the object a message is about. */
    public String origin() {
        return kind.kind() + " " + fullName();
    }

    /** Whether a selector by labels picks this object; an empty selector picks all. */
    public boolean selectedBy(Map<String, String> selector) {
        return Selectors.matches(selector, labels);
    }
}
