package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * A directory of recorded cases with the world they stand on.
 *
 * @param root the directory
 * @param world objects under every case
 * @param mesh further objects under the cases of the area {@code mesh}
 * @param secrets Secrets that cases name
 * @param clients certificates of clients, and authorities they trust
 * @param cases the cases, sorted by file
 */
public record Corpus(
        Path root,
        List<ObjectNode> world,
        List<ObjectNode> mesh,
        List<ObjectNode> secrets,
        JsonView clients,
        List<ConformanceCase> cases) {

    private static final int MAX_FILE_CHARACTERS = 64 * 1024 * 1024;
    private static final YAMLMapper YAML = mapper();

    /**
     * Reads a directory. {@code world.yaml} and its companions are looked for there and in the
     * directories above, so that an area's directory can be run alone.
     *
     * @throws IOException when a file cannot be read; the message names it
     */
    public static Corpus read(Path directory) throws IOException {
        Path root = rootOf(directory.toAbsolutePath().normalize());
        List<ConformanceCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Corpus::isYaml).sorted().toList()) {
                for (ObjectNode document : documents(file)) {
                    JsonView view = JsonView.of(document);
                    if (view.text("kind").equals(ConformanceCase.KIND)) {
                        cases.add(ConformanceCase.of(file, view));
                    }
                }
            }
        }
        List<ObjectNode> clients = optional(root.resolve("clients.yaml"));
        return new Corpus(
                root,
                documents(root.resolve("world.yaml")),
                optional(root.resolve("world-mesh.yaml")),
                optional(root.resolve("secrets.yaml")),
                clients.isEmpty() ? JsonView.ABSENT : JsonView.of(clients.getFirst()),
                List.copyOf(cases));
    }

    private static Path rootOf(Path directory) throws IOException {
        for (Path at = directory; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("world.yaml"))) {
                return at;
            }
        }
        throw new IOException(
                directory
                        + ": no world.yaml here or above; name a directory of recorded cases, such"
                        + " as scenarios/corpus");
    }

    private static boolean isYaml(Path file) {
        return file.toString().endsWith(".yaml") && Files.isRegularFile(file);
    }

    private static List<ObjectNode> optional(Path file) throws IOException {
        return Files.exists(file) ? documents(file) : List.of();
    }

    private static List<ObjectNode> documents(Path file) throws IOException {
        List<ObjectNode> out = new ArrayList<>();
        try (MappingIterator<Object> documents =
                YAML.readerFor(ObjectNode.class).readValues(file.toFile())) {
            while (documents.hasNext()) {
                if (documents.next() instanceof ObjectNode object) {
                    out.add(object);
                }
            }
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return out;
    }

    private static YAMLMapper mapper() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_FILE_CHARACTERS);
        return new YAMLMapper(YAMLFactory.builder().loaderOptions(options).build());
    }
}
