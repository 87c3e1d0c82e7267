package dev.meshdojo.simulator.apiserver.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.meshdojo.simulator.node.KubeletOptions;
import dev.meshdojo.simulator.node.NodeUnderTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams as the real kubectl uses them, over WebSocket and over SPDY. */
@Timeout(120)
class KubectlStreamsTest {

    @TempDir static Path home;
    private static NodeUnderTest node;
    private static Path kubectl;

    @BeforeAll
    static void start() throws IOException {
        Optional<Path> found =
                Stream.concat(
                                Stream.ofNullable(System.getenv("MESHDOJO_KUBECTL")),
                                Arrays.stream(System.getenv("PATH").split(":"))
                                        .map(directory -> directory + "/kubectl"))
                        .map(Path::of)
                        .filter(Files::isExecutable)
                        .findFirst();
        assumeTrue(found.isPresent(), "no kubectl on PATH or in MESHDOJO_KUBECTL");
        kubectl = found.orElseThrow();
        node = new NodeUnderTest(KubeletOptions.defaults());
        Files.writeString(home.resolve("config"), node.server.kubeconfig());
        node.create(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: echo, namespace: default, labels: {app: echo}}
                spec:
                  nodeName: lab-node
                  containers: [{name: app, image: "meshdojo/echo:1"}]
                """);
        node.awaitReady("echo");
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
    }

    private static ProcessBuilder command(String transport, String... args) {
        List<String> line = new ArrayList<>(List.of(kubectl.toString()));
        line.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(line).directory(home.toFile());
        builder.environment()
                .putAll(
                        Map.of(
                                "KUBECONFIG", home.resolve("config").toString(),
                                "HOME", home.toString(),
                                "KUBECTL_REMOTE_COMMAND_WEBSOCKETS",
                                        Boolean.toString(transport.equals("WebSocket")),
                                "KUBECTL_PORT_FORWARD_WEBSOCKETS",
                                        Boolean.toString(transport.equals("WebSocket"))));
        return builder;
    }

    private record Result(int code, String out, String err) {}

    private static Result run(String transport, String input, String... args)
            throws IOException, InterruptedException {
        Path err = Files.createTempFile(home, "err", "");
        Process process = command(transport, args).redirectError(err.toFile()).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, Files.readString(err));
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void execCarriesInputOutputAndExitCode(String transport) throws Exception {
        Result result =
                run(transport, "a\nb\n", "exec", "-i", "echo", "--", "sh", "-c", "cat; exit 4");

        assertThat(result.out()).isEqualTo("a\nb\n");
        assertThat(result.err()).isEqualTo("command terminated with exit code 4\n");
        assertThat(result.code()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"WebSocket", "SPDY"})
    void portForwardCarriesBytesAndTellsOfClosedPorts(String transport) throws Exception {
        Path err = Files.createTempFile(home, "err", "");
        Process process =
                command(transport, "port-forward", "pod/echo", ":9000", ":7777")
                        .redirectError(err.toFile())
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            int good = port(lines, "-> 9000");
            int closed = port(lines, "-> 7777");
            assertThat(exchange(good)).isEqualTo("tcp-echo-v1:ping");
            assertThat(exchange(closed)).isEmpty();
            org.awaitility.Awaitility.await()
                    .untilAsserted(
                            () ->
                                    assertThat(Files.readString(err))
                                            .contains("error forwarding port 7777 to pod ")
                                            .contains(
                                                    "failed to connect to localhost:7777 inside"
                                                            + " namespace"));
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private static int port(BufferedReader lines, String target) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains("127.0.0.1:") && line.endsWith(target)) {
                return Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:(\\d+) .*", "$1"));
            }
        }
        throw new IOException("kubectl ended without forwarding " + target);
    }

    private static String exchange(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(16), StandardCharsets.US_ASCII);
        } catch (java.net.SocketException reset) {
            return "";
        }
    }

    @Test
    void filesAreCopiedInAndOut() throws Exception {
        Files.writeString(home.resolve("in.txt"), "hello\n");

        Result in = run("WebSocket", "", "cp", "in.txt", "echo:/tmp/in.txt");
        Result out = run("WebSocket", "", "cp", "echo:/tmp/in.txt", "out.txt");

        assertThat(in.code()).as(in.err()).isZero();
        assertThat(out.code()).as(out.err()).isZero();
        assertThat(home.resolve("out.txt")).hasContent("hello\n");
    }

    @Test
    void logsFollow() throws Exception {
        Process process = command("WebSocket", "logs", "-f", "echo").start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            Result curl =
                    run(
                            "WebSocket",
                            "",
                            "exec",
                            "echo",
                            "--",
                            "curl",
                            "-s",
                            "localhost:8080/followed");
            assertThat(curl.out()).contains("\"path\":\"/followed\"");
            String line = lines.readLine();
            while (line != null && !line.contains("/followed")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"method\":\"GET\"");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"nobody", "echo -c other", "echo -- nosuchcommand"})
    void refusalsAreWordedAsKubernetesWordsThem(String target) throws Exception {
        List<String> args = new ArrayList<>(List.of("exec"));
        args.addAll(List.of(target.split(" ")));
        if (!target.contains("--")) {
            args.addAll(List.of("--", "true"));
        }

        Result result = run("WebSocket", "", args.toArray(new String[0]));

        assertThat(result.code()).isNotZero();
        assertThat(result.err())
                .contains(
                        switch (target) {
                            case "nobody" -> "pods \"nobody\" not found";
                            case "echo -c other" -> "container other is not valid for pod echo";
                            default ->
                                    "exec: \"nosuchcommand\": executable file not found in $PATH";
                        });
    }
}
