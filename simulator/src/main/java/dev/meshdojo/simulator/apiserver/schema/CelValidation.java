package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cel.runtime.CelEvaluationException;
import dev.meshdojo.simulator.apiserver.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Evaluates a schema's CEL rules on an object, outermost first, as kube-apiserver does. Pure. */
final class CelValidation {

    private static final Pattern MISSING_KEY =
            Pattern.compile("key '([^']*)' is not present|Error resolving field '([^']*)'");

    private final List<FieldError> errors = new ArrayList<>();

    private CelValidation() {}

    /**
     * What the rules say.
     *
     * @param old the object before the change, or null on creation
     */
    static List<FieldError> validate(JsonNode value, @Nullable JsonNode old, Schema schema) {
        CelValidation validation = new CelValidation();
        validation.visit(value, old, schema, "");
        return validation.errors;
    }

    private void visit(JsonNode value, @Nullable JsonNode old, Schema schema, String path) {
        if (value.isNull()) {
            return;
        }
        if (!schema.extensions().rules().isEmpty()) {
            Object self = CelValues.of(value, schema);
            Object oldSelf = old == null || old.isMissingNode() ? null : CelValues.of(old, schema);
            for (CelRule rule : schema.extensions().rules()) {
                if (!rule.isTransition() || oldSelf != null) {
                    evaluate(rule, self, oldSelf, value, schema, path);
                }
            }
        }
        if (value.isObject()) {
            value.properties()
                    .forEach(
                            entry -> {
                                Schema property = schema.property(entry.getKey());
                                if (property != null) {
                                    boolean map = !schema.properties().containsKey(entry.getKey());
                                    visit(
                                            entry.getValue(),
                                            old == null ? null : old.get(entry.getKey()),
                                            property,
                                            Paths.child(path, entry.getKey(), map));
                                }
                            });
        } else if (value.isArray() && schema.items() != null) {
            for (int i = 0; i < value.size(); i++) {
                visit(
                        value.get(i),
                        correlated(value.get(i), old, schema),
                        schema.items(),
                        path + "[" + i + "]");
            }
        }
    }

    /** Only items of map lists have a past: the one with the same keys. */
    private static @Nullable JsonNode correlated(
            JsonNode item, @Nullable JsonNode old, Schema schema) {
        if (old == null || !old.isArray() || !schema.extensions().listType().equals("map")) {
            return null;
        }
        for (JsonNode candidate : old) {
            boolean same =
                    schema.extensions().listMapKeys().stream()
                            .allMatch(key -> candidate.path(key).equals(item.path(key)));
            if (same) {
                return candidate;
            }
        }
        return null;
    }

    private void evaluate(
            CelRule rule,
            Object self,
            @Nullable Object oldSelf,
            JsonNode value,
            Schema schema,
            String path) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", self);
        if (oldSelf != null) {
            variables.put("oldSelf", oldSelf);
        }
        try {
            Object result = CelPrograms.program(rule.rule()).eval(variables);
            if (Boolean.FALSE.equals(result)) {
                errors.add(failed(rule, variables, value, path));
            }
        } catch (CelEvaluationException e) {
            errors.add(
                    new FieldError(
                            FieldError.Type.INVALID,
                            path.isEmpty() ? "<nil>" : path,
                            TextNode.valueOf(schema.type()).toString(),
                            reason(e, rule) + " evaluating rule: " + rule.text()));
        }
    }

    /** Why an evaluation failed, in cel-go's words where they are known. */
    static String reason(CelEvaluationException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CelFailure) {
                return String.valueOf(cause.getMessage());
            }
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("For input string")) {
            return "type conversion error from 'string' to 'int'";
        }
        Matcher missing = MISSING_KEY.matcher(message);
        if (!missing.find()) {
            return message;
        }
        return "no such key: " + (missing.group(1) == null ? missing.group(2) : missing.group(1));
    }

    private static String reason(CelEvaluationException e, CelRule rule) {
        String message = reason(e);
        if (rule.rule().contains("duration(")
                && (message.contains("uration") || message.contains("No matching overload"))) {
            return "type conversion error from 'string' to 'google.protobuf.Duration'";
        }
        return message;
    }

    private static FieldError failed(
            CelRule rule, Map<String, Object> variables, JsonNode value, String path) {
        String field = path.isEmpty() ? "<nil>" : path;
        if (!rule.fieldPath().isEmpty()) {
            field = path.isEmpty() ? rule.fieldPath().substring(1) : path + rule.fieldPath();
        }
        String message = message(rule, variables);
        return switch (rule.reason()) {
            case "FieldValueRequired" -> FieldError.required(field, message);
            case "FieldValueForbidden" -> FieldError.forbidden(field, message);
            case "FieldValueDuplicate" ->
                    new FieldError(FieldError.Type.DUPLICATE, field, shown(value), "");
            default -> new FieldError(FieldError.Type.INVALID, field, shown(value), message);
        };
    }

    /** Objects and lists are too long to be shown. */
    private static @Nullable String shown(JsonNode value) {
        return value.isContainerNode() ? null : value.toString();
    }

    private static String message(CelRule rule, Map<String, Object> variables) {
        if (rule.messageExpression().isEmpty()) {
            return rule.text();
        }
        try {
            Object text = CelPrograms.program(rule.messageExpression()).eval(variables);
            return text instanceof String string && !string.isBlank() ? string : rule.text();
        } catch (CelEvaluationException | IllegalArgumentException e) {
            return rule.text();
        }
    }
}
