package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A shell on a terminal in a pod, as a person uses it, through the Java client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TerminalSessionTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private FakeCluster cluster;

    @BeforeAll
    void start() throws Exception {
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
        cluster.client()
                .resource(
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("tools")
                                .withNamespace("default")
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("tools")
                                .withImage("busybox")
                                .withCommand("sleep", "infinity")
                                .endContainer()
                                .endSpec()
                                .build())
                .create();
        cluster.client()
                .pods()
                .inNamespace("default")
                .withName("tools")
                .waitUntilReady(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private final class Session implements AutoCloseable {
        private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
        private final ExecWatch exec;
        private int seen;

        Session(String... command) {
            exec =
                    cluster.client()
                            .pods()
                            .inNamespace("default")
                            .withName("tools")
                            .redirectingInput()
                            .writingOutput(screen)
                            .withTTY()
                            .exec(command);
        }

        void type(String text) throws IOException {
            exec.getInput().write(text.getBytes(StandardCharsets.UTF_8));
            exec.getInput().flush();
        }

        /** Waits for more of the screen, behind what was waited for before. */
        void sees(String text) {
            await().atMost(LIMIT)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    screen.toString(StandardCharsets.UTF_8)
                                                            .substring(seen))
                                            .contains(text));
            seen = screen.toString(StandardCharsets.UTF_8).indexOf(text, seen) + text.length();
        }

        int code() throws Exception {
            return exec.exitCode().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            exec.close();
        }
    }

    @Test
    void theWindowsSizeReachesPrograms() throws Exception {
        try (Session shell = new Session("sh")) {
            shell.sees("/ # ");
            shell.exec.resize(100, 30);
            await().atMost(LIMIT)
                    .untilAsserted(
                            () -> {
                                shell.type("stty size\r");
                                shell.sees("30 100\r\n");
                            });
            shell.type("tput cols; tput lines; tty\r");
            shell.sees("100\r\n30\r\n/dev/pts/0\r\n");
            shell.type("stty size | cat; echo piped | stty size\r");
            shell.sees("30 100\r\nstty: standard input: Not a tty\r\n");
            shell.type("exit 4\r");
            assertThat(shell.code()).isEqualTo(4);
        }
    }

    @Test
    void linesCanBeEditedAndCalledAgain() throws Exception {
        try (Session shell = new Session("sh")) {
            shell.sees("/ # ");
            shell.type("echo helo\u001b[D\u001b[Dl\u0001\u0005!\r");
            shell.sees("\r\nhello!\r\n/ # ");
            shell.type("wrong\u0015echo one\u001b[3~ twoo\u007f\r");
            shell.sees("\r\none two\r\n/ # ");
            shell.type("unfinished\u001b[A\u001b[A\u001b[B\r");
            shell.sees("\r\none two\r\n/ # ");
            shell.type("for i in 1 2\rdo echo n$i\rdone\r");
            shell.sees("n1\r\nn2\r\n/ # ");
            shell.type("\u0004");
            assertThat(shell.code()).isZero();
        }
    }

    @Test
    void ctrlCInterruptsTheCommandAndNotTheShell() throws Exception {
        try (Session shell = new Session("sh")) {
            shell.sees("/ # ");
            shell.type("echo started; sleep 1000\r");
            shell.sees("\r\nstarted\r\n");
            shell.type("\u0003");
            shell.sees("^C\r\n/ # ");
            shell.type("echo code $?\r");
            shell.sees("\r\ncode 130\r\n/ # ");
            shell.type("half a line\u0003");
            shell.sees("^C\r\n/ # ");
            shell.type("cat\r");
            shell.type("typed\r\u0004");
            shell.sees("typed\r\ntyped\r\n/ # ");
        }
        try (Session sleep = new Session("sleep", "1000")) {
            sleep.type("\u0003");
            assertThat(sleep.code()).isEqualTo(130);
        }
    }
}
