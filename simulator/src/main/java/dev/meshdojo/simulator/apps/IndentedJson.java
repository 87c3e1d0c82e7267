package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** JSON over several lines, indented by two, as other languages print it. */
enum IndentedJson {
    /** Go's {@code json.Encoder}. */
    GO(","),
    /** Flask's {@code jsonify} of 2018, which leaves a blank behind each comma. */
    FLASK(", ");

    private final String comma;

    IndentedJson(String comma) {
        this.comma = comma;
    }

    /** The text with a line feed at its end. */
    byte[] print(JsonNode node) {
        StringBuilder text = new StringBuilder();
        print(node, "\n", text);
        return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private void print(JsonNode node, String line, StringBuilder text) {
        if (!node.isContainerNode() || node.isEmpty()) {
            text.append(node);
            return;
        }
        String inner = line + "  ";
        text.append(node.isObject() ? '{' : '[');
        if (node.isObject()) {
            Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                text.append(inner)
                        .append(
                                com.fasterxml.jackson.databind.node.TextNode.valueOf(
                                        field.getKey()))
                        .append(": ");
                print(field.getValue(), inner, text);
                text.append(fields.hasNext() ? comma : "");
            }
        } else {
            Iterator<JsonNode> elements = node.elements();
            while (elements.hasNext()) {
                text.append(inner);
                print(elements.next(), inner, text);
                text.append(elements.hasNext() ? comma : "");
            }
        }
        text.append(line).append(node.isObject() ? '}' : ']');
    }
}
