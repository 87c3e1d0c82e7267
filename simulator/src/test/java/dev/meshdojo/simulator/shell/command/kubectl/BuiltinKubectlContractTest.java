package dev.meshdojo.simulator.shell.command.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.apiserver.surface.KubernetesSurface;
import dev.meshdojo.simulator.controller.TestCluster;
import dev.meshdojo.simulator.shell.NoCluster;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The built-in kubectl prints what the real one prints, on the same cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BuiltinKubectlContractTest {

    private TestCluster cluster;
    @TempDir Path directory;

    @BeforeAll
    void start() {
        cluster =
                TestCluster.with(
                        new KubernetesSurface(java.time.InstantSource.system(), "127.0.0.1:6443"));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    static Optional<Path> kubectl() {
        String named = System.getenv("MESHDOJO_KUBECTL");
        List<Path> places = new ArrayList<>();
        if (named != null) {
            places.add(Path.of(named));
        }
        for (String place : System.getenv().getOrDefault("PATH", "").split(":")) {
            places.add(Path.of(place, "kubectl"));
        }
        return places.stream()
                .filter(Files::isExecutable)
                .filter(BuiltinKubectlContractTest::isModelled)
                .findFirst();
    }

    /** Words differ between releases; the built-in follows 1.35. */
    private static boolean isModelled(Path kubectl) {
        try {
            Process process =
                    new ProcessBuilder(kubectl.toString(), "version", "--client")
                            .redirectErrorStream(true)
                            .start();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.contains("Client Version: v1.35.");
        } catch (IOException e) {
            return false;
        }
    }

    record Outcome(int status, String stdout, String stderr) {}

    private Outcome builtin(Shell shell, String command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = shell.run(command, out, err);
        return new Outcome(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Outcome real(Path kubectl, Path kubeconfig, String command) throws Exception {
        String line = "kubectl() { " + kubectl + " \"$@\"; }; " + command;
        Path out = directory.resolve("out");
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder("/bin/bash", "-c", line);
        builder.directory(directory.toFile());
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().remove("POD_NAMESPACE");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        int status = process.waitFor();
        return new Outcome(status, Files.readString(out), Files.readString(err));
    }

    @Test
    void everyCommandOfTheTableAgrees() throws Exception {
        Optional<Path> installed = kubectl();
        assumeTrue(
                installed.isPresent(),
                "no kubectl 1.35 on PATH or in MESHDOJO_KUBECTL to compare with");
        Path kubectl = installed.orElseThrow();
        Path kubeconfig = directory.resolve("kubeconfig");
        Files.writeString(kubeconfig, cluster.kubeconfig());
        resource("objects.yaml", directory.resolve("objects.yaml"));
        List<String> differences = new ArrayList<>();
        try (Shell shell = StandardCommands.open(new NoCluster(cluster.kubeconfig()), directory)) {
            for (String step : steps()) {
                if (step.startsWith("setup: ")) {
                    Outcome outcome = builtin(shell, step.substring("setup: ".length()));
                    if (outcome.status() != 0) {
                        differences.add("$ " + step + "\n" + outcome);
                    }
                    continue;
                }
                Outcome expected = real(kubectl, kubeconfig, step);
                Outcome actual = builtin(shell, step);
                if (!masked(expected).equals(masked(actual))) {
                    differences.add(
                            "$ "
                                    + step
                                    + "\nreal:    "
                                    + masked(expected)
                                    + "\nbuiltin: "
                                    + masked(actual));
                }
            }
        }
        assertThat(String.join("\n\n", differences)).isEmpty();
    }

    private static Outcome masked(Outcome outcome) {
        return new Outcome(outcome.status(), ages(outcome.stdout()), outcome.stderr());
    }

    /** Ages grow between the two calls. */
    private static String ages(String text) {
        return text.replaceAll("(?m)(?<=\\s)\\d+(s|m\\d+s|m)(?=\\s|$)", "AGE")
                .replaceAll("(?m)AGE +", "AGE ")
                .replaceAll("(?m) +$", "");
    }

    private static Stream<String> lines(String name) throws IOException {
        try (InputStream stream = BuiltinKubectlContractTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines().toList().stream();
        }
    }

    private static List<String> steps() throws IOException {
        return lines("contract.txt").filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
    }

    private static void resource(String name, Path to) throws IOException {
        Files.write(to, lines(name).toList());
    }
}
