package dev.meshdojo.simulator.shell.command.kubectl.describe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.print.TabWriter;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;

/** The text of a description: levels indent by two blanks, tabs align. */
public final class Description {

    private static final DateTimeFormatter RFC1123Z =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss xx", Locale.US);
    private static final int LONGEST_ANNOTATION = 140;

    private final TabWriter tabs = TabWriter.forDescriptions();
    private final StringBuilder done = new StringBuilder();

    /** Adds a line. */
    public void line(int level, String text) {
        tabs.write("  ".repeat(level) + text + "\n");
    }

    /** Adds {@code label:<tab>value}. */
    public void field(int level, String label, String value) {
        line(level, label + ":\t" + value);
    }

    /** Adds text as it is. */
    public void raw(String text) {
        tabs.write(text);
    }

    /** Starts a new alignment. */
    public void flush() {
        done.append(tabs.flush());
    }

    /** The text with its tabs, not aligned. */
    public String unaligned() {
        return tabs.unaligned();
    }

    /** The whole text. */
    public String finish() {
        flush();
        return done.toString();
    }

    /** A map, one entry a line. */
    public void labels(String indent, String title, JsonNode labels) {
        TreeMap<String, String> sorted = new TreeMap<>();
        labels.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        StringBuilder text = new StringBuilder(indent + title + ":\t");
        if (sorted.isEmpty()) {
            raw(text + "<none>\n");
            return;
        }
        boolean[] first = {true};
        sorted.forEach(
                (key, value) -> {
                    text.append(first[0] ? "" : "\t")
                            .append(key)
                            .append('=')
                            .append(value)
                            .append('\n');
                    first[0] = false;
                });
        raw(text.toString());
    }

    /** Annotations, without what {@code kubectl apply} records. */
    public void annotations(String indent, JsonNode annotations) {
        TreeMap<String, String> sorted = new TreeMap<>();
        annotations.properties().forEach(e -> sorted.put(e.getKey(), e.getValue().asText()));
        sorted.remove("kubectl.kubernetes.io/last-applied-configuration");
        StringBuilder text = new StringBuilder(indent + "Annotations:\t");
        if (sorted.isEmpty()) {
            raw(text + "<none>\n");
            return;
        }
        boolean[] first = {true};
        sorted.forEach(
                (key, raw) -> {
                    String value = raw.endsWith("\n") ? raw.substring(0, raw.length() - 1) : raw;
                    text.append(first[0] ? "" : indent + "\t");
                    first[0] = false;
                    if (key.length() + value.length() + 2 > LONGEST_ANNOTATION
                            || value.contains("\n")) {
                        text.append(key).append(":\n");
                        for (String part : value.split("\n", -1)) {
                            text.append(indent).append("\t  ").append(shortened(part)).append('\n');
                        }
                    } else {
                        text.append(key).append(": ").append(value).append('\n');
                    }
                });
        raw(text.toString());
    }

    private static String shortened(String text) {
        int most = LONGEST_ANNOTATION - 2;
        return text.length() > most ? text.substring(0, most) + "..." : text;
    }

    /** Name, namespace, labels, annotations: how most descriptions start. */
    public void head(JsonNode object) {
        JsonNode metadata = object.path("metadata");
        field(0, "Name", metadata.path("name").asText());
        field(0, "Namespace", metadata.path("namespace").asText(""));
        labels("", "Labels", metadata.path("labels"));
        annotations("", metadata.path("annotations"));
    }

    /** A time as Go's RFC1123Z. */
    public static String time(JsonNode rfc3339) {
        String text = rfc3339.asText("");
        return text.isEmpty()
                ? ""
                : RFC1123Z.format(
                        OffsetDateTime.ofInstant(
                                Instant.parse(text), java.time.ZoneId.systemDefault()));
    }

    /** Text, or {@code <none>}. */
    public static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }
}
