package dev.meshdojo.simulator.apiserver.model;

/** The JSON type of a field, list element or map value. */
public sealed interface FieldType {

    /** A value without further structure that we know of. */
    enum Scalar implements FieldType {
        STRING,
        BOOLEAN,
        INT32,
        INT64,
        DOUBLE,
        /** Base64 text. */
        BYTES,
        /** RFC 3339 text with seconds. */
        TIME,
        /** RFC 3339 text with microseconds. */
        MICRO_TIME,
        /** Go's duration text, such as {@code 1m30s}. */
        DURATION,
        /** A resource quantity: text or number, such as {@code 500m}. */
        QUANTITY,
        /** A number or text: ports and percentages. */
        INT_OR_STRING,
        /** Any JSON object: raw extensions and managed fields. */
        RAW,
        /** Any JSON value. */
        ANY,
        /** Any JSON value: a default, example or enumerated value of a CRD's schema. */
        JSON,
        /** A schema or a list of schemas. */
        SCHEMA_OR_ARRAY,
        /** A schema or a boolean. */
        SCHEMA_OR_BOOL,
        /** A schema or a list of property names. */
        SCHEMA_OR_STRINGS
    }

    /** A list; whether it merges is said by the {@link Field} that holds it. */
    record ListOf(FieldType element) implements FieldType {}

    /** An object with free keys. */
    record MapOf(FieldType value) implements FieldType {}

    /**
     * A reference to a named definition; look it up with {@link KubernetesTypes#definition}.
     *
     * @param definition full name, such as {@code io.k8s.api.core.v1.PodSpec}
     */
    record Ref(String definition) implements FieldType {}
}
