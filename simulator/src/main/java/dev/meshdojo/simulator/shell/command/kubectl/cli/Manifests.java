package dev.meshdojo.simulator.shell.command.kubectl.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** The objects of {@code -f}. */
public final class Manifests {

    /** The flags that name files. */
    public static final String FLAGS = "filename:f= recursive:R kustomize:k=";

    /**
     * One object.
     *
     * @param object as written
     * @param source the file, for messages
     */
    public record Manifest(ObjectNode object, String source) {
        /** The object's kind. */
        public String kind() {
            return object.path("kind").asText("");
        }

        /** The object's name. */
        public String name() {
            return object.path("metadata").path("name").asText("");
        }
    }

    private Manifests() {}

    /** Whether files were named. */
    public static boolean given(Flags flags) {
        return flags.given("filename") || flags.given("kustomize");
    }

    /** Reads them all, in order; lists are taken apart. */
    public static List<Manifest> read(Session session) {
        Flags flags = session.flags();
        if (flags.given("kustomize")) {
            throw KubectlException.error(
                    "-k is not supported by the built-in kubectl; apply the rendered files with -f");
        }
        List<Manifest> manifests = new ArrayList<>();
        for (String name : flags.list("filename")) {
            if (name.equals("-")) {
                add(stdin(session), "STDIN", manifests);
            } else if (name.startsWith("http://") || name.startsWith("https://")) {
                throw KubectlException.error(
                        "the lab has no network; save " + name + " to a file and apply that");
            } else {
                for (Path file : files(session, name)) {
                    add(text(file, name), shown(session, file, name), manifests);
                }
            }
        }
        if (manifests.isEmpty()) {
            throw KubectlException.error("no objects passed to " + verb(flags));
        }
        return manifests;
    }

    private static String verb(Flags flags) {
        return flags.command().replace("kubectl ", "");
    }

    private static String shown(Session session, Path file, String name) {
        Path root = session.file(name);
        return root.equals(file) ? name : Path.of(name).resolve(root.relativize(file)).toString();
    }

    private static String stdin(Session session) {
        try {
            return new String(session.invocation().stdin().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }

    private static String text(Path file, String name) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw KubectlException.error("open " + name + ": " + e.getMessage());
        }
    }

    private static List<Path> files(Session session, String name) {
        Path path = session.file(name);
        if (!Files.exists(path)) {
            throw KubectlException.error("the path \"" + name + "\" does not exist");
        }
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        int depth = session.flags().is("recursive") ? Integer.MAX_VALUE : 1;
        try (Stream<Path> walk = Files.walk(path, depth)) {
            List<Path> found =
                    walk.filter(f -> f.toString().matches(".*\\.(json|yaml|yml)"))
                            .filter(Files::isRegularFile)
                            .sorted()
                            .toList();
            if (found.isEmpty()) {
                throw KubectlException.error(
                        "error reading ["
                                + name
                                + "]: recognized file extensions are [.json .yaml .yml]");
            }
            return found;
        } catch (IOException e) {
            throw KubectlException.error(String.valueOf(e.getMessage()));
        }
    }

    private static void add(String text, String source, List<Manifest> manifests) {
        try {
            for (JsonNode document : YamlReader.read(text)) {
                if (!(document instanceof ObjectNode object)) {
                    throw KubectlException.error(
                            "error parsing "
                                    + source
                                    + ": json: cannot unmarshal "
                                    + (document.isTextual()
                                            ? "string"
                                            : document.isArray() ? "array" : "number")
                                    + " into Go value of type map[string]interface {}");
                }
                addObject(object, source, manifests);
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            throw KubectlException.error(
                    "error parsing "
                            + source
                            + ": error converting YAML to JSON: yaml: line "
                            + line
                            + ": "
                            + YamlReader.problem(e));
        }
    }

    private static void addObject(ObjectNode object, String source, List<Manifest> manifests) {
        JsonNode items = object.path("items");
        if (object.path("kind").asText("").endsWith("List") && items.isArray()) {
            for (JsonNode item : items) {
                if (item instanceof ObjectNode member) {
                    addObject(member, source, manifests);
                }
            }
            return;
        }
        if (object.path("kind").asText("").isEmpty()) {
            throw KubectlException.error(
                    "error validating \""
                            + source
                            + "\": error validating data: kind not set; if you choose to ignore"
                            + " these errors, turn validation off with --validate=false");
        }
        if (object.path("apiVersion").asText("").isEmpty()) {
            throw KubectlException.error(
                    "error validating \""
                            + source
                            + "\": error validating data: apiVersion not set; if you choose to"
                            + " ignore these errors, turn validation off with --validate=false");
        }
        manifests.add(new Manifest(object, source));
    }
}
