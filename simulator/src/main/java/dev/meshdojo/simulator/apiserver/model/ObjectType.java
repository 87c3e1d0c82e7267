package dev.meshdojo.simulator.apiserver.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A named object definition.
 *
 * @param name full definition name, such as {@code io.k8s.api.apps.v1.Deployment}
 * @param fields by JSON name, sorted
 * @param atomic whether server-side apply treats every value of this type as one
 */
public record ObjectType(String name, Map<String, Field> fields, boolean atomic) {

    public ObjectType {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** The field, or null when the type has none of that name. */
    public @Nullable Field field(String jsonName) {
        return fields.get(jsonName);
    }
}
