package dev.meshdojo.simulator.apiserver.patch;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a value as patches and applied fields need it: what merges by what key, and what
 * is one value. Immutable; fields may be resolved lazily, since some types contain themselves.
 */
public sealed interface Schema {

    /** Values whose structure nobody declared, and plain values. */
    enum Leaf implements Schema {
        /** Text. */
        STRING,
        /** A number, whole or not. */
        NUMBER,
        /** True or false. */
        BOOLEAN,
        /** Any of these: quantities, ports by number or name. */
        SCALAR,
        /** Anything: objects merge by key, lists are one value. */
        UNTYPED
    }

    /**
     * An object with declared fields.
     *
     * @param fields a field's property, or null when it is not declared
     * @param atomic whether the object is one value
     * @param open whether fields beyond the declared ones are allowed
     */
    record Struct(Function<String, @Nullable Property> fields, boolean atomic, boolean open)
            implements Schema {}

    /**
     * An object with free keys.
     *
     * @param value of each key
     * @param atomic whether the object is one value
     */
    record MapOf(Schema value, boolean atomic) implements Schema {}

    /**
     * A list.
     *
     * @param element of each item
     * @param kind how it merges
     * @param keys of a {@code MAP} list, in order
     */
    record ListOf(Schema element, ListKind kind, List<String> keys) implements Schema {}

    /** How applied lists merge. */
    enum ListKind {
        ATOMIC,
        SET,
        MAP
    }

    /**
     * A declared field.
     *
     * @param schema of its value
     * @param merges whether strategic merge patch merges this list
     * @param retainKeys whether {@code $retainKeys} applies
     * @param replaces whether strategic merge patch replaces this object
     * @param mergeKey of a merging list of objects, or null
     * @param defaultValue what a missing value means in list keys, or null
     */
    record Property(
            Schema schema,
            boolean merges,
            boolean retainKeys,
            boolean replaces,
            @Nullable String mergeKey,
            @Nullable JsonNode defaultValue) {

        /** A property that merges as its schema says. */
        public static Property of(Schema schema) {
            return new Property(schema, false, false, false, null, null);
        }
    }
}
