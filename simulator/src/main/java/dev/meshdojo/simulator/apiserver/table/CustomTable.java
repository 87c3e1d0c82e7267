package dev.meshdojo.simulator.apiserver.table;

import static dev.meshdojo.simulator.apiserver.table.Texts.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.Option;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of a custom kind: its name, then the {@code additionalPrinterColumns} of the version.
 * Source: apiextensions-apiserver's table convertor.
 */
final class CustomTable {

    private static final Configuration JSON_PATH =
            Configuration.builder()
                    .jsonProvider(new JacksonJsonNodeJsonProvider())
                    .mappingProvider(new JacksonMappingProvider())
                    .options(Option.ALWAYS_RETURN_LIST, Option.SUPPRESS_EXCEPTIONS)
                    .build();

    private record Path(String type, JsonPath path) {}

    private CustomTable() {}

    /**
     * Reads the columns of a version; none declared means an Age column.
     *
     * @param definition the CustomResourceDefinition
     */
    static KindTable of(JsonNode definition, String version) {
        List<Column> columns = new ArrayList<>(List.of(Column.NAME));
        List<Path> paths = new ArrayList<>();
        for (JsonNode candidate : Texts.at(definition, "spec", "versions")) {
            if (text(candidate, "name").equals(version)) {
                for (JsonNode column : candidate.path("additionalPrinterColumns")) {
                    if (!add(column, columns, paths)) {
                        break;
                    }
                }
            }
        }
        if (columns.size() == 1) {
            columns.add(
                    new Column("Age", "date", "", Column.AGE.description(), Column.AGE.priority()));
            paths.add(new Path("date", compile(".metadata.creationTimestamp")));
        }
        List<Path> frozen = List.copyOf(paths);
        return new KindTable(List.copyOf(columns), (object, ages) -> cells(object, ages, frozen));
    }

    private static boolean add(JsonNode column, List<Column> columns, List<Path> paths) {
        String jsonPath = text(column, "jsonPath");
        try {
            paths.add(new Path(text(column, "type"), compile(jsonPath)));
        } catch (InvalidPathException _) {
            return false;
        }
        String description = text(column, "description");
        columns.add(
                new Column(
                        text(column, "name"),
                        text(column, "type"),
                        text(column, "format"),
                        description.isEmpty()
                                ? "Custom resource definition column (in JSONPath format): "
                                        + jsonPath
                                : description,
                        column.path("priority").asInt()));
        return true;
    }

    /** Kubernetes writes a dot inside a key as {@code \.}; JSONPath proper needs brackets there. */
    private static JsonPath compile(String path) {
        StringBuilder converted = new StringBuilder("$");
        int i = 0;
        while (i < path.length()) {
            int end = i + 1;
            while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
                end += path.charAt(end) == '\\' ? 2 : 1;
            }
            end = Math.min(end, path.length());
            String part = path.substring(i, end);
            if (part.startsWith("[")) {
                end = closing(path, i) + 1;
                converted.append(path, i, end);
            } else if (part.contains("\\")) {
                converted
                        .append("['")
                        .append(part.substring(1).replaceAll("\\\\(.)", "$1"))
                        .append("']");
            } else {
                converted.append(part);
            }
            i = end;
        }
        return JsonPath.compile(converted.toString());
    }

    private static int closing(String path, int open) {
        int depth = 0;
        for (int i = open; i < path.length(); i++) {
            depth += path.charAt(i) == '[' ? 1 : path.charAt(i) == ']' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new InvalidPathException("no closing bracket: " + path);
    }

    private static List<@Nullable Object> cells(ObjectNode object, Ages ages, List<Path> paths) {
        List<@Nullable Object> cells = new ArrayList<>();
        cells.add(Texts.name(object));
        for (Path path : paths) {
            JsonNode found = path.path().read(object, JSON_PATH);
            JsonNode value = found == null ? null : found.path(0);
            cells.add(
                    value == null || !Texts.present(value) ? null : cell(path.type(), value, ages));
        }
        return cells;
    }

    private static @Nullable Object cell(String type, JsonNode value, Ages ages) {
        return switch (type) {
            case "string" -> value.isContainerNode() ? value.toString() : value.asText();
            case "integer" -> value.isNumber() ? (Object) value.asLong() : null;
            case "number" -> value.isNumber() ? value.numberValue() : null;
            case "boolean" -> value.isBoolean() ? (Object) value.asBoolean() : null;
            case "date" -> date(value, ages);
            default -> null;
        };
    }

    private static @Nullable Object date(JsonNode value, Ages ages) {
        if (!value.isTextual()) {
            return null;
        }
        Instant instant = Ages.instant(value);
        return instant == null ? "<invalid>" : ages.since(instant);
    }
}
