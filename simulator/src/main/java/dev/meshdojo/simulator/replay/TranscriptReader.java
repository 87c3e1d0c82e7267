package dev.meshdojo.simulator.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads {@code KubectlTranscript} files. */
public final class TranscriptReader {

    private static final ObjectMapper YAML =
            new ObjectMapper(YAMLFactory.builder().loaderOptions(loaderOptions()).build());

    private TranscriptReader() {}

    private static org.yaml.snakeyaml.LoaderOptions loaderOptions() {
        org.yaml.snakeyaml.LoaderOptions options = new org.yaml.snakeyaml.LoaderOptions();
        options.setCodePointLimit(64 * 1024 * 1024);
        return options;
    }

    /**
     * Reads every transcript below a directory, sorted by area and name; other YAML files are
     * passed over.
     *
     * @throws IOException when a file cannot be read or is no valid YAML; the message names it
     */
    public static List<Transcript> readAll(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> tree = Files.walk(directory)) {
            files = tree.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
        }
        List<Transcript> transcripts = new ArrayList<>();
        for (Path file : files) {
            JsonNode document = parse(file);
            if (document.path("kind").asText().equals("KubectlTranscript")) {
                transcripts.add(transcript(document));
            }
        }
        return transcripts;
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private static Transcript transcript(JsonNode document) {
        JsonNode metadata = document.path("metadata");
        JsonNode spec = document.path("spec");
        Map<String, String> files = new LinkedHashMap<>();
        spec.path("files").properties().forEach(f -> files.put(f.getKey(), f.getValue().asText()));
        List<Transcript.Step> steps = new ArrayList<>();
        for (JsonNode step : spec.path("steps")) {
            steps.add(
                    new Transcript.Step(
                            step.path("run").asText(),
                            step.path("exit").asInt(),
                            step.path("stdout").asText(),
                            step.path("stderr").asText(),
                            step.path("unordered").asBoolean()));
        }
        return new Transcript(
                metadata.path("area").asText(),
                metadata.path("name").asText(),
                spec.path("about").asText(),
                files,
                spec.path("proxy").asBoolean(),
                steps);
    }
}
