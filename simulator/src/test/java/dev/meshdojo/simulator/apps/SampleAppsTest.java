package dev.meshdojo.simulator.apps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SampleAppsTest {

    private static Workload app(String repository) {
        return Objects.requireNonNull(SampleApps.find(repository), repository);
    }

    private static String get(RunningContainer container, int port, String path) throws Exception {
        return container.exchange(
                port, "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest(name = "{0} {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                "istio/examples-helloworld-v2        |      | 5000 | /hello      | Hello version: v2, instance: app",
                "hashicorp/http-echo                 | -text=hi | 5678 | /any    | hi",
                "library/nginx                       |      | 80   | /           | Welcome to nginx!",
                "library/nginx                       |      | 80   | /nothing    | 404 Not Found",
                "kennethreitz/httpbin                |      | 80   | /get?a=1    | \"a\": \"1\"",
                "kennethreitz/httpbin                |      | 80   | /status/418 | HTTP/1.1 418",
                "mccutchen/go-httpbin                |      | 8080 | /headers    | '\"Host\": [\n      \"h\"\n    ]'",
                "mccutchen/go-httpbin                |      | 8080 | /status/418 | teapot!",
                "mccutchen/go-httpbin                |      | 8080 | /status/9   | \"detail\": \"invalid status code: 9\"",
                "mccutchen/go-httpbin                |      | 8080 | /anything/a | '\"form\": {},\n  \"json\": null'",
                "mccutchen/go-httpbin                |      | 8080 | /none       | 404 page not found",
                "kennethreitz/httpbin                |      | 80   | /get        | '\"args\": {}, \n'",
                "kennethreitz/httpbin                |      | 80   | /cookies/set?a=b | set-cookie: a=b; Path=/",
                "kennethreitz/httpbin                |      | 80   | /cache/60   | cache-control: public, max-age=60",
                "hashicorp/http-echo                 |      | 5678 | /           | hello-world",
                "hashicorp/http-echo                 |      | 5678 | /health     | {\"status\":\"ok\"}",
                "istio/examples-bookinfo-ratings-v1  |      | 9080 | /ratings/0  | \"Reviewer1\":5",
                "istio/examples-bookinfo-reviews-v1  |      | 9080 | /reviews/0  | \"podname\":\"app\"",
            })
    void answersAsItsImageDoes(
            String repository, String args, int port, String path, String expected)
            throws Exception {
        List<String> words = args == null ? List.of() : List.of(args.split(" "));
        try (RunningContainer container =
                RunningContainer.start(app(repository), "app", words, Map.of())) {
            assertThat(get(container, port, path)).contains(expected);
        }
    }

    @Test
    void fakeServiceCallsItsUpstreamsAndTellsWhatTheyAnswered() throws Exception {
        LoopbackNetwork network = RunningContainer.newNetwork();
        try (RunningContainer order =
                        RunningContainer.startIn(
                                network,
                                false,
                                app("nicholasjackson/fake-service"),
                                "order",
                                List.of(),
                                Map.of("NAME", "order", "MESSAGE", "ordered"));
                RunningContainer greetings =
                        RunningContainer.startIn(
                                network,
                                false,
                                app("nicholasjackson/fake-service"),
                                "greetings",
                                List.of(),
                                Map.of(
                                        "NAME", "greetings",
                                        "LISTEN_ADDR", "0.0.0.0:8080",
                                        "UPSTREAM_URIS",
                                                "http://"
                                                        + order.pod().ip()
                                                        + ":9090,http://nobody"))) {
            String answer = get(greetings, 8080, "/");

            assertThat(answer).startsWith("HTTP/1.1 500");
            JsonNode told =
                    new ObjectMapper().readTree(answer.substring(answer.indexOf("\r\n\r\n")));
            JsonNode calls = told.path("upstream_calls");
            JsonNode good = calls.path("http://" + order.pod().ip() + ":9090");
            assertThat(told.path("name").asText()).isEqualTo("greetings");
            assertThat(good.path("name").asText()).isEqualTo("order");
            assertThat(good.path("body").asText()).isEqualTo("ordered");
            assertThat(good.path("code").asInt()).isEqualTo(200);
            assertThat(calls.path("http://nobody").path("error").asText())
                    .contains("lookup nobody on 10.96.0.10:53: no such host");
        } finally {
            network.close();
        }
    }
}
