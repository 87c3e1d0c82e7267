package dev.meshdojo.simulator.scenario.spec;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A YAML document that remembers where each value stands. Immutable once read. */
public final class LocatedDocument {

    private static final YAMLFactory YAML = new YAMLFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final String file;
    private final JsonNode root;
    private final Map<String, JsonLocation> locations;

    private LocatedDocument(String file, JsonNode root, Map<String, JsonLocation> locations) {
        this.file = file;
        this.root = root;
        this.locations = locations;
    }

    /**
     * Reads a file's only document.
     *
     * @throws InvalidSpecException when it is absent, no YAML, or no mapping
     */
    public static LocatedDocument read(Path path) throws InvalidSpecException {
        String file = path.toString();
        String text;
        try {
            text = Files.readString(path);
        } catch (IOException e) {
            throw invalid(file, 1, 1, "cannot be read: " + e);
        }
        return parse(file, text);
    }

    /** Like {@link #read}, from text; {@code file} names it in problems. */
    public static LocatedDocument parse(String file, String text) throws InvalidSpecException {
        Map<String, JsonLocation> locations = new HashMap<>();
        try (JsonParser parser = YAML.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw invalid(
                        file, 1, 1, "is empty or no mapping; expected apiVersion, kind and spec");
            }
            JsonNode root = readValue(parser, "$", locations);
            if (parser.nextToken() != null) {
                JsonLocation second = parser.currentTokenLocation();
                throw invalid(
                        file,
                        second.getLineNr(),
                        second.getColumnNr(),
                        "holds a second document; put it into a file of its own");
            }
            return new LocatedDocument(file, root, locations);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            throw invalid(
                    file,
                    at == null ? 1 : at.getLineNr(),
                    at == null ? 1 : at.getColumnNr(),
                    "is no valid YAML: " + e.getOriginalMessage().lines().findFirst().orElse(""));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file's name as the user gave it. */
    public String file() {
        return file;
    }

    /** The root mapping. */
    public JsonNode root() {
        return root;
    }

    /** A problem at the value of {@code path}, or at its closest ancestor that exists. */
    public SpecProblem problem(String path, String message) {
        String at = path;
        while (!locations.containsKey(at) && at.length() > 1) {
            int cut = Math.max(at.lastIndexOf('.'), at.lastIndexOf('['));
            at = cut <= 0 ? "$" : at.substring(0, cut);
        }
        JsonLocation location = locations.get(at);
        return new SpecProblem(
                file,
                location == null ? 1 : location.getLineNr(),
                location == null ? 1 : location.getColumnNr(),
                path,
                message);
    }

    private static JsonNode readValue(
            JsonParser parser, String path, Map<String, JsonLocation> locations)
            throws IOException {
        locations.putIfAbsent(path, parser.currentTokenLocation());
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String key = parser.currentName();
                    String child = path + "." + key;
                    locations.put(child, parser.currentTokenLocation());
                    parser.nextToken();
                    object.set(key, readValue(parser, child, locations));
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(readValue(parser, path + "[" + array.size() + "]", locations));
                }
                yield array;
            }
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getLongValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            default -> NODES.textNode(parser.getText());
        };
    }

    private static InvalidSpecException invalid(String file, int line, int column, String message) {
        return new InvalidSpecException(List.of(new SpecProblem(file, line, column, "$", message)));
    }
}
