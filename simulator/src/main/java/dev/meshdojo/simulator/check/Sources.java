package dev.meshdojo.simulator.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.analysis.Level;
import dev.meshdojo.simulator.shell.command.kubectl.cli.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads files as {@code kubectl -f} does: YAML and JSON, several documents a file, lists, folders,
 * {@code -} for standard input. For one reading; not thread-safe.
 */
public final class Sources {

    private static final String TURN_OFF =
            "; if you choose to ignore these errors, turn validation off with --validate=false";

    private final List<SourceObject> objects = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();

    /** What could be read, in order. */
    public List<SourceObject> objects() {
        return List.copyOf(objects);
    }

    /** What could not be read, and what reads differently than it looks. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /**
     * Reads a file or the files of a folder.
     *
     * @param name path, or {@code -}
     * @param stdin what {@code -} means
     * @throws IOException with a message for the user when there is nothing to read
     */
    public void read(String name, InputStream stdin) throws IOException {
        if (name.equals("-")) {
            add(new String(stdin.readAllBytes(), StandardCharsets.UTF_8), "-");
            return;
        }
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            throw new NoSuchFileException(
                    "the path \""
                            + name
                            + "\" does not exist; name a file, a folder, or - for stdin");
        }
        if (!Files.isDirectory(path)) {
            add(Files.readString(path), name);
            return;
        }
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> files =
                    walk.filter(file -> file.toString().matches(".*\\.(json|yaml|yml)"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            if (files.isEmpty()) {
                throw new IOException(
                        "no .yaml, .yml or .json file in " + name + "; name one with -f");
            }
            for (Path file : files) {
                add(Files.readString(file), file.toString());
            }
        }
    }

    private void add(String text, String file) {
        String[] lines = text.split("\n", -1);
        int start = 0;
        for (int i = 0; i <= lines.length; i++) {
            if (i == lines.length || lines[i].matches("---(\\s.*)?")) {
                String document = String.join("\n", List.of(lines).subList(start, i));
                if (!document.isBlank()) {
                    document(document, file, start);
                }
                start = i + 1;
            }
        }
    }

    private void document(String text, String file, int before) {
        try {
            List<JsonNode> read = YamlReader.read(text);
            if (read.isEmpty()) {
                return;
            }
            LoaderOptions options = new LoaderOptions();
            options.setAllowDuplicateKeys(true);
            Node node = new Yaml(options).compose(new StringReader(text));
            Map<String, Integer> lines = new HashMap<>();
            lines.put("", node.getStartMark().getLine() + before + 1);
            positions(node, "", before, file, lines);
            object(read.getFirst(), "", file, lines);
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
            findings.add(
                    new Finding(
                            Level.ERROR,
                            "syntax",
                            file,
                            before + line + 1,
                            "",
                            "",
                            "error parsing "
                                    + file
                                    + ": error converting YAML to JSON: yaml: line "
                                    + (line + 1)
                                    + ": "
                                    + YamlReader.problem(e),
                            "mend the YAML at this line; the line in the message counts from the"
                                    + " start of its document"));
        }
    }

    private void object(JsonNode json, String path, String file, Map<String, Integer> lines) {
        if (!(json instanceof ObjectNode object)) {
            refuse(file, lines.getOrDefault(path, 1), "invalid object to validate");
        } else if (object.path("kind").asText().endsWith("List")
                && object.path("items").isArray()) {
            for (int i = 0; i < object.path("items").size(); i++) {
                String item = (path.isEmpty() ? "" : path + ".") + "items[" + i + "]";
                object(object.path("items").get(i), item, file, lines);
            }
        } else if (object.path("kind").asText().isEmpty()) {
            refuse(file, lines.getOrDefault(path, 1), "kind not set");
        } else if (object.path("apiVersion").asText().isEmpty()) {
            refuse(file, lines.getOrDefault(path, 1), "apiVersion not set");
        } else {
            objects.add(new SourceObject(file, object, below(path, lines)));
        }
    }

    private static Map<String, Integer> below(String path, Map<String, Integer> lines) {
        if (path.isEmpty()) {
            return lines;
        }
        Map<String, Integer> own = new HashMap<>();
        lines.forEach(
                (key, line) -> {
                    if (key.equals(path)) {
                        own.put("", line);
                    } else if (key.startsWith(path + ".")) {
                        own.put(key.substring(path.length() + 1), line);
                    }
                });
        return own;
    }

    private void refuse(String file, int line, String what) {
        findings.add(
                new Finding(
                        Level.ERROR,
                        "syntax",
                        file,
                        line,
                        "",
                        "",
                        "error validating \""
                                + file
                                + "\": error validating data: "
                                + what
                                + TURN_OFF,
                        "every document needs apiVersion, kind and metadata.name"));
    }

    private void positions(
            Node node, String path, int before, String file, Map<String, Integer> lines) {
        switch (node) {
            case MappingNode mapping -> {
                Set<String> seen = new HashSet<>();
                for (NodeTuple entry : mapping.getValue()) {
                    if (entry.getKeyNode() instanceof ScalarNode key) {
                        String child =
                                path.isEmpty() ? key.getValue() : path + "." + key.getValue();
                        int line = key.getStartMark().getLine() + before + 1;
                        if (!seen.add(key.getValue())) {
                            twice(child, key.getValue(), line, file);
                        }
                        lines.put(child, line);
                        positions(entry.getValueNode(), child, before, file, lines);
                    }
                }
            }
            case SequenceNode sequence -> {
                int index = 0;
                for (Node item : sequence.getValue()) {
                    String child = path + "[" + index++ + "]";
                    lines.put(child, item.getStartMark().getLine() + before + 1);
                    positions(item, child, before, file, lines);
                }
            }
            default -> {}
        }
    }

    private void twice(String path, String key, int line, String file) {
        findings.add(
                new Finding(
                        Level.WARNING,
                        "syntax",
                        file,
                        line,
                        path,
                        "",
                        "key \"" + key + "\" is set twice in one mapping",
                        "kubectl takes the last value without a word; remove one of them"));
    }
}
