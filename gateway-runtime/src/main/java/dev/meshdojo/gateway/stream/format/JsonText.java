package dev.meshdojo.gateway.stream.format;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints JSON-like values compactly, as Envoy does. */
public final class JsonText {

    private JsonText() {}

    static String print(Object value) {
        return value instanceof String text ? text : of(value);
    }

    static String truncate(String text, int maxLength) {
        return maxLength < 0 || text.length() <= maxLength ? text : text.substring(0, maxLength);
    }

    /** Compact JSON; whole numbers without a fraction. */
    public static String of(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        switch (value) {
            case null -> text.append("null");
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text.append(separator);
                    quote(text, String.valueOf(entry.getKey()));
                    append(text.append(':'), entry.getValue());
                    separator = ",";
                }
                text.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    append(text.append(separator), element);
                    separator = ",";
                }
                text.append(list.isEmpty() ? "[]" : "]");
            }
            case Double number when number == Math.rint(number) && Math.abs(number) < 1e15 ->
                    text.append(number.longValue());
            case Number number -> text.append(number);
            case Boolean bool -> text.append(bool);
            default -> quote(text, value.toString());
        }
    }

    private static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
