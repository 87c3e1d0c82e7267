package dev.meshdojo.simulator.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.accesslog.v3.AccessLog;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.extensions.access_loggers.file.v3.FileAccessLog;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Telemetry and mesh configuration say how a gateway logs and traces")
class TelemetryTranslationTest {

    private static final String GATEWAY =
            """
            {apiVersion: networking.istio.io/v1, kind: Gateway,
             metadata: {name: gw, namespace: istio-system},
             spec: {selector: {istio: ingressgateway},
              servers: [{port: {number: 8080, name: http, protocol: HTTP}, hosts: ["*"]}]}}
            """;

    private static String mesh(String yaml) {
        return """
               apiVersion: v1
               kind: ConfigMap
               metadata: {name: istio, namespace: istio-system}
               data:
                 mesh: |
                   accessLogFile: /dev/stdout
                   extensionProviders:
                   - {name: text, envoyFileAccessLog: {path: /dev/stderr, logFormat: {text: hello}}}
                   - {name: json, envoyFileAccessLog: {path: /tmp/a, logFormat: {labels: {a: b}}}}
                   - {name: zipkin, zipkin: {service: nowhere, port: 9411}}
               """
                + yaml.indent(4);
    }

    private static String telemetry(String name, String namespace, String spec) {
        return """
               {apiVersion: telemetry.istio.io/v1, kind: Telemetry,
                metadata: {name: %s, namespace: %s}, spec: {%s}}
               """
                .formatted(name, namespace, spec);
    }

    private static HttpConnectionManager manager(String... objects) {
        List<String> all = new ArrayList<>(List.of(objects));
        all.add(GATEWAY);
        Filter filter =
                Translated.of(all.toArray(String[]::new))
                        .listener(8080)
                        .getFilterChains(0)
                        .getFilters(0);
        try {
            return filter.getTypedConfig().unpack(HttpConnectionManager.class);
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> paths(HttpConnectionManager manager) {
        List<String> out = new ArrayList<>();
        for (AccessLog log : manager.getAccessLogList()) {
            try {
                out.add(log.getTypedConfig().unpack(FileAccessLog.class).getPath());
            } catch (InvalidProtocolBufferException e) {
                throw new AssertionError(e);
            }
        }
        return out;
    }

    @ParameterizedTest(name = "{0} logs to {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                              | /dev/stdout
                    providers: [{name: text}]                                       | /dev/stderr
                    providers: [{name: text},{name: json}]                          | /tmp/a,/dev/stderr
                    providers: [{name: nobody}]                                     | /dev/stdout
                    providers: [{name: text}], disabled: true                       | ''
                    providers: [{name: envoy}], match: {mode: SERVER}               | /dev/stdout
                    providers: [{name: json}], match: {mode: CLIENT}                | /tmp/a
                    """)
    void logging(String entry, String paths) {
        String logging = entry.equals("{}") ? entry : "{" + entry + "}";
        assertThat(
                        String.join(
                                ",",
                                paths(
                                        manager(
                                                mesh(""),
                                                telemetry(
                                                        "t",
                                                        "istio-system",
                                                        "accessLogging: [" + logging + "]")))))
                .isEqualTo(paths);
    }

    @Test
    @DisplayName("a workload's own resource goes before its namespace's")
    void precedence() {
        assertThat(
                        paths(
                                manager(
                                        mesh(""),
                                        telemetry(
                                                "wide",
                                                "istio-system",
                                                "accessLogging: [{providers: [{name: text}]}]"),
                                        telemetry(
                                                "own",
                                                "istio-system",
                                                "selector: {matchLabels: {istio: ingressgateway}},"
                                                        + " accessLogging: [{providers: [{name:"
                                                        + " json}]}]"))))
                .containsExactly("/tmp/a");
    }

    @Test
    @DisplayName("a filter becomes a CEL filter, behind the route's flag for listeners")
    void filter() {
        HttpConnectionManager manager =
                manager(
                        mesh(""),
                        telemetry(
                                "t",
                                "istio-system",
                                "accessLogging: [{providers: [{name: envoy}], filter: {expression:"
                                        + " 'response.code >= 400'}}]"));
        assertThat(manager.getAccessLog(0).getFilter().getExtensionFilter().getName())
                .isEqualTo("envoy.access_loggers.extension_filters.cel");
    }

    @Test
    @DisplayName("tracing: the mesh's share of requests, and none without a known provider")
    void tracing() {
        assertThat(
                        manager(mesh("defaultConfig: {tracing: {sampling: 40}}"))
                                .getTracing()
                                .getRandomSampling()
                                .getValue())
                .isEqualTo(40);
        assertThat(
                        manager(
                                        mesh(""),
                                        telemetry(
                                                "t",
                                                "istio-system",
                                                "tracing: [{providers: [{name: zipkin}]}]"))
                                .hasTracing())
                .isFalse();
    }
}
