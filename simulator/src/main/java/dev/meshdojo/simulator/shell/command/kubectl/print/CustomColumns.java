package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** {@code -o custom-columns=NAME:.path,…}. */
public final class CustomColumns {

    private record Column(String header, JsonPath path) {}

    private final List<Column> columns = new ArrayList<>();
    private final boolean headers;
    private boolean started;

    /**
     * From the text behind {@code custom-columns=}.
     *
     * @throws JsonPathException when it cannot be read
     */
    public CustomColumns(String spec, boolean headers) {
        this.headers = headers;
        if (spec.isEmpty()) {
            throw new JsonPathException(
                    "custom-columns format specified but no custom columns given");
        }
        for (String part : spec.split(",", -1)) {
            int colon = part.indexOf(':');
            if (colon < 0) {
                throw new JsonPathException(
                        "unexpected custom-columns spec: "
                                + part
                                + ", expected <header>:<json-path-expr>");
            }
            columns.add(
                    new Column(
                            part.substring(0, colon),
                            JsonPath.expression(part.substring(colon + 1))));
        }
    }

    /** Writes rows; the header once. */
    public void print(List<JsonNode> objects, TabWriter out) {
        if (headers && !started) {
            out.write(String.join("\t", columns.stream().map(Column::header).toList()) + "\n");
        }
        started = true;
        for (JsonNode object : objects) {
            List<String> cells = new ArrayList<>();
            for (Column column : columns) {
                List<JsonNode> values = find(column, object);
                cells.add(
                        values.isEmpty()
                                ? "<none>"
                                : String.join(
                                        ",", values.stream().map(CustomColumns::text).toList()));
            }
            out.write(String.join("\t", cells) + "\n");
        }
    }

    private static List<JsonNode> find(Column column, JsonNode object) {
        try {
            return column.path().find(object);
        } catch (JsonPathException outOfBounds) {
            return List.of();
        }
    }

    private static String text(JsonNode value) {
        if (value.isNull()) {
            return "<nil>";
        }
        return value.isContainerNode() ? GoValue.print(value) : JsonPath.text(value);
    }
}
