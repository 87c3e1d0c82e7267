package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A structural schema, compiled. Immutable; shared by every object of a kind.
 *
 * @param type {@code object}, {@code array}, {@code string}, {@code integer}, {@code number},
 *     {@code boolean}, or empty for any
 * @param format such as {@code int32} or {@code date-time}; may be empty
 * @param nullable whether null is a value
 * @param properties by name
 * @param additional the schema of other properties; null when there are none
 * @param items the schema of array items; null when nothing is known
 * @param required names that must be present
 * @param defaultValue filled in when absent; null for none
 * @param limits bounds on the value
 * @param logic further conditions
 * @param extensions what Kubernetes adds to OpenAPI
 */
record Schema(
        String type,
        String format,
        boolean nullable,
        Map<String, Schema> properties,
        @Nullable Schema additional,
        @Nullable Schema items,
        List<String> required,
        @Nullable JsonNode defaultValue,
        Limits limits,
        Logic logic,
        Extensions extensions) {

    /**
     * Bounds; a null is no bound.
     *
     * @param pattern what text must contain, as RE2 has it; it takes linear time
     * @param allowed the only values, empty for any
     */
    record Limits(
            @Nullable Double minimum,
            boolean exclusiveMinimum,
            @Nullable Double maximum,
            boolean exclusiveMaximum,
            @Nullable Double multipleOf,
            @Nullable Integer minLength,
            @Nullable Integer maxLength,
            @Nullable Integer minItems,
            @Nullable Integer maxItems,
            boolean uniqueItems,
            @Nullable Integer minProperties,
            @Nullable Integer maxProperties,
            @Nullable Pattern pattern,
            List<JsonNode> allowed) {}

    /** Boolean combinations of schemas; empty or null when absent. */
    record Logic(
            List<Schema> allOf, List<Schema> anyOf, List<Schema> oneOf, @Nullable Schema not) {}

    /**
     * Kubernetes' extensions.
     *
     * @param preserveUnknown whether unknown properties stay
     * @param embedded whether the value is an object with {@code apiVersion}, {@code kind} and
     *     {@code metadata}
     * @param intOrString whether an integer and a string both fit
     * @param listType {@code atomic}, {@code set}, {@code map}, or empty
     * @param listMapKeys the keys of a {@code map} list
     * @param mapType {@code atomic}, {@code granular}, or empty
     * @param rules CEL rules
     */
    record Extensions(
            boolean preserveUnknown,
            boolean embedded,
            boolean intOrString,
            String listType,
            List<String> listMapKeys,
            String mapType,
            List<CelRule> rules) {}

    /** The schema of a property, of additional properties, or null when nothing is known of it. */
    @Nullable Schema property(String name) {
        Schema known = properties.get(name);
        return known == null ? additional : known;
    }

    /** Whether this schema or one below has CEL rules. */
    boolean hasRules() {
        return !extensions.rules().isEmpty()
                || properties.values().stream().anyMatch(Schema::hasRules)
                || (additional != null && additional.hasRules())
                || (items != null && items.hasRules());
    }
}
