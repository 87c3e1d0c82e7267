package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with one field, in Kubernetes' words.
 *
 * @param type which rule
 * @param field JSON path such as {@code spec.ports[0].port}
 * @param value the bad value as Kubernetes prints it, or null when the rule prints none
 * @param detail the rest of the message; may be empty
 */
public record FieldError(Type type, String field, @Nullable String value, String detail) {

    /** Rules, with their words and the reason in a Status' causes. */
    public enum Type {
        NOT_FOUND("FieldValueNotFound", "Not found"),
        REQUIRED("FieldValueRequired", "Required value"),
        DUPLICATE("FieldValueDuplicate", "Duplicate value"),
        INVALID("FieldValueInvalid", "Invalid value"),
        NOT_SUPPORTED("FieldValueNotSupported", "Unsupported value"),
        FORBIDDEN("FieldValueForbidden", "Forbidden"),
        TOO_LONG("FieldValueTooLong", "Too long"),
        TOO_MANY("FieldValueTooMany", "Too many"),
        INTERNAL("InternalError", "Internal error"),
        TYPE_INVALID("FieldValueTypeInvalid", "Invalid value");

        private final String reason;
        private final String words;

        Type(String reason, String words) {
            this.reason = reason;
            this.words = words;
        }

        /** The machine-readable reason of a Status cause. */
        public String reason() {
            return reason;
        }
    }

    /** {@code Invalid value: …} */
    public static FieldError invalid(String field, @Nullable JsonNode value, String detail) {
        return new FieldError(Type.INVALID, field, print(value), detail);
    }

    /** {@code Invalid value: "…"} */
    public static FieldError invalidText(String field, String value, String detail) {
        return new FieldError(Type.INVALID, field, quote(value), detail);
    }

    /** {@code Required value} */
    public static FieldError required(String field, String detail) {
        return new FieldError(Type.REQUIRED, field, null, detail);
    }

    /** {@code Forbidden} */
    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Type.FORBIDDEN, field, null, detail);
    }

    /** {@code Duplicate value: …} */
    public static FieldError duplicate(String field, @Nullable JsonNode value) {
        return new FieldError(Type.DUPLICATE, field, print(value), "");
    }

    /** {@code Not found: …} */
    public static FieldError notFound(String field, @Nullable JsonNode value) {
        return new FieldError(Type.NOT_FOUND, field, print(value), "");
    }

    /** {@code Unsupported value: … supported values: …} */
    public static FieldError notSupported(
            String field, @Nullable JsonNode value, List<String> supported) {
        StringBuilder detail = new StringBuilder("supported values: ");
        for (int i = 0; i < supported.size(); i++) {
            detail.append(i == 0 ? "" : ", ").append(quote(supported.get(i)));
        }
        return new FieldError(Type.NOT_SUPPORTED, field, print(value), detail.toString());
    }

    /** {@code Too long: may not be more than … bytes} */
    public static FieldError tooLong(String field, int limit) {
        return new FieldError(
                Type.TOO_LONG,
                field,
                null,
                "may not be more than " + limit + (limit == 1 ? " byte" : " bytes"));
    }

    /** {@code Too many: …: must have at most … items} */
    public static FieldError tooMany(String field, int actual, int limit) {
        return new FieldError(
                Type.TOO_MANY,
                field,
                Integer.toString(actual),
                "must have at most " + limit + (limit == 1 ? " item" : " items"));
    }

    /** Without the field, as a Status cause has it. */
    public String message() {
        StringBuilder text = new StringBuilder(type.words);
        if (value != null) {
            text.append(": ").append(value);
        }
        if (!detail.isEmpty()) {
            text.append(": ").append(detail);
        }
        return text.toString();
    }

    /** The whole message, with the field. */
    @Override
    public String toString() {
        return field + ": " + message();
    }

    private static String print(@Nullable JsonNode value) {
        if (value == null || value.isMissingNode() || value.isNull()) {
            return "null";
        }
        if (value.isTextual()) {
            return quote(value.asText());
        }
        if (value.isContainerNode()) {
            return value.toString()
                    .replace("<", "\\u003c")
                    .replace(">", "\\u003e")
                    .replace("&", "\\u0026");
        }
        return value.isNumber() && !(value.isIntegralNumber() && value.canConvertToLong())
                ? GoText.number(value.asDouble())
                : value.toString();
    }

    private static String quote(String text) {
        return GoText.quote(text);
    }
}
