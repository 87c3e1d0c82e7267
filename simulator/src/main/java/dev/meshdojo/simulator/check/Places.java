package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what a message is about when it names no field: the value that it quotes. Pure. */
final class Places {

    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)+)\"");
    private static final Pattern WORD = Pattern.compile("[\\w./*@:-]{3,}");

    private Places() {}

    /** The JSON path of the first value that a message repeats; empty for none. */
    static String find(SourceObject object, String message) {
        List<String> words = new ArrayList<>();
        Matcher quoted = QUOTED.matcher(message);
        while (quoted.find()) {
            words.add(quoted.group(1));
        }
        Matcher word = WORD.matcher(message);
        while (word.find()) {
            words.add(word.group());
        }
        for (String each : words) {
            String path = pathOf(object.json().path("spec"), "spec", each);
            if (!path.isEmpty()) {
                return path;
            }
        }
        return "";
    }

    private static String pathOf(JsonNode node, String path, String value) {
        if (node.isValueNode()) {
            String text = node.asText();
            boolean same = text.equals(value) || (value + ":").startsWith(text + ":");
            return same && !text.isEmpty() && !node.isBoolean() ? path : "";
        }
        for (var entry : node.properties()) {
            String found = pathOf(entry.getValue(), path + "." + entry.getKey(), value);
            if (!found.isEmpty()) {
                return found;
            }
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            String found = pathOf(node.get(i), path + "[" + i + "]", value);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return "";
    }
}
