package dev.meshdojo.simulator.shell.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.shell.NoCluster;
import dev.meshdojo.simulator.shell.Shell;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurlTest {

    @TempDir Path directory;

    record Outcome(int status, String stdout, String stderr) {}

    private Outcome run(String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (Shell shell = StandardCommands.open(new NoCluster(), directory)) {
            int status = shell.run(script, out, err);
            return new Outcome(
                    status,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8));
        }
    }

    /** Answers each connection with one text and keeps what it was sent. */
    private static final class Server implements AutoCloseable {
        private final ServerSocket socket;
        private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();

        Server(String... answers) throws IOException {
            socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(() -> serve(answers));
        }

        private void serve(String... answers) {
            try {
                for (String answer : answers) {
                    try (Socket client = socket.accept()) {
                        InputStream in = client.getInputStream();
                        byte[] buffer = new byte[8192];
                        int count = in.read(buffer);
                        requests.add(new String(buffer, 0, count, StandardCharsets.UTF_8));
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    }
                }
            } catch (IOException closed) {
                requests.add("closed");
            }
        }

        int port() {
            return socket.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX-A: b\r\n\r\nhi\n";

    @Test
    void printsTheBodyAndTheWriteOut() throws Exception {
        try (Server server = new Server(OK)) {
            Outcome outcome =
                    run(
                            "curl -s -H 'X-B: c' -w '%{http_code} %{size_download}\\n' 127.0.0.1:"
                                    + server.port()
                                    + "/a/../b?c=d");
            assertThat(outcome).isEqualTo(new Outcome(0, "hi\n200 3\n", ""));
            assertThat(server.requests.take())
                    .isEqualTo(
                            "GET /b?c=d HTTP/1.1\r\nHost: 127.0.0.1:"
                                    + server.port()
                                    + "\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\nX-B: c\r\n\r\n");
        }
    }

    @Test
    void postsFormDataAndShowsHeaders() throws Exception {
        try (Server server = new Server(OK)) {
            Outcome outcome =
                    run(
                            "curl -si -d a=1 -d b=2 -H 'Host: shop.example.com' http://127.0.0.1:"
                                    + server.port());
            assertThat(outcome.stdout()).isEqualTo(OK);
            assertThat(server.requests.take())
                    .startsWith("POST / HTTP/1.1\r\nHost: shop.example.com\r\n")
                    .endsWith(
                            "Content-Length: 7\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\na=1&b=2");
        }
    }

    @Test
    void followsRedirectsOnlyWhenAsked() throws Exception {
        String moved = "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n";
        try (Server server = new Server(moved, moved, OK)) {
            assertThat(run("curl -s -w '%{http_code}' 127.0.0.1:" + server.port()).stdout())
                    .isEqualTo("302");
            assertThat(run("curl -sL 127.0.0.1:" + server.port()).stdout()).isEqualTo("hi\n");
        }
    }

    @Test
    void readsChunkedBodies() throws Exception {
        String chunked =
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        try (Server server = new Server(chunked)) {
            assertThat(run("curl -s 127.0.0.1:" + server.port()).stdout()).isEqualTo("abcde");
        }
    }

    @Test
    void anEmptyReplyIsExit52AndVerboseSaysWhatWasSent() throws Exception {
        try (Server server = new Server("")) {
            Outcome outcome = run("curl -v 127.0.0.1:" + server.port());
            assertThat(outcome.status()).isEqualTo(52);
            assertThat(outcome.stderr())
                    .contains(
                            "* Connected to 127.0.0.1 (127.0.0.1) port "
                                    + server.port()
                                    + " (#0)\n> GET / HTTP/1.1\n")
                    .contains("* Empty reply from server\n")
                    .endsWith("curl: (52) Empty reply from server\n");
        }
    }

    @Test
    void arefusedConnectionIsExit7() throws Exception {
        int port;
        try (Server server = new Server()) {
            port = server.port();
        }
        Outcome outcome = run("curl -sS http://127.0.0.1:" + port);
        assertThat(outcome.status()).isEqualTo(7);
        assertThat(outcome.stderr())
                .isEqualTo(
                        "curl: (7) Failed to connect to 127.0.0.1 port "
                                + port
                                + " after 0 ms: Couldn't connect to server\n");
    }

    @Test
    void failTurnsAnErrorStatusIntoExit22() throws Exception {
        try (Server server =
                new Server("HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nnope")) {
            Outcome outcome = run("curl -sSf 127.0.0.1:" + server.port());
            assertThat(outcome)
                    .isEqualTo(
                            new Outcome(
                                    22, "", "curl: (22) The requested URL returned error: 404\n"));
        }
    }
}
