package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** Prints the server's {@code Table} objects. */
public final class TablePrinter {

    /**
     * What to show.
     *
     * @param wide columns of lower priority too
     * @param headers the header line
     * @param namespace a NAMESPACE column
     * @param showLabels a LABELS column
     * @param labelColumns {@code -L}
     * @param kind prefix of names, empty for none
     */
    public record Style(
            boolean wide,
            boolean headers,
            boolean namespace,
            boolean showLabels,
            List<String> labelColumns,
            String kind) {
        public Style {
            labelColumns = List.copyOf(labelColumns);
        }
    }

    private TablePrinter() {}

    /** Writes a table. */
    public static void print(JsonNode table, Style style, TabWriter out) {
        JsonNode columns = table.path("columnDefinitions");
        if (style.headers()) {
            List<String> header = new ArrayList<>();
            if (style.namespace()) {
                header.add("NAMESPACE");
            }
            for (JsonNode column : columns) {
                if (shown(column, style)) {
                    header.add(column.path("name").asText().toUpperCase(Locale.ROOT));
                }
            }
            for (String label : style.labelColumns()) {
                header.add(label.substring(label.lastIndexOf('/') + 1).toUpperCase(Locale.ROOT));
            }
            if (style.showLabels()) {
                header.add("LABELS");
            }
            out.write(String.join("\t", header) + "\n");
        }
        for (JsonNode row : table.path("rows")) {
            out.write(String.join("\t", row(row, columns, style)) + "\n");
        }
    }

    private static boolean shown(JsonNode column, Style style) {
        return style.wide() || column.path("priority").asInt() == 0;
    }

    private static List<String> row(JsonNode row, JsonNode columns, Style style) {
        List<String> cells = new ArrayList<>();
        JsonNode metadata = row.path("object").path("metadata");
        if (style.namespace()) {
            cells.add(metadata.path("namespace").asText(""));
        }
        for (int i = 0; i < columns.size(); i++) {
            if (!shown(columns.get(i), style)) {
                continue;
            }
            String cell = cell(row.path("cells").path(i));
            boolean name = i == 0 && !style.kind().isEmpty();
            cells.add(name ? style.kind() + "/" + cell : cell);
        }
        for (String label : style.labelColumns()) {
            cells.add(metadata.path("labels").path(label).asText(""));
        }
        if (style.showLabels()) {
            cells.add(labels(metadata.path("labels")));
        }
        return cells;
    }

    private static String cell(JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            return "<none>".repeat(value.isMissingNode() ? 0 : 1);
        }
        String text = value.isContainerNode() ? GoValue.print(value) : JsonPath.text(value);
        int newline = text.indexOf('\n');
        return newline < 0 ? text : text.substring(0, newline) + "...";
    }

    /** {@code a=1,b=2}, or {@code <none>}. */
    public static String labels(JsonNode labels) {
        TreeMap<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        List<String> parts = new ArrayList<>();
        sorted.forEach((k, v) -> parts.add(k + "=" + v));
        return parts.isEmpty() ? "<none>" : String.join(",", parts);
    }
}
