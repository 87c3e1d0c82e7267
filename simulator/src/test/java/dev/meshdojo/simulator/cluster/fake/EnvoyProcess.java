package dev.meshdojo.simulator.cluster.fake;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The real Envoy with a bootstrap of the test's. */
final class EnvoyProcess implements AutoCloseable {

    private final Process process;
    private final Path directory;

    private EnvoyProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** The binary: {@code MESHDOJO_ENVOY}, else {@code envoy} on PATH, else nothing. */
    static Optional<Path> binary() {
        String given = System.getenv("MESHDOJO_ENVOY");
        if (given != null && Files.isExecutable(Path.of(given))) {
            return Optional.of(Path.of(given));
        }
        for (String entry : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path candidate = Path.of(entry, "envoy");
            if (Files.isExecutable(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    static EnvoyProcess start(Path binary, String bootstrap) throws IOException {
        Path directory = Files.createTempDirectory("envoy-ads");
        Path file = directory.resolve("bootstrap.yaml");
        Files.writeString(file, bootstrap);
        Process process =
                new ProcessBuilder(
                                binary.toString(),
                                "-c",
                                file.toString(),
                                "--concurrency",
                                "1",
                                "--use-dynamic-base-id",
                                "--log-level",
                                "info",
                                "--drain-time-s",
                                "1")
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("envoy.out").toFile())
                        .start();
        return new EnvoyProcess(process, directory);
    }

    /** What it printed so far. */
    String output() {
        try {
            return Files.readString(directory.resolve("envoy.out"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
