package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Writes JSON as YAML, as Go's encoder does: keys sorted, long plain texts folded at 80. */
final class YamlText {

    private static final int WIDTH = 80;
    private static final Pattern DATE =
            Pattern.compile("\\d{4}-\\d\\d?-\\d\\d?([Tt ].*)?|[-+]?\\d+(:[0-5]?\\d)+(\\.\\d*)?");
    private static final Pattern UNSAFE_START =
            Pattern.compile("[-?:]( .*|$)|[,\\[\\]{}#&*!|>'\"%@`= ].*");
    private static final Pattern UNSAFE = Pattern.compile(".*(: |:$| #| $).*");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    static String print(JsonNode value) {
        YamlText yaml = new YamlText();
        if (value.isContainerNode() && !value.isEmpty()) {
            yaml.container(value, "", false);
        } else {
            yaml.scalar(value, "", 0);
            yaml.text.append('\n');
        }
        return yaml.text.toString();
    }

    private void container(JsonNode value, String indent, boolean begun) {
        boolean first = begun;
        if (value.isArray()) {
            for (JsonNode item : value) {
                text.append(first ? "" : indent).append("- ");
                first = false;
                below(item, indent + "  ", true, indent.length() + 2);
            }
            return;
        }
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        value.properties().forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
        for (var entry : sorted.entrySet()) {
            text.append(first ? "" : indent);
            first = false;
            String key = quoted(entry.getKey());
            text.append(key).append(':');
            JsonNode child = entry.getValue();
            if (child.isContainerNode() && !child.isEmpty()) {
                text.append('\n');
                container(child, child.isArray() ? indent : indent + "  ", false);
            } else {
                text.append(' ');
                scalar(child, indent + "  ", indent.length() + key.length() + 2);
                text.append('\n');
            }
        }
    }

    private void below(JsonNode item, String indent, boolean begun, int column) {
        if (item.isContainerNode() && !item.isEmpty()) {
            container(item, indent, begun);
        } else {
            scalar(item, indent, column);
            text.append('\n');
        }
    }

    private void scalar(JsonNode value, String indent, int column) {
        if (!value.isTextual()) {
            text.append(value);
            return;
        }
        String string = value.asText();
        if (string.indexOf('\n') >= 0 && !string.startsWith(" ") && !string.startsWith("\n")) {
            String body = string.endsWith("\n") ? string.substring(0, string.length() - 1) : string;
            text.append(string.endsWith("\n\n") ? "|+" : string.endsWith("\n") ? "|" : "|-");
            for (String line : body.split("\n", -1)) {
                text.append('\n').append(line.isEmpty() ? "" : indent).append(line);
            }
            return;
        }
        fold(quoted(string), indent, column);
    }

    private void fold(String string, String indent, int from) {
        int column = from;
        boolean plain = !string.startsWith("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            boolean single =
                    c == ' '
                            && i > 0
                            && i + 1 < string.length()
                            && string.charAt(i + 1) != ' '
                            && string.charAt(i - 1) != ' ';
            if (plain && single && column > WIDTH) {
                text.append('\n').append(indent);
                column = indent.length();
            } else {
                text.append(c);
                column++;
            }
        }
    }

    private static String quoted(String string) {
        boolean printable = string.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        boolean other = YamlBodies.resolve(string) != null || DATE.matcher(string).matches();
        if (other || !printable) {
            return TextNode.valueOf(string).toString();
        }
        return UNSAFE_START.matcher(string).matches() || UNSAFE.matcher(string).matches()
                ? "'" + string.replace("'", "''") + "'"
                : string;
    }
}
