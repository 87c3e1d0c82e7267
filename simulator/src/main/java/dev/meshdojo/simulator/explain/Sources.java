package dev.meshdojo.simulator.explain;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import dev.meshdojo.simulator.scenario.spec.LocatedDocument;
import dev.meshdojo.simulator.scenario.spec.SpecProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The objects of some files, and the lines they stand at. Immutable. */
final class Sources {

    private static final String DEFAULT_NAMESPACE = "default";

    private final List<LocatedDocument> documents;

    private Sources(List<LocatedDocument> documents) {
        this.documents = List.copyOf(documents);
    }

    /**
     * Reads files, and the {@code .yaml}, {@code .yml} and {@code .json} files of directories.
     *
     * @throws InvalidSpecException when one is absent or no YAML, or an object lacks its kind or
     *     name
     */
    static Sources read(List<Path> paths) throws InvalidSpecException {
        List<LocatedDocument> documents = new ArrayList<>();
        List<SpecProblem> problems = new ArrayList<>();
        for (Path path : paths) {
            for (Path file : files(path)) {
                for (LocatedDocument document : LocatedDocument.readAll(file)) {
                    for (String field : List.of("apiVersion", "kind")) {
                        if (!document.root().path(field).isTextual()) {
                            problems.add(document.problem("$", "needs " + field));
                        }
                    }
                    if (!document.root().path("metadata").path("name").isTextual()) {
                        problems.add(document.problem("$.metadata", "needs a name"));
                    }
                    documents.add(document);
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSpecException(problems);
        }
        return new Sources(documents);
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> tree = Files.walk(path)) {
            return tree.filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + path, e);
        }
    }

    List<LocatedDocument> documents() {
        return documents;
    }

    static String namespace(JsonNode object) {
        return object.path("metadata").path("namespace").asText(DEFAULT_NAMESPACE);
    }

    /** The object with its namespace filled in. */
    static ObjectNode placed(LocatedDocument document) {
        ObjectNode object = ((ObjectNode) document.root()).deepCopy();
        if (object.get("metadata") instanceof ObjectNode metadata && !metadata.has("namespace")) {
            metadata.put("namespace", DEFAULT_NAMESPACE);
        }
        return object;
    }

    /**
     * Where an object stands, {@code file:line}.
     *
     * @param origin as routes carry it, {@code
     *     /apis/GROUP/VERSION/namespaces/NS/virtual-service/NAME}
     * @param route the route's name
     * @param nth which of the origin's routes in its table this is, from 0
     */
    Optional<String> line(String origin, String route, int nth) {
        String[] parts = origin.split("/");
        if (parts.length < 3) {
            return Optional.empty();
        }
        String name = parts[parts.length - 1];
        String kind = parts[parts.length - 2].replace("-", "").toLowerCase(Locale.ROOT);
        String namespace = parts[parts.length - 3];
        return documents.stream()
                .filter(
                        document ->
                                document.root()
                                                .path("kind")
                                                .asText()
                                                .toLowerCase(Locale.ROOT)
                                                .equals(kind)
                                        && document.root()
                                                .path("metadata")
                                                .path("name")
                                                .asText()
                                                .equals(name)
                                        && namespace(document.root()).equals(namespace))
                .findFirst()
                .map(
                        document -> {
                            SpecProblem at = document.problem(path(document, route, nth), "");
                            return at.file() + ":" + at.line();
                        });
    }

    /** The match of a route, else its http entry, else the object. */
    private static String path(LocatedDocument document, String route, int nth) {
        if (!(document.root().path("spec").path("http") instanceof ArrayNode entries)) {
            return "$";
        }
        List<String> matches = new ArrayList<>();
        boolean regular = true;
        for (int i = 0; i < entries.size(); i++) {
            JsonNode entry = entries.get(i);
            String at = "$.spec.http[" + i + "]";
            String name = entry.path("name").asText();
            if (!name.isEmpty() && name.equals(route)) {
                return at;
            }
            for (int j = 0; j < entry.path("match").size(); j++) {
                JsonNode match = entry.path("match").get(j);
                if (!name.isEmpty() && route.equals(name + "." + match.path("name").asText())) {
                    return at + ".match[" + j + "]";
                }
                regular &=
                        !match.has("gateways") && !match.has("port") && !match.has("sourceLabels");
                matches.add(at + ".match[" + j + "]");
            }
            regular &= !entry.has("delegate");
            if (entry.path("match").isEmpty()) {
                matches.add(at);
            }
        }
        return regular && nth < matches.size() ? matches.get(nth) : "$";
    }
}
