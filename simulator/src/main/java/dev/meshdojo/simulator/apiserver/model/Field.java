package dev.meshdojo.simulator.apiserver.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One field of an {@link ObjectType}.
 *
 * @param name the JSON name
 * @param type its type
 * @param required whether the OpenAPI document lists it as required
 * @param listType how server-side apply merges a list; {@code ATOMIC} for anything else too
 * @param listMapKeys the keys of a {@code MAP} list, in order; empty otherwise
 * @param atomic whether server-side apply treats a map or object as one value
 * @param patchStrategies strategic merge patch's strategies; empty means the default: objects
 *     merge, lists are replaced
 * @param patchMergeKey the key of a merging list of objects; null otherwise
 * @param enumValues the documented values, sorted; empty when there is no such list
 * @param defaultValue the documented default; null when there is none
 * @param wire its place in the protobuf form; null when it has none
 */
public record Field(
        String name,
        FieldType type,
        boolean required,
        ListType listType,
        List<String> listMapKeys,
        boolean atomic,
        Set<PatchStrategy> patchStrategies,
        @Nullable String patchMergeKey,
        List<String> enumValues,
        @Nullable JsonNode defaultValue,
        @Nullable Wire wire) {

    public Field {
        listMapKeys = List.copyOf(listMapKeys);
        patchStrategies = Set.copyOf(patchStrategies);
        enumValues = List.copyOf(enumValues);
    }

    /**
     * A field's place in Kubernetes' protobuf form.
     *
     * @param path field numbers; more than one where JSON inlines what protobuf nests
     * @param keepsZero whether a zero is a value rather than an omitted field
     */
    public record Wire(List<Integer> path, boolean keepsZero) {
        public Wire {
            path = List.copyOf(path);
        }
    }

    /** {@code x-kubernetes-list-type}. */
    public enum ListType {
        ATOMIC,
        SET,
        MAP
    }

    /** {@code x-kubernetes-patch-strategy}. */
    public enum PatchStrategy {
        MERGE,
        REPLACE,
        RETAIN_KEYS
    }

    /** Whether strategic merge patch merges this list instead of replacing it. */
    public boolean merges() {
        return patchStrategies.contains(PatchStrategy.MERGE);
    }
}
