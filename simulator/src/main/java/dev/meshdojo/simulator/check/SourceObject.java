package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * An object and where it stands. Nobody changes the JSON.
 *
 * @param file the file as named
 * @param json the object
 * @param lines the line of every field by its JSON path, counted from 1; the object itself has the
 *     empty path
 */
public record SourceObject(String file, ObjectNode json, Map<String, Integer> lines) {

    public SourceObject {
        lines = Map.copyOf(lines);
    }

    /** The line of a field, or of the nearest field around it that is there. */
    public int line(String path) {
        String rest = path;
        while (!rest.isEmpty()) {
            Integer line = lines.get(rest);
            if (line != null) {
                return line;
            }
            int end = Math.max(rest.lastIndexOf('.'), rest.lastIndexOf('['));
            rest = end < 0 ? "" : rest.substring(0, end);
        }
        return lines.getOrDefault("", 1);
    }

    /** {@code Kind namespace/name}. */
    public String origin() {
        String namespace = json.path("metadata").path("namespace").asText();
        return json.path("kind").asText()
                + " "
                + (namespace.isEmpty() ? "" : namespace + "/")
                + json.path("metadata").path("name").asText();
    }
}
