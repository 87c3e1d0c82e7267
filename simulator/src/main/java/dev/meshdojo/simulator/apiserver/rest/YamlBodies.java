package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserException;

/** Reads YAML as Go's decoder does: YAML 1.1 scalars, first complaint with its line. */
final class YamlBodies {

    private static final Pattern TRUTH = Pattern.compile("y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON");
    private static final Pattern FALSEHOOD =
            Pattern.compile("n|N|no|No|NO|false|False|FALSE|off|Off|OFF");
    private static final Pattern INTEGER = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?([0-9][0-9_]*)?\\.?[0-9]+([eE][-+]?[0-9]+)?");

    private YamlBodies() {}

    /**
     * The first document.
     *
     * @param duplicates takes {@code line 4: key "a" already set in map}
     * @return missing when there is none
     * @throws IOException with Go's words when it is no YAML
     */
    static JsonNode read(byte[] body, List<String> duplicates) throws IOException {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(true);
            options.setCodePointLimit(body.length + 1);
            Node root = new Yaml(options).compose(new StringReader(text));
            return root == null ? Json.MAPPER.missingNode() : node(root, duplicates);
        } catch (MarkedYAMLException e) {
            throw new IOException(complaint(e), e);
        }
    }

    private static JsonNode node(Node node, List<String> duplicates) {
        return switch (node) {
            case MappingNode mapping -> {
                ObjectNode object = Json.MAPPER.createObjectNode();
                for (NodeTuple tuple : mapping.getValue()) {
                    JsonNode key = node(tuple.getKeyNode(), duplicates);
                    if (object.has(key.asText())) {
                        duplicates.add(
                                "line "
                                        + (tuple.getKeyNode().getStartMark().getLine() + 1)
                                        + ": key "
                                        + TextNode.valueOf(key.asText())
                                        + " already set in map");
                    }
                    object.set(key.asText(), node(tuple.getValueNode(), duplicates));
                }
                yield object;
            }
            case SequenceNode sequence -> {
                ArrayNode list = Json.MAPPER.createArrayNode();
                sequence.getValue().forEach(item -> list.add(node(item, duplicates)));
                yield list;
            }
            case ScalarNode scalar -> scalar(scalar);
            default -> Json.MAPPER.nullNode();
        };
    }

    private static JsonNode scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        JsonNode plain =
                scalar.getScalarStyle() == DumperOptions.ScalarStyle.PLAIN ? resolve(text) : null;
        return plain == null ? TextNode.valueOf(text) : plain;
    }

    /** What a plain scalar stands for, or null for a text. */
    static @Nullable JsonNode resolve(String text) {
        if (text.isEmpty() || text.equals("~") || text.matches("null|Null|NULL")) {
            return Json.MAPPER.nullNode();
        }
        if (TRUTH.matcher(text).matches()) {
            return Json.MAPPER.getNodeFactory().booleanNode(true);
        }
        if (FALSEHOOD.matcher(text).matches()) {
            return Json.MAPPER.getNodeFactory().booleanNode(false);
        }
        String digits = text.replace("_", "");
        if (INTEGER.matcher(text).matches()) {
            java.math.BigInteger number = new java.math.BigInteger(digits);
            return number.bitLength() < 64
                    ? Json.MAPPER.getNodeFactory().numberNode(number.longValue())
                    : Json.MAPPER.getNodeFactory().numberNode(number);
        }
        if (text.matches("0[xX][0-9a-fA-F]+|0o?[0-7]+")) {
            int radix = text.toLowerCase(java.util.Locale.ROOT).startsWith("0x") ? 16 : 8;
            return Json.MAPPER
                    .getNodeFactory()
                    .numberNode(Long.parseLong(text.replaceFirst("0[xXo]?", "0"), radix));
        }
        return FLOAT.matcher(text).matches()
                ? Json.MAPPER.getNodeFactory().numberNode(Double.parseDouble(digits))
                : null;
    }

    private static String complaint(MarkedYAMLException e) {
        boolean parser = e instanceof ParserException;
        String problem = e.getProblem();
        if (problem.startsWith("expected the node content")) {
            problem = "did not find expected node content";
        } else if (problem.startsWith("expected ',' or")) {
            problem = "did not find " + problem.replaceFirst(", but.*", "");
        } else if (problem.startsWith("expected <block end>")) {
            boolean sequence = String.valueOf(e.getContext()).contains("collection");
            problem =
                    sequence ? "did not find expected '-' indicator" : "did not find expected key";
        } else if (problem.startsWith("mapping values are not allowed")) {
            problem = "mapping values are not allowed in this context";
        } else if (problem.startsWith("found character")) {
            problem = "found character that cannot start any token";
        }
        int line = line(e.getContextMark(), parser);
        if (line == 0) {
            line = line(e.getProblemMark(), parser);
        }
        return "yaml: " + (line == 0 ? "" : "line " + line + ": ") + problem;
    }

    /** Parsers count from 0 and scanners from 1; the end of a text is on a line of its own. */
    private static int line(@Nullable Mark mark, boolean parser) {
        if (mark == null) {
            return 0;
        }
        boolean end = mark.getPointer() >= mark.getBuffer().length && mark.getColumn() > 0;
        int line = mark.getLine() + (end ? 1 : 0);
        return line == 0 ? 0 : parser ? line : line + 1;
    }
}
