package dev.meshdojo.simulator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShellTest {

    @TempDir Path directory;

    record Outcome(int status, String stdout, String stderr) {}

    private Outcome run(String script) {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            return run(shell, script);
        }
    }

    private static Outcome run(Shell shell, String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = shell.run(script, out, err);
        return new Outcome(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Stream<String> scripts() throws IOException {
        try (InputStream table = ShellTest.class.getResourceAsStream("scripts.txt")) {
            String text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("\n%%\n")).map(String::strip).toList().stream();
        }
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("scripts")
    void printsAndExitsAsBashDoes(String script) throws Exception {
        Path bash = Path.of("/bin/bash");
        assumeTrue(Files.isExecutable(bash), "no /bin/bash to compare with");
        Files.writeString(directory.resolve("a.txt"), "one\ntwo\nthree\n");
        Path other = Files.createDirectory(directory.resolve("real"));
        Path own = Files.createDirectory(directory.resolve("own"));
        for (Path place : List.of(other, own)) {
            Files.writeString(place.resolve("a.txt"), "one\ntwo\nthree\n");
            Files.writeString(place.resolve("b.txt"), "b 2\na 10\nc 1\n");
        }
        ProcessBuilder builder =
                new ProcessBuilder(bash.toString(), "-c", script).directory(other.toFile());
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process process = builder.start();
        process.getOutputStream().close();
        String expected =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int status = process.waitFor();

        try (Shell shell = StandardCommands.open(new NoCluster(), own)) {
            Outcome outcome = run(shell, script);
            assertThat(outcome.stdout()).as(script + "\n" + outcome.stderr()).isEqualTo(expected);
            assertThat(outcome.status()).as(script).isEqualTo(status);
        }
    }

    @Test
    void keepsVariablesDirectoryAndFunctionsFromOneScriptToTheNext() {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            run(shell, "A=1; export B=2; mkdir d; cd d; f() { echo f$1; }");
            assertThat(run(shell, "echo $A $B; f x").stdout()).isEqualTo("1 2\nfx\n");
            assertThat(shell.directory()).isEqualTo(directory.resolve("d"));
            assertThat(shell.environment()).containsEntry("B", "2").doesNotContainKey("A");
        }
    }

    @Test
    void namesWhatExistsWhenACommandDoesNot() {
        Outcome outcome = run("docker ps");
        assertThat(outcome.status()).isEqualTo(127);
        assertThat(outcome.stderr()).startsWith("docker: command not found\n").contains("grep");
    }

    record Mistake(String script, String message) {}

    static List<Mistake> mistakes() {
        return List.of(
                new Mistake(
                        "echo 'abc",
                        "line 1, column 6: syntax error: the script ends inside the '"),
                new Mistake(
                        "if true; then\necho x\n",
                        "line 3, column 1: syntax error: expected \"fi\""),
                new Mistake("echo | | cat", "line 1, column 8: syntax error: unexpected \"|\""),
                new Mistake("a=(1 2)", "arrays are not supported"),
                new Mistake("cat <(echo x)", "process substitution <(…) is not supported"),
                new Mistake("echo >", "no file name after \">\""));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aSyntaxErrorSaysWhatAndWhere(Mistake mistake) {
        Outcome outcome = run(mistake.script());
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.stderr()).contains(mistake.message());
    }

    @Test
    void killsABackgroundJobByNumber() {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            run(shell, "sleep 1000 & echo $!");
            assertThat(shell.jobs()).hasSize(1);
            assertThat(run(shell, "jobs").stdout())
                    .isEqualTo("[1]+  Running                 sleep 1000 &\n");
            run(shell, "kill %1; wait");
            assertThat(shell.jobs()).isEmpty();
        }
    }

    @Test
    void closingEndsJobsThatStillRun() {
        Shell shell = StandardCommands.open(new NoCluster(), directory);
        run(shell, "sleep 1000 & sleep 1000 | cat &");
        assertThat(shell.jobs()).hasSize(2);
        shell.close();
        assertThat(shell.jobs()).isEmpty();
    }

    @Test
    void anInterruptEndsTheForegroundWith130() throws Exception {
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            java.io.PipedInputStream seen = new java.io.PipedInputStream();
            java.io.PipedOutputStream out = new java.io.PipedOutputStream(seen);
            var status = new java.util.concurrent.CompletableFuture<Integer>();
            Thread.ofVirtual()
                    .start(
                            () ->
                                    status.complete(
                                            shell.run(
                                                    "echo go; sleep 1000; echo no",
                                                    out,
                                                    OutputStreams.none())));
            assertThat(seen.read()).isEqualTo('g');
            shell.interrupt();
            assertThat(status.get()).isEqualTo(130);
        }
    }

    private static final class OutputStreams {
        static java.io.OutputStream none() {
            return java.io.OutputStream.nullOutputStream();
        }
    }
}
