package dev.meshdojo.simulator.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares an object with a partial one, as Chainsaw's assertions do: every field that is asked
 * about must be there and equal; other fields do not matter. A list must have the same length,
 * element by element.
 */
final class PartialMatch {

    private PartialMatch() {}

    /** One line a difference: path, what was expected, what is there. Empty when it fits. */
    static List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        compare("", expected, actual, differences);
        return differences;
    }

    private static void compare(
            String path, JsonNode expected, JsonNode actual, List<String> differences) {
        if (expected.isObject()) {
            if (!actual.isObject()) {
                differences.add(path + ": expected a mapping, but it is " + shown(actual));
                return;
            }
            expected.properties()
                    .forEach(
                            field ->
                                    compare(
                                            path + "." + field.getKey(),
                                            field.getValue(),
                                            actual.path(field.getKey()),
                                            differences));
        } else if (expected.isArray()) {
            if (!actual.isArray() || actual.size() != expected.size()) {
                differences.add(
                        path
                                + ": expected a list of "
                                + expected.size()
                                + ", but it is "
                                + shown(actual));
                return;
            }
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "[" + i + "]", expected.get(i), actual.get(i), differences);
            }
        } else if (!expected.asText().equals(actual.asText()) || actual.isContainerNode()) {
            differences.add(
                    path + ": expected " + shown(expected) + ", but it is " + shown(actual));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "absent" : node.toString();
    }
}
