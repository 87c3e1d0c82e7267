package dev.meshdojo.simulator.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.model.FieldType.Scalar;
import org.jspecify.annotations.Nullable;

/** Definitions that are no objects with fields: times, quantities, numbers-or-texts. */
final class CommonDefinitions {

    static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    static final String OBJECT_META = META + "ObjectMeta";
    static final String LIST_META = META + "ListMeta";
    static final String FIELDS = META + "FieldsV1";
    private static final String TIME = META + "Time";
    private static final String MICRO_TIME = META + "MicroTime";
    private static final String DURATION = META + "Duration";
    private static final String QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
    private static final String INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";
    private static final String EXTENSIONS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final String ANY_JSON = EXTENSIONS + "JSON";
    private static final String SCHEMA_OR_ARRAY = EXTENSIONS + "JSONSchemaPropsOrArray";
    private static final String SCHEMA_OR_BOOL = EXTENSIONS + "JSONSchemaPropsOrBool";
    private static final String SCHEMA_OR_STRINGS = EXTENSIONS + "JSONSchemaPropsOrStringArray";
    private static final String RAW = "io.k8s.apimachinery.pkg.runtime.RawExtension";

    private CommonDefinitions() {}

    /** The definition that a scalar refers to, or null when it is written in place. */
    static @Nullable String nameOf(Scalar scalar) {
        return switch (scalar) {
            case TIME -> TIME;
            case MICRO_TIME -> MICRO_TIME;
            case DURATION -> DURATION;
            case QUANTITY -> QUANTITY;
            case INT_OR_STRING -> INT_OR_STRING;
            case RAW -> RAW;
            case JSON -> ANY_JSON;
            case SCHEMA_OR_ARRAY -> SCHEMA_OR_ARRAY;
            case SCHEMA_OR_BOOL -> SCHEMA_OR_BOOL;
            case SCHEMA_OR_STRINGS -> SCHEMA_OR_STRINGS;
            default -> null;
        };
    }

    /** The schema of such a definition, or null when the name is another's. */
    static @Nullable ObjectNode schema(String name, Dialect dialect) {
        return switch (name) {
            case TIME ->
                    described("Time as RFC 3339 text with seconds.")
                            .put("type", "string")
                            .put("format", "date-time");
            case MICRO_TIME ->
                    described("Time as RFC 3339 text with microseconds.")
                            .put("type", "string")
                            .put("format", "date-time");
            case DURATION -> described("Duration such as 1m30s.").put("type", "string");
            case QUANTITY ->
                    choice("Amount of a resource, such as 500m, 2 or 64Mi.", dialect, "number");
            case INT_OR_STRING ->
                    choice("A number or a text.", dialect, "integer")
                            .put("format", "int-or-string");
            case RAW -> described("Any object.").put("type", "object");
            case ANY_JSON -> described("Any JSON value.");
            case SCHEMA_OR_ARRAY -> described("A schema, or a list of schemas.");
            case SCHEMA_OR_BOOL -> described("A schema, or whether any value is valid.");
            case SCHEMA_OR_STRINGS -> described("A schema, or a list of property names.");
            case FIELDS ->
                    described("The set of fields that a manager owns, as nested keys.")
                            .put("type", "object");
            default -> null;
        };
    }

    private static ObjectNode described(String description) {
        return JsonNodeFactory.instance.objectNode().put("description", description);
    }

    private static ObjectNode choice(String description, Dialect dialect, String other) {
        ObjectNode schema = described(description);
        if (dialect == Dialect.V2) {
            return schema.put("type", "string");
        }
        var either = schema.putArray("oneOf");
        if (other.equals("integer")) {
            either.addObject().put("type", "integer");
            either.addObject().put("type", "string");
        } else {
            either.addObject().put("type", "string");
            either.addObject().put("type", other);
        }
        return schema;
    }
}
