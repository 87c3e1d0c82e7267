package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.print.GoValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;

/** Any kind: every field, with labels made from field names. */
final class GenericDescriber {

    private static final Set<String> ACRONYMS = Set.of("API", "URL", "UID", "OSB", "GUID");
    private static final Set<String> SKIPPED =
            Set.of(
                    ".metadata.managedFields",
                    ".metadata.name",
                    ".metadata.namespace",
                    ".metadata.labels",
                    ".metadata.annotations");

    private GenericDescriber() {}

    static void describe(JsonNode object, DescribeSource source, Description out)
            throws InterruptedException {
        out.head(object);
        content(0, object, "", out);
        EventList.write(object, source, out);
    }

    private static void content(int level, JsonNode object, String path, Description out) {
        TreeMap<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        sorted.forEach(
                (name, value) -> {
                    String here = path + "." + name;
                    if (SKIPPED.contains(here)) {
                        return;
                    }
                    if (value.isObject()) {
                        out.line(level, label(name) + ":");
                        content(level + 1, value, here, out);
                    } else if (value.isArray()) {
                        out.line(level, label(name) + ":");
                        for (JsonNode item : value) {
                            if (item.isObject()) {
                                content(level + 1, item, here, out);
                            } else {
                                out.line(level + 1, GoValue.print(item));
                            }
                        }
                    } else {
                        out.field(level, label(name), GoValue.print(value));
                    }
                });
    }

    static String label(String field) {
        for (int i = 0; i < field.length(); i++) {
            if (!Character.isLetter(field.charAt(i)) && field.charAt(i) != '-') {
                return field;
            }
        }
        List<String> words = new ArrayList<>();
        for (String part :
                field.split("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=-)|(?=-)", -1)) {
            if (part.equals("_") || part.isEmpty()) {
                continue;
            }
            String upper = part.toUpperCase(Locale.ROOT);
            words.add(
                    ACRONYMS.contains(upper)
                            ? upper
                            : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return String.join(" ", words);
    }
}
