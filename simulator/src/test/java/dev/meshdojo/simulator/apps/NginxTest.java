package dev.meshdojo.simulator.apps;

import static org.assertj.core.api.Assertions.assertThat;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx with a mounted configuration. */
class NginxTest {

    private static final String CONFIG =
            """
            map $http_x_color $pool { default blue; red crimson; ~^gr green; }
            upstream none { server 127.0.0.1:9 down; }
            server {
                listen 8080 default_server; # a comment
                server_name localhost;
                add_header X-Pool $pool always;
                location / { return 200 'uri=$uri args=$args pool=$pool'; }
                location = /exact { return 204; }
                location /old { rewrite ^/old/(.*)$ /new/$1 last; }
                location ~ \\.(php|asp)$ { return 403; }
                location /go { return 301 https://example.com$request_uri; }
                location /static/ { alias /usr/share/nginx/html/; }
                location /try { try_files $uri $uri/ @fallback; }
                location @fallback { default_type application/json; return 200 '{"fallback":"$uri"}'; }
                location /gone { proxy_pass http://127.0.0.1:9; }
                location /page { error_page 404 = @fallback; return 404; }
                location /closed { deny all; }
                if ($request_method = DELETE) { return 405; }
            }
            server { listen 8080; server_name *.example.com; location / { return 418 "other"; } }
            """;

    private static RunningContainer nginx(LoopbackNetwork network, String config) throws Exception {
        Workload workload = java.util.Objects.requireNonNull(SampleApps.find("library/nginx"));
        return RunningContainer.startIn(
                network,
                false,
                container -> {
                    container
                            .files()
                            .write(
                                    "/etc/nginx/conf.d/default.conf",
                                    config.getBytes(StandardCharsets.UTF_8));
                    int code = workload.run(container);
                    container.log("exit code " + code);
                    container.started();
                    return code;
                },
                "web",
                List.of(),
                Map.of());
    }

    private static HttpClient.Answer send(
            RunningContainer container, String method, String target, String... headers)
            throws Exception {
        List<HttpApp.Header> lines = new ArrayList<>();
        for (String header : headers) {
            String[] parts = header.split(": ", 2);
            lines.add(new HttpApp.Header(parts[0], parts[1]));
        }
        if (lines.stream().noneMatch(header -> header.name().equals("Host"))) {
            lines.add(new HttpApp.Header("Host", "web"));
        }
        lines.add(new HttpApp.Header("Connection", "close"));
        try (Socket socket = container.network.connect(null, container.pod().ip(), 8080)) {
            return HttpClient.exchange(socket, method, target, lines, new byte[0]);
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    GET    | /a%20b?x=1  | X-Color: red           | 200 | uri=/a b args=x=1 pool=crimson
                    GET    | /x          | X-Color: grey          | 200 | uri=/x args= pool=green
                    GET    | /exact      | A: b                   | 204 | ``
                    GET    | /exact/     | A: b                   | 200 | uri=/exact/ args= pool=blue
                    GET    | /old/z?q=1  | A: b                   | 200 | uri=/new/z args=q=1 pool=blue
                    GET    | /a.php      | A: b                   | 403 | <center><h1>403 Forbidden</h1></center>
                    GET    | /go?x=1     | A: b                   | 301 | 301 Moved Permanently
                    GET    | /static/    | A: b                   | 200 | Welcome to nginx!
                    POST   | /static/    | A: b                   | 405 | 405 Not Allowed
                    GET    | /static/no  | A: b                   | 404 | 404 Not Found
                    GET    | /try/none   | A: b                   | 200 | {"fallback":"/try/none"}
                    GET    | /page       | A: b                   | 200 | {"fallback":"/page"}
                    GET    | /gone       | A: b                   | 502 | 502 Bad Gateway
                    GET    | /closed     | A: b                   | 403 | 403 Forbidden
                    DELETE | /           | A: b                   | 405 | 405 Not Allowed
                    GET    | /           | Host: a.example.com    | 418 | other
                    """)
    void answersAsConfigured(String method, String target, String header, int status, String body)
            throws Exception {
        LoopbackNetwork network = RunningContainer.newNetwork();
        try (RunningContainer container = nginx(network, CONFIG)) {
            HttpClient.Answer answer = send(container, method, target, header);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(body);
        } finally {
            network.close();
        }
    }

    @Test
    void addsHeadersAndWritesTheAccessLog() throws Exception {
        LoopbackNetwork network = RunningContainer.newNetwork();
        try (RunningContainer container = nginx(network, CONFIG)) {
            HttpClient.Answer answer = send(container, "GET", "/go?x=1", "User-Agent: me");
            assertThat(answer.header("location")).isEqualTo("https://example.com/go?x=1");
            assertThat(answer.header("x-pool")).isEqualTo("blue");
            assertThat(answer.header("server")).isEqualTo("nginx/1.27.5");
            assertThat(container.log)
                    .last()
                    .asString()
                    .contains("\"GET /go?x=1 HTTP/1.1\" 301 169 \"-\" \"me\" \"-\"");
        } finally {
            network.close();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    server { listen 8080; locaton / { } }            | unknown directive "locaton" in /etc/nginx/conf.d/default.conf:1
                    server { listen 8080; location / { return 200; } | unexpected end of file, expecting "}" in /etc/nginx/conf.d/default.conf:1
                    server { listen 8080; }}                         | unexpected "}" in /etc/nginx/conf.d/default.conf:1
                    server { location / { proxy_pass http://nobody; } } | host not found in upstream "nobody" in /etc/nginx/conf.d/default.conf:1
                    include /none.conf;                              | open() "/none.conf" failed (2: No such file or directory) in /etc/nginx/conf.d/default.conf:1
                    """)
    void doesNotStartWithAConfigurationThatIsWrong(String config, String message) throws Exception {
        LoopbackNetwork network = RunningContainer.newNetwork();
        try (RunningContainer container = nginx(network, config)) {
            assertThat(container.log).contains("nginx: [emerg] " + message, "exit code 1");
        } finally {
            network.close();
        }
    }
}
