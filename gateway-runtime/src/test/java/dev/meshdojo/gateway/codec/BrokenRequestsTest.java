package dev.meshdojo.gateway.codec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.BootstrapFile;
import io.netty.util.ResourceLeakDetector;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Requests broken at random end with their connection, leak nothing and harm no other")
@Timeout(120)
@SuppressWarnings({"StringConcatToTextBlock", "UnicodeEscape"}) // bytes of the wire
class BrokenRequestsTest {

    private static final int REQUESTS = 250;

    private static final String BOOTSTRAP =
            """
            static_resources:
              listeners:
              - name: front
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: envoy.filters.network.http_connection_manager
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: front
                      normalize_path: true
                      merge_slashes: true
                      path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD
                      route_config:
                        virtual_hosts:
                        - name: all
                          domains: ["*"]
                          routes:
                          - match: {prefix: /}
                            direct_response: {status: 200, body: {inline_string: hello}}
                      http_filters:
                      - name: envoy.filters.http.router
                        typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """;

    /** What is broken: every kind of framing, target and head that the reader knows. */
    private static final List<String> WHOLE =
            List.of(
                    "GET /a/./b//..%2f%41?q=1#f HTTP/1.1\r\nhost: a.example.com\r\nx: 1\r\n 2\r\n\r\n",
                    "POST /p HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\n\r\nhelloGET / HTTP/1.1\r\n"
                            + "host: b\r\n\r\n",
                    "POST /c HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
                            + "5;x=y\r\nhello\r\n10\r\n0123456789abcdef\r\n0\r\nt: 1\r\n\r\n",
                    "GET http://a.example.com:80/x?y HTTP/1.1\r\nhost: z\r\nconnection: close, te\r\n"
                            + "te: trailers\r\n\r\n",
                    "GET /w HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\nraw",
                    "OPTIONS * HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\nabc",
                    "CONNECT a:80 HTTP/1.1\r\nhost: a\r\n\r\nbytes",
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\4\1\5\0\0\0\1\u0082\u0084"
                            + "\u0086\u0041");

    @TempDir private Path directory;

    private final GatewayRuntime runtime = GatewayRuntime.start(GatewayOptions.defaults());
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final Logger leakLog = Logger.getLogger(ResourceLeakDetector.class.getName());
    private final Handler collector =
            new Handler() {
                @Override
                public void publish(LogRecord record) {
                    leaks.add(record.getMessage());
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };
    private int port;

    @BeforeEach
    void serve() throws IOException {
        leakLog.addHandler(collector);
        Path file = Files.writeString(directory.resolve("envoy.yaml"), BOOTSTRAP);
        assertThat(runtime.apply(BootstrapFile.read(file).snapshot()).rejections()).isEmpty();
        port = runtime.listening().getOrDefault("front", List.of()).getFirst().getPort();
    }

    @AfterEach
    void stop() {
        runtime.close();
        leakLog.removeHandler(collector);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void everyConnectionEnds(long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < REQUESTS; i++) {
            byte[] bytes = broken(random);
            assertThat(ends(bytes, random))
                    .as("ends: %s", new String(bytes, StandardCharsets.ISO_8859_1))
                    .isTrue();
        }
        assertThat(new String(exchange(WHOLE.getFirst()), StandardCharsets.ISO_8859_1))
                .startsWith("HTTP/1.1 200 OK");
        assertThat(leaks).isEmpty();
    }

    private static byte[] broken(Random random) {
        StringBuilder text = new StringBuilder(WHOLE.get(random.nextInt(WHOLE.size())));
        for (int changes = random.nextInt(4); changes >= 0; changes--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(5)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.insert(at, (char) random.nextInt(256));
                case 2 -> text.deleteCharAt(at);
                case 3 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 40)));
                default -> text.setLength(Math.max(1, at));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends in pieces and says that nothing more comes: then the gateway has to close, too. */
    private boolean ends(byte[] bytes, Random random) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(10_000);
            int at = 0;
            while (at < bytes.length) {
                int length = Math.min(bytes.length - at, 1 + random.nextInt(60));
                socket.getOutputStream().write(bytes, at, length);
                at += length;
            }
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            in.readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true; // closed while this end was still sending
        } catch (java.net.SocketTimeoutException hung) {
            return false;
        }
    }

    private byte[] exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return socket.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
        }
    }
}
