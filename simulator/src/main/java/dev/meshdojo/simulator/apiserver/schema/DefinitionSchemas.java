package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong inside the schemas of custom kinds: defaults that do not fit, CEL rules. Pure. */
public final class DefinitionSchemas {

    private DefinitionSchemas() {}

    /**
     * What is wrong with the defaults of a structural schema.
     *
     * @param path where the schema stands
     */
    public static List<FieldError> defaults(JsonNode schema, String path) {
        List<FieldError> errors = new ArrayList<>();
        visit(schema, path, errors);
        return errors;
    }

    private static void visit(JsonNode schema, String path, List<FieldError> errors) {
        JsonNode value = schema.get("default");
        if (value != null && !value.isNull()) {
            judge(schema, value, path + ".default", errors);
        }
        schema.path("properties")
                .properties()
                .forEach(
                        property ->
                                visit(
                                        property.getValue(),
                                        path + ".properties[" + property.getKey() + "]",
                                        errors));
        if (schema.path("items").isObject()) {
            visit(schema.path("items"), path + ".items", errors);
        }
        if (schema.path("additionalProperties").isObject()) {
            visit(schema.path("additionalProperties"), path + ".additionalProperties", errors);
        }
    }

    private static void judge(JsonNode node, JsonNode value, String path, List<FieldError> errors) {
        ObjectNode plain = node.deepCopy();
        plain.remove("default");
        Schema schema = SchemaCompiler.compile(plain);
        if (value.isObject()) {
            ObjectNode pruned = value.deepCopy();
            Pruning.prunePart(pruned, schema);
            if (!pruned.equals(value)) {
                errors.add(FieldError.invalid(path, value, "must not have unknown fields"));
            }
        }
        for (FieldError error : SchemaValidation.validate(value, schema)) {
            String field = error.field().equals("<nil>") ? path : path + "." + error.field();
            errors.add(new FieldError(error.type(), field, error.value(), error.detail()));
        }
    }

    /** Why a rule cannot be used, as the API server words it, or null. */
    public static @Nullable String ruleProblem(String expression) {
        return CelPrograms.ruleProblem(expression, PolicyExpressions.Result.TRUTH, "rule");
    }

    /** Why the expression of a rule's message cannot be used, or null. */
    public static @Nullable String messageProblem(String expression) {
        return CelPrograms.ruleProblem(
                expression, PolicyExpressions.Result.TEXT, "messageExpression");
    }
}
