package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.scenario.Check;
import dev.meshdojo.simulator.scenario.Condition;
import dev.meshdojo.simulator.scenario.OperationParser;
import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import dev.meshdojo.simulator.scenario.spec.LocatedDocument;
import dev.meshdojo.simulator.scenario.spec.SpecReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds and reads the labs under a directory that holds {@code labs/}. Thread-safe. */
public final class LabLoader {

    private final Path root;

    /**
     * @param root the directory that holds {@code labs/}
     */
    public LabLoader(Path root) {
        this.root = root;
    }

    /** The names of all labs, sorted. */
    public List<String> names() throws IOException {
        Path labs = root.resolve("labs");
        if (!Files.isDirectory(labs)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(labs)) {
            return entries.filter(entry -> Files.isRegularFile(entry.resolve("lab.yaml")))
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads one lab.
     *
     * @throws InvalidSpecException when its files have mistakes; all of them are named
     * @throws IOException when there is no such lab; the message lists those that exist
     */
    public Lab load(String name) throws IOException, InvalidSpecException {
        Path directory = root.resolve("labs").resolve(name);
        if (!Files.isRegularFile(directory.resolve("lab.yaml"))) {
            throw new IOException(
                    "no lab \""
                            + name
                            + "\" under "
                            + root.resolve("labs").toAbsolutePath().normalize()
                            + "; labs there: "
                            + (names().isEmpty() ? "none" : String.join(", ", names())));
        }
        Path file = Path.of("labs", name, "lab.yaml");
        LocatedDocument document =
                LocatedDocument.parse(
                        file.toString(), Files.readString(directory.resolve("lab.yaml")));
        SpecReader reader = SpecReader.of(document);
        Lab lab = lab(reader, directory);
        reader.throwIfInvalid();
        return lab;
    }

    private Lab lab(SpecReader reader, Path directory) throws IOException {
        expect(reader, "apiVersion", "meshdojo.dev/v1alpha1");
        expect(reader, "kind", "Lab");
        SpecReader metadata = reader.object("metadata");
        String name = metadata.text("name");
        metadata.finish();
        SpecReader spec = reader.object("spec");
        String title = spec.text("title");
        String summary = spec.text("summary");
        SpecReader cluster = spec.object("cluster");
        IstioProfile istio = profile(cluster);
        List<String> namespaces = cluster.texts("namespaces");
        List<Lab.Manifests> manifests = new ArrayList<>();
        for (SpecReader entry : cluster.objects("manifests")) {
            Path path = Path.of(entry.text("path"));
            if (!Files.exists(root.resolve(path))) {
                entry.problem("path", "no such file or directory: " + path);
            }
            manifests.add(
                    new Lab.Manifests(path, entry.optionalText("namespace").orElse("default")));
            entry.finish();
        }
        cluster.finish();
        List<Lab.Step> steps = new ArrayList<>();
        for (SpecReader entry : spec.objects("steps")) {
            steps.add(step(entry, directory));
        }
        if (steps.isEmpty()) {
            spec.problem("steps", "is missing or empty");
        }
        spec.finish();
        reader.finish();
        return new Lab(name, title, summary, root, istio, namespaces, manifests, steps);
    }

    private static Lab.Step step(SpecReader reader, Path directory) throws IOException {
        String fileName = reader.text("file");
        Optional<Condition> when =
                reader.optionalObject("when").flatMap(OperationParser::condition);
        List<Check> checks = reader.objects("checks").stream().map(OperationParser::check).toList();
        reader.finish();
        Path file = directory.resolve(fileName);
        String text = "";
        if (Files.isRegularFile(file)) {
            text = Files.readString(file);
        } else {
            reader.problem("file", "no such file: " + fileName);
        }
        String id = file.getFileName().toString().replaceFirst("\\.md$", "");
        return new Lab.Step(id, LabMarkdown.title(text, id), when, LabMarkdown.parse(text), checks);
    }

    private static IstioProfile profile(SpecReader cluster) {
        String text = cluster.optionalText("istio").orElse("none");
        try {
            return IstioProfile.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            cluster.problem("istio", "must be none, minimal, default or demo, but is " + text);
            return IstioProfile.NONE;
        }
    }

    private static void expect(SpecReader reader, String key, String value) {
        String text = reader.text(key);
        if (!text.isEmpty() && !text.equals(value)) {
            reader.problem(key, "must be " + value + ", but is " + text);
        }
    }
}
