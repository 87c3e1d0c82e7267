package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** YAML documents as JSON, with the scalars of YAML 1.1 as {@code sigs.k8s.io/yaml} reads them. */
public final class YamlReader {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern TRUE = Pattern.compile("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON");
    private static final Pattern FALSE =
            Pattern.compile("n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern NULL = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
    private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    private YamlReader() {}

    /**
     * All documents that hold something.
     *
     * @throws MarkedYAMLException when the text is no YAML
     */
    public static List<JsonNode> read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1000);
        options.setCodePointLimit(64 * 1024 * 1024);
        List<JsonNode> documents = new ArrayList<>();
        for (Node node : new Yaml(options).composeAll(new StringReader(text))) {
            JsonNode json = json(node);
            if (!json.isNull()) {
                documents.add(json);
            }
        }
        return documents;
    }

    /** What is wrong with a text that is no YAML, as kubectl words it. */
    public static String problem(MarkedYAMLException e) {
        String problem = String.valueOf(e.getProblem());
        if (problem.contains("'\\t'")) {
            return "found character that cannot start any token";
        }
        if (problem.contains("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (problem.contains("could not find expected ':'")) {
            return "could not find expected ':'";
        }
        if (problem.contains("expected <block end>")) {
            return "did not find expected key";
        }
        if (problem.contains("expected ',' or '}'")) {
            return "did not find expected ',' or '}'";
        }
        return problem.contains("expected ',' or ']'")
                ? "did not find expected ',' or ']'"
                : problem;
    }

    private static JsonNode json(Node node) {
        return switch (node) {
            case MappingNode mapping -> mapping(mapping);
            case SequenceNode sequence -> {
                ArrayNode array = NODES.arrayNode();
                sequence.getValue().forEach(item -> array.add(json(item)));
                yield array;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> NODES.nullNode();
        };
    }

    private static ObjectNode mapping(MappingNode mapping) {
        ObjectNode object = NODES.objectNode();
        for (NodeTuple entry : mapping.getValue()) {
            if (entry.getKeyNode() instanceof ScalarNode key) {
                if (key.getValue().equals("<<")
                        && key.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN) {
                    merge(object, json(entry.getValueNode()));
                } else {
                    object.set(key.getValue(), json(entry.getValueNode()));
                }
            }
        }
        return object;
    }

    private static void merge(ObjectNode into, JsonNode from) {
        if (from instanceof ArrayNode list) {
            list.forEach(item -> merge(into, item));
        } else if (from instanceof ObjectNode object) {
            object.properties()
                    .forEach(
                            e -> {
                                if (!into.has(e.getKey())) {
                                    into.set(e.getKey(), e.getValue());
                                }
                            });
        }
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        boolean plain = scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN;
        if (!plain) {
            return NODES.textNode(text);
        }
        if (NULL.matcher(text).matches()) {
            return NODES.nullNode();
        }
        if (TRUE.matcher(text).matches()) {
            return NODES.booleanNode(true);
        }
        if (FALSE.matcher(text).matches()) {
            return NODES.booleanNode(false);
        }
        String digits = text.replace("_", "").replaceFirst("^\\+", "");
        if (INTEGER.matcher(text).matches()) {
            return number(new BigInteger(digits));
        }
        if (OCTAL.matcher(text).matches()) {
            return number(new BigInteger(digits.replace("o", ""), 8));
        }
        if (HEX.matcher(text).matches()) {
            return number(new BigInteger(digits.replaceFirst("0x", ""), 16));
        }
        if (FLOAT.matcher(text).matches()) {
            return NODES.numberNode(new BigDecimal(digits));
        }
        return NODES.textNode(text);
    }

    private static JsonNode number(BigInteger value) {
        return value.bitLength() < 64
                ? NODES.numberNode(value.longValue())
                : NODES.numberNode(value);
    }
}
