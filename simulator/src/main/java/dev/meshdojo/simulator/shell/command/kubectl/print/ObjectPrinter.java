package dev.meshdojo.simulator.shell.command.kubectl.print;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints whole objects in a format of {@code -o}. Several YAML documents are kept apart. */
public final class ObjectPrinter {

    /** Formats that need whole objects. */
    public enum Format {
        YAML,
        JSON,
        NAME,
        JSONPATH,
        JSONPATH_AS_JSON,
        TEMPLATE,
        COLUMNS
    }

    /** Gives an object its name, such as {@code deployment.apps/web}. */
    @FunctionalInterface
    public interface Naming {
        String name(JsonNode object);
    }

    private final Format format;
    private final String argument;
    private final boolean managedFields;
    private final boolean headers;
    private final Naming naming;
    private final @Nullable JsonPath path;
    private final @Nullable GoTemplate template;
    private final @Nullable CustomColumns columns;
    private final TabWriter tabs = TabWriter.forTables();
    private int printed;

    /**
     * A printer.
     *
     * @param argument what stands behind {@code =}
     * @param managedFields whether {@code metadata.managedFields} is shown
     * @param headers whether custom columns get a header line
     */
    public ObjectPrinter(
            Format format, String argument, boolean managedFields, boolean headers, Naming naming) {
        this.format = format;
        this.argument = argument;
        this.managedFields = managedFields;
        this.headers = headers;
        this.naming = naming;
        boolean jsonPath = format == Format.JSONPATH || format == Format.JSONPATH_AS_JSON;
        this.path = jsonPath ? JsonPath.parse(argument) : null;
        this.template = format == Format.TEMPLATE ? GoTemplate.parse(argument) : null;
        this.columns = format == Format.COLUMNS ? new CustomColumns(argument, headers) : null;
    }

    /** The same format from the start, for another run of objects. */
    public ObjectPrinter again() {
        return new ObjectPrinter(format, argument, managedFields, headers, naming);
    }

    /** The format. */
    public Format format() {
        return format;
    }

    /** Prints one object or a {@code List}. */
    public void print(JsonNode object, PrintStream out) {
        JsonNode shown = managedFields ? object : withoutManagedFields(object);
        switch (format) {
            case YAML -> out.print((printed > 0 ? "---\n" : "") + GoYaml.write(shown));
            case JSON -> out.print(GoJson.indented(shown) + "\n");
            case NAME -> {
                for (JsonNode item : items(shown)) {
                    out.print(naming.name(item) + "\n");
                }
            }
            case JSONPATH -> {
                if (path != null) {
                    out.print(path.print(shown));
                }
            }
            case JSONPATH_AS_JSON -> {
                if (path != null) {
                    var array =
                            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance
                                    .arrayNode();
                    path.find(shown).forEach(array::add);
                    out.print(GoJson.indented(array) + "\n");
                }
            }
            case TEMPLATE -> {
                if (template != null) {
                    out.print(template.execute(shown));
                }
            }
            case COLUMNS -> {
                if (columns != null) {
                    columns.print(items(shown), tabs);
                    out.print(tabs.flush());
                }
            }
        }
        printed++;
    }

    private static List<JsonNode> items(JsonNode object) {
        if (object.path("items").isArray() && object.path("kind").asText().endsWith("List")) {
            List<JsonNode> items = new java.util.ArrayList<>();
            object.path("items").forEach(items::add);
            return items;
        }
        return List.of(object);
    }

    private static JsonNode withoutManagedFields(JsonNode object) {
        JsonNode copy = object.deepCopy();
        for (JsonNode item : items(copy)) {
            if (item.path("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
        }
        if (copy.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        return copy;
    }
}
