package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stored object with the metadata that translation needs read out. Two are equal when they are
 * the very same stored state, which makes comparing them cheap.
 *
 * @param group API group of {@code apiVersion}; empty for the core group
 * @param version version part of {@code apiVersion}
 * @param kind CamelCase kind
 * @param namespace empty for cluster-scoped objects
 * @param name the object's name
 * @param created {@code metadata.creationTimestamp} as written; RFC 3339 in UTC, so text order is
 *     time order
 * @param labels labels
 * @param annotations annotations
 * @param raw the whole object; must not be changed
 */
public record KubeObject(
        String group,
        String version,
        String kind,
        String namespace,
        String name,
        String created,
        Map<String, String> labels,
        Map<String, String> annotations,
        ObjectNode raw) {

    /** Oldest first, then by name, then by namespace: the order in which Istio merges objects. */
    public static final Comparator<KubeObject> BY_AGE =
            Comparator.comparing(KubeObject::created)
                    .thenComparing(KubeObject::name)
                    .thenComparing(KubeObject::namespace);

    public KubeObject {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Reads an object's metadata. */
    public static KubeObject of(ObjectNode raw) {
        JsonView view = JsonView.of(raw);
        JsonView metadata = view.at("metadata");
        String apiVersion = view.text("apiVersion");
        int slash = apiVersion.indexOf('/');
        return new KubeObject(
                slash < 0 ? "" : apiVersion.substring(0, slash),
                apiVersion.substring(slash + 1),
                view.text("kind"),
                metadata.text("namespace"),
                metadata.text("name"),
                metadata.text("creationTimestamp"),
                metadata.textMap("labels"),
                metadata.textMap("annotations"),
                raw);
    }

    /** The {@code spec}. */
    public JsonView spec() {
        return JsonView.of(raw.get("spec"));
    }

    /** The whole object. */
    public JsonView view() {
        return JsonView.of(raw);
    }

    /** {@code namespace/name}. */
    public String key() {
        return namespace + "/" + name;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a stored state is never changed in place
    public boolean equals(@Nullable Object other) {
        return other instanceof KubeObject object && object.raw == raw;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(raw);
    }
}
