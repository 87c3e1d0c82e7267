package dev.meshdojo.simulator.apiserver.openapi;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What {@code kubectl explain} says about built-in types and their fields: texts of our own for the
 * common ones, and for the rest what the name itself tells.
 */
final class FieldTexts {

    private static final String RESOURCE = "field-texts.txt";

    private static final class Texts {
        static final Map<String, String> BY_NAME = read();
    }

    private FieldTexts() {}

    static String ofType(String definition) {
        String simple = definition.substring(definition.lastIndexOf('.') + 1);
        String text = Texts.BY_NAME.get(simple);
        return text != null ? text : simple + ": " + words(simple) + ".";
    }

    static String ofField(String definition, String field) {
        String simple = definition.substring(definition.lastIndexOf('.') + 1);
        String text = Texts.BY_NAME.get(simple + "." + field);
        if (text == null) {
            text = Texts.BY_NAME.get("*." + field);
        }
        return text != null ? text : "The " + words(field) + " of the " + words(simple) + ".";
    }

    /** {@code externalTrafficPolicy} → {@code external traffic policy}. */
    private static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ")
                .toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> read() {
        InputStream in = FieldTexts.class.getResourceAsStream(RESOURCE);
        if (in == null) {
            throw new IllegalStateException(
                    "the class path lacks " + RESOURCE + " beside " + FieldTexts.class.getName());
        }
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return parse(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> parse(List<String> lines) {
        Map<String, String> texts = new HashMap<>();
        String type = "";
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            int colon = line.indexOf(": ");
            String name = line.substring(0, colon).strip();
            if (line.startsWith(" ")) {
                texts.put(type + "." + name, line.substring(colon + 2));
            } else {
                type = name;
                texts.put(type, line.substring(colon + 2));
            }
        }
        return texts;
    }
}
