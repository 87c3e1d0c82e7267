package dev.meshdojo.simulator.replay;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/** Compares a recorded and a tested output, both normalised. */
final class OutputComparison {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern COLUMN_TEXT =
            Pattern.compile("(\"description\": ?)\"(?:[^\"\\\\]|\\\\.)*\"(?=,\\s*\"priority\")");
    private static final Pattern EXPLAINED =
            Pattern.compile("(?m)^ {4,}(?!.*\\t<).*\\n(?:^ {4,}(?!.*\\t<).*\\n|^[ \\t]*\\n)*");

    /**
     * What a client says when it has ended a watch of its own: it does or does not, as the threads
     * of client-go happen to run.
     */
    private static final Pattern ENDED_WATCH =
            Pattern.compile("(?m)^[IWE]\\d{4} .* reflector\\.go:\\d+] .*context canceled.*\\n?");

    private OutputComparison() {}

    /** Lines of difference, {@code -} recorded, {@code +} tested; empty when they agree. */
    static List<String> compare(Transcript.Step step, String recorded, String tested) {
        String expected = mask(step, recorded);
        String actual = mask(step, tested);
        if (expected.equals(actual)) {
            return List.of();
        }
        List<String> expectedLines = lines(expected);
        List<String> actualLines = lines(actual);
        if (step.unordered() && sorted(expectedLines).equals(sorted(actualLines))) {
            return List.of();
        }
        if (step.isHttp() && values(expected).equals(values(actual))) {
            return List.of();
        }
        return step.unordered()
                ? LineDifference.of(sorted(expectedLines), sorted(actualLines))
                : LineDifference.of(expectedLines, actualLines);
    }

    /** Documentation texts are the server's own business, ended watches the client's. */
    private static String mask(Transcript.Step step, String text) {
        String masked = ENDED_WATCH.matcher(text).replaceAll("");
        if (step.isHttp()) {
            masked = COLUMN_TEXT.matcher(masked).replaceAll("$1\"<text>\"");
        }
        if (step.runs("kubectl explain")) {
            masked = EXPLAINED.matcher(masked).replaceAll("    <text>\n");
        }
        return masked;
    }

    private static List<String> lines(String text) {
        return Arrays.asList(text.split("\n", -1));
    }

    private static List<String> sorted(List<String> lines) {
        return lines.stream().sorted().toList();
    }

    /** The JSON values of a text in turn, and the lines between them. */
    private static List<JsonNode> values(String text) {
        List<JsonNode> values = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            int end = c == '{' || c == '[' ? jsonEnd(text, at, values) : at;
            if (end == at) {
                int newline = text.indexOf('\n', at);
                end = newline < 0 ? text.length() : newline;
                values.add(JSON.getNodeFactory().textNode(text.substring(at, end)));
            }
            at = end;
        }
        return values;
    }

    private static int jsonEnd(String text, int start, List<JsonNode> values) {
        try (JsonParser parser = JSON.createParser(text.substring(start))) {
            JsonNode value = JSON.readTree(parser);
            values.add(withSortedResources(value));
            return start + (int) parser.currentLocation().getCharOffset();
        } catch (JsonProcessingException _) {
            return start;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The order of resources in the discovery document of a custom group is not fixed. */
    private static JsonNode withSortedResources(JsonNode value) {
        if (value instanceof ObjectNode list
                && list.path("kind").asText().equals("APIResourceList")
                && list.path("resources") instanceof ArrayNode resources) {
            List<JsonNode> sorted = new ArrayList<>();
            resources.forEach(sorted::add);
            sorted.sort(Comparator.comparing(resource -> resource.path("name").asText()));
            list.putArray("resources").addAll(sorted);
        }
        return value;
    }
}
