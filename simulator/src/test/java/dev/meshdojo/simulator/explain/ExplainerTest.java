package dev.meshdojo.simulator.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.meshdojo.simulator.check.Sources;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("explain sends the request through a real gateway and says what was looked at")
class ExplainerTest {

    private static final String OBJECTS =
            """
            apiVersion: v1
            kind: Service
            metadata: {name: web}
            spec:
              ports: [{name: http, port: 80}]
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: shop}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - port: {number: 80, name: http, protocol: HTTP}
                hosts: [shop.example.com]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop}
            spec:
              hosts: [shop.example.com]
              gateways: [shop]
              http:
              - name: admin
                match:
                - uri: {prefix: /admin}
                  headers: {x-role: {exact: staff}}
                directResponse: {status: 418}
              - match:
                - uri: {exact: /cart}
                  method: {exact: POST}
                - uri: {prefix: /car}
                route: [{destination: {host: web}}]
            """;

    @TempDir Path directory;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(directory.resolve("shop.yaml"), OBJECTS);
    }

    private Explanation explain(String request, String... headers) throws Exception {
        Sources sources = new Sources();
        sources.read(directory.toString(), InputStream.nullInputStream());
        return Explainer.explain(
                sources.objects(), ExplainedRequest.parse(request, List.of(headers)), null);
    }

    @Test
    void whenALaterRouteMatches_thenTheOnesBeforeItSayWhyNot() throws Exception {
        Explanation explanation = explain("GET http://shop.example.com/cart");
        assertThat(explanation.considered())
                .extracting(
                        step -> String.valueOf(step.line()).replaceFirst(".*:", ""),
                        Explanation.Step::failed,
                        Explanation.Step::observed)
                .containsExactly(
                        tuple("23", "path prefix \"/admin\"", "\"/cart\""),
                        tuple("29", "header :method exactly \"POST\"", "\"GET\""),
                        tuple("31", null, null));
        assertThat(explanation.cluster()).isEqualTo("outbound|80||web.default.svc.cluster.local");
        assertThat(explanation.outcome()).isEqualTo("503");
        assertThat(explanation.details()).isEqualTo("no_healthy_upstream (UH)");
        assertThat(explanation.hint()).contains("no ready endpoint");
    }

    @Test
    void whenAHeaderDecides_thenItIsSentAsGiven() throws Exception {
        assertThat(explain("http://shop.example.com/admin", "x-role: staff").outcome())
                .isEqualTo("418");
        Explanation without = explain("http://shop.example.com/admin");
        assertThat(without.outcome()).isEqualTo("404");
        assertThat(without.matched()).isFalse();
        assertThat(without.considered().getFirst().failed())
                .isEqualTo("header x-role exactly \"staff\"");
    }

    @Test
    void whenNoGatewayOpensThePort_thenItSaysSo() throws Exception {
        Explanation explanation = explain("https://shop.example.com/cart");
        assertThat(explanation.outcome()).isEqualTo("connection refused");
        assertThat(explanation.hint()).contains("port 443", "no Gateway");
    }

    @Test
    void whenAnObjectIsRefused_thenFileAndLineAreNamed() throws Exception {
        Files.writeString(
                directory.resolve("shop.yaml"), OBJECTS.replace("status: 418", "status: 9"));
        assertThatThrownBy(() -> explain("http://shop.example.com/cart"))
                .isInstanceOf(RefusedObjectsException.class)
                .hasMessageContaining("shop.yaml:16: VirtualService shop:")
                .hasMessageContaining("status");
    }
}
