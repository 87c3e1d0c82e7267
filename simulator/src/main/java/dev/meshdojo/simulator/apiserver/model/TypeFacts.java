package dev.meshdojo.simulator.apiserver.model;

import java.util.Map;
import java.util.Set;

/**
 * What the facts table says about one definition.
 *
 * @param atomic server-side apply treats values of the type as one
 * @param fields facts of fields; their type is meaningless here
 * @param types types that differ from fabric8's, and fields that fabric8 lacks
 * @param removed fields that fabric8 has and Kubernetes does not
 */
record TypeFacts(
        boolean atomic,
        Map<String, Field> fields,
        Map<String, FieldType> types,
        Set<String> removed) {

    static final TypeFacts NONE = new TypeFacts(false, Map.of(), Map.of(), Set.of());

    Field complete(String name, FieldType type) {
        Field known = fields.get(name);
        if (known == null) {
            return ModelReflection.plain(name, type);
        }
        return new Field(
                name,
                type,
                known.required(),
                known.listType(),
                known.listMapKeys(),
                known.atomic(),
                known.patchStrategies(),
                known.patchMergeKey(),
                known.enumValues(),
                known.defaultValue(),
                known.wire());
    }
}
