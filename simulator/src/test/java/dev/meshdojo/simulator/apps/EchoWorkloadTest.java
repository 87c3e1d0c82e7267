package dev.meshdojo.simulator.apps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EchoWorkloadTest {

    private static String request(String line, String... headers) {
        return line + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
    }

    private RunningContainer echo;

    @BeforeEach
    void start() throws InterruptedException {
        echo = RunningContainer.start(new EchoWorkload(), "beta", List.of(), Map.of());
    }

    @AfterEach
    void stop() throws Exception {
        echo.close();
    }

    @Test
    void tellsTheRequestAsReceivedAndLogsIt() throws Exception {
        String answer =
                echo.exchange(
                        8080,
                        "PUT /A%2fb/../x?q=1;2 HTTP/1.1\r\nHost: h\r\nX-One: 1\r\nx-two: b\r\n"
                                + "X-One: 2\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi");

        assertThat(answer).startsWith("HTTP/1.1 200 OK\r\n").contains("server: echo\r\n");
        assertThat(answer).contains("content-type: application/json\r\n");
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(echo.log).containsExactly(body);
        JsonNode told = new ObjectMapper().readTree(body);
        assertThat(told.path("service").asText()).isEqualTo("apps/beta");
        assertThat(told.path("path").asText()).isEqualTo("/A%2fb/../x?q=1;2");
        assertThat(told.path("headers").toString())
                .isEqualTo(
                        "[[\"Host\",\"h\"],[\"X-One\",\"1\"],[\"x-two\",\"b\"],[\"X-One\",\"2\"],"
                                + "[\"Content-Length\",\"2\"],[\"Connection\",\"close\"]]");
        assertThat(told.path("body").asText()).isEqualTo("hi");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"/status/204, 204", "/status/503, 503", "/delay/1, 200", "/other, 200"})
    void answersTheStatusThatThePathAsksFor(String path, int status) throws Exception {
        String answer =
                echo.exchange(
                        8080, "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ");
    }

    @Test
    void failsTheFirstRequestsOfAKey() throws Exception {
        String request =
                request(
                        "GET / HTTP/1.1",
                        "Host: h",
                        "x-echo-fail-first: 2",
                        "x-echo-key: k",
                        "Connection: close");

        assertThat(echo.exchange(8080, request)).startsWith("HTTP/1.1 503");
        assertThat(echo.exchange(8080, request)).startsWith("HTTP/1.1 503");
        assertThat(echo.exchange(8080, request)).startsWith("HTTP/1.1 200");
    }

    @Test
    void answersPipelinedRequestsInOrder() throws Exception {
        String answers =
                echo.exchange(
                        8080,
                        request("GET /delay/50 HTTP/1.1", "Host: h")
                                + request(
                                        "GET /status/404 HTTP/1.1",
                                        "Host: h",
                                        "Connection: close"));

        assertThat(answers.indexOf("HTTP/1.1 200")).isZero();
        assertThat(answers).containsSubsequence("/delay/50", "HTTP/1.1 404");
    }

    @Test
    void answersBytesThatAreNoRequestWithBare400() throws Exception {
        assertThat(echo.exchange(8080, "\u0016\u0003\u0001"))
                .isEqualTo(
                        "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }

    @Test
    void sendsTcpChunksBackBehindItsName() throws Exception {
        try (var socket = echo.network.connect(echo.network(), "localhost", 9000)) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertThat(
                            new String(
                                    socket.getInputStream().readNBytes(17),
                                    StandardCharsets.US_ASCII))
                    .isEqualTo("tcp-echo-v1:hello");
        }
    }
}
