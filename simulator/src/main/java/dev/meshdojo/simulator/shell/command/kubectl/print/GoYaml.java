package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * YAML as {@code sigs.k8s.io/yaml} writes it: sorted keys, lists flush with their key, block
 * literals for text of several lines, plain text folded at 80 columns.
 */
public final class GoYaml {

    private static final int WIDTH = 80;
    private static final Pattern NUMBER =
            Pattern.compile(
                    "[-+]?(\\d[\\d_]*|0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|(\\d[\\d_]*)?\\.[\\d_]+([eE][-+]?\\d+)?"
                            + "|\\d[\\d_]*\\.?([eE][-+]?\\d+)?|\\d+(:[0-5]?\\d)+(\\.\\d*)?)"
                            + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");
    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{1,2}-\\d{1,2}([Tt ]\\d.*)?");
    private static final Pattern WORD =
            Pattern.compile(
                    "y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|true|True|TRUE|false|False|FALSE"
                            + "|null|Null|NULL|~|<<|=");

    private GoYaml() {}

    /** One document, ending with a line end. */
    public static String write(JsonNode node) {
        StringBuilder out = new StringBuilder();
        switch (node) {
            case ObjectNode object when !object.isEmpty() -> mapping(object, out, 0);
            case ArrayNode array when !array.isEmpty() -> sequence(array, out, 0);
            default -> {
                scalar(node, out, 0, 0);
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static void mapping(ObjectNode object, StringBuilder out, int indent) {
        Map<String, JsonNode> sorted = new TreeMap<>(new YamlKeyOrder());
        object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        boolean first = true;
        for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
            if (!first || out.isEmpty() || out.charAt(out.length() - 1) == '\n') {
                out.append(" ".repeat(indent));
            }
            first = false;
            text(entry.getKey(), out, indent, indent, true);
            out.append(':');
            value(entry.getValue(), out, indent);
        }
    }

    private static void value(JsonNode value, StringBuilder out, int indent) {
        switch (value) {
            case ObjectNode object when !object.isEmpty() -> {
                out.append('\n');
                mapping(object, out, indent + 2);
            }
            case ArrayNode array when !array.isEmpty() -> {
                out.append('\n');
                sequence(array, out, indent);
            }
            default -> {
                out.append(' ');
                int column = out.length() - out.lastIndexOf("\n") - 1;
                scalar(value, out, indent + 2, column);
                out.append('\n');
            }
        }
    }

    private static void sequence(ArrayNode array, StringBuilder out, int indent) {
        boolean first = true;
        for (JsonNode item : array) {
            if (!first || out.isEmpty() || out.charAt(out.length() - 1) == '\n') {
                out.append(" ".repeat(indent));
            }
            first = false;
            out.append("- ");
            switch (item) {
                case ObjectNode object when !object.isEmpty() -> mapping(object, out, indent + 2);
                case ArrayNode nested when !nested.isEmpty() -> sequence(nested, out, indent + 2);
                default -> {
                    scalar(item, out, indent + 2, indent + 2);
                    out.append('\n');
                }
            }
        }
    }

    private static void scalar(JsonNode node, StringBuilder out, int indent, int column) {
        if (node.isTextual()) {
            text(node.asText(), out, indent, column, false);
        } else if (node.isNumber()) {
            out.append(GoJson.number(node));
        } else if (node.isObject()) {
            out.append("{}");
        } else if (node.isArray()) {
            out.append("[]");
        } else {
            out.append(node.isMissingNode() || node.isNull() ? "null" : node.asText());
        }
    }

    private static void text(String text, StringBuilder out, int indent, int column, boolean key) {
        if (text.isEmpty()) {
            out.append("\"\"");
        } else if (isBinary(text)) {
            doubleQuoted(text, out);
        } else if (text.contains("\n") && !key) {
            literal(text, out, indent);
        } else if (text.contains("\n") || resolves(text)) {
            doubleQuoted(text, out);
        } else if (plainAllowed(text)) {
            fold(text, out, indent, column, key, false);
        } else {
            out.append('\'');
            fold(text.replace("'", "''"), out, indent, column + 1, key, true);
            out.append('\'');
        }
    }

    private static boolean isBinary(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean printable =
                    c == '\n'
                            || c == '\t'
                            || (c >= 0x20 && c < 0x7f)
                            || (c >= 0xa0 && c != 0xfeff)
                            || c == 0x85;
            if (!printable) {
                return true;
            }
        }
        return false;
    }

    private static boolean resolves(String text) {
        return WORD.matcher(text).matches()
                || NUMBER.matcher(text).matches()
                || DATE.matcher(text).matches();
    }

    private static boolean plainAllowed(String text) {
        char first = text.charAt(0);
        if (text.startsWith("---") || text.startsWith("...")) {
            return false;
        }
        if (",[]{}#&*!|>'\"%@`".indexOf(first) >= 0) {
            return false;
        }
        if ("-?:".indexOf(first) >= 0 && (text.length() == 1 || text.charAt(1) == ' ')) {
            return false;
        }
        if (first == ' ' || text.charAt(text.length() - 1) == ' ' || text.contains("\t")) {
            return false;
        }
        return !text.contains(": ") && !text.endsWith(":") && !text.contains(" #");
    }

    private static void literal(String text, StringBuilder out, int indent) {
        boolean ended = text.endsWith("\n");
        out.append('|');
        if (text.startsWith(" ") || text.startsWith("\n")) {
            out.append('2');
        }
        if (!ended) {
            out.append('-');
        } else if (text.endsWith("\n\n") || text.equals("\n")) {
            out.append('+');
        }
        String body = ended ? text.substring(0, text.length() - 1) : text;
        for (String line : List.of(body.split("\n", -1))) {
            out.append('\n');
            if (!line.isEmpty()) {
                out.append(" ".repeat(indent)).append(line);
            }
        }
    }

    private static void fold(
            String text, StringBuilder out, int indent, int column, boolean key, boolean quoted) {
        int at = column;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean inner = i > 0 && i < text.length() - 1;
            boolean single =
                    c == ' '
                            && inner
                            && text.charAt(i + 1) != ' '
                            && (quoted || text.charAt(i - 1) != ' ');
            if (!key && single && at > WIDTH) {
                out.append('\n').append(" ".repeat(indent));
                at = indent;
            } else {
                out.append(c);
                at++;
            }
        }
    }

    private static void doubleQuoted(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\u0007' -> out.append("\\a");
                case '\b' -> out.append("\\b");
                case '\u001b' -> out.append("\\e");
                case '\0' -> out.append("\\0");
                default -> {
                    if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
                        out.append("\\x%02X".formatted((int) c));
                    } else if (c == '\ufeff') {
                        out.append("\\uFEFF");
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
