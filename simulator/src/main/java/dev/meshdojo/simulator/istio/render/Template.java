package dev.meshdojo.simulator.istio.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A resource with YAML documents in which {@code ${name}} stands for a value. */
public final class Template {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern HOLE = Pattern.compile("\\$\\{(\\w+)}");

    private Template() {}

    /** The documents with all values filled in. */
    public static List<ObjectNode> render(String name, Map<String, String> values) {
        String text =
                HOLE.matcher(read(name)).replaceAll(hole -> fill(name, hole.group(1), values));
        List<ObjectNode> objects = new ArrayList<>();
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    objects.add(object);
                }
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("rendering " + name + ": " + e.getMessage(), e);
        }
        return objects;
    }

    private static String fill(String name, String hole, Map<String, String> values) {
        String value = values.get(hole);
        if (value == null) {
            throw new IllegalStateException(name + ": no value for " + hole);
        }
        return Matcher.quoteReplacement(value.replace("\\", "\\\\").replace("\"", "\\\""));
    }

    private static String read(String name) {
        String path = "/dev/meshdojo/simulator/istio/" + name + ".yaml";
        try (InputStream in = Template.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(path, e);
        }
    }

    /** Writes YAML without a document marker. */
    static String yaml(JsonNode node) {
        try {
            String text = YAML.writeValueAsString(node);
            return text.startsWith("---") ? text.substring(text.indexOf('\n') + 1) : text;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
