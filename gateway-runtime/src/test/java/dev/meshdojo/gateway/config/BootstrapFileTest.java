package dev.meshdojo.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An Envoy bootstrap file runs as it is, and says where it is wrong")
class BootstrapFileTest {

    private static final String GOOD =
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

    @TempDir private Path directory;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    @Test
    void whenYamlIsABootstrap_thenItsListenersAnswer() throws Exception {
        XdsSnapshot snapshot = BootstrapFile.read(write("envoy.yaml", GOOD)).snapshot();
        try (GatewayRuntime runtime = GatewayRuntime.start(GatewayOptions.defaults());
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(runtime.apply(snapshot).rejections()).isEmpty();
            int port = runtime.listening().getOrDefault("front", List.of()).getFirst().getPort();
            HttpResponse<String> answer =
                    client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("hello");
        }
    }

    @Test
    void whenTheNameEndsInPb_thenItIsReadAsProto() throws Exception {
        BootstrapFile yaml = BootstrapFile.read(write("envoy.yaml", GOOD));
        Path proto = Files.write(directory.resolve("envoy.pb"), yaml.proto().toByteArray());

        assertThat(BootstrapFile.read(proto).snapshot()).isEqualTo(yaml.snapshot());
    }

    @Test
    void whenAFieldIsMisspelt_thenFileAndFieldAreNamed() throws Exception {
        Path path = write("envoy.yaml", GOOD.replace("listeners:", "listners:"));

        assertThatThrownBy(() -> BootstrapFile.read(path))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(path.toString())
                .hasMessageContaining("listners");
    }

    @Test
    void whenItIsNoYaml_thenLineAndColumnAreNamed() throws Exception {
        Path path = write("envoy.yaml", "static_resources: {\n  listeners: [}\n");

        assertThatThrownBy(() -> BootstrapFile.read(path))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining(path + ":2:");
    }

    @Test
    void whenResourcesAreToComeFromAManagementServer_thenItNamesItsCluster() throws Exception {
        Path path =
                write(
                        "envoy.yaml",
                        """
                        dynamic_resources:
                          ads_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: xds}}]}
                          cds_config: {ads: {}}
                        static_resources: {clusters: [{name: xds}]}
                        """);

        assertThat(BootstrapFile.read(path).managementServer()).isEqualTo("xds");
    }

    @Test
    void whenTheManagementServerIsNoCluster_thenItSaysWhichIsMissing() throws Exception {
        Path path =
                write(
                        "envoy.yaml",
                        """
                        dynamic_resources:
                          ads_config: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: xds}}]}
                          cds_config: {ads: {}}
                        """);
        BootstrapFile file = BootstrapFile.read(path);

        assertThatThrownBy(file::managementServer)
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("'xds' does not exist");
    }

    @Test
    void whenResourcesAreToComeFromFiles_thenItSaysWhatIsBuilt() throws Exception {
        Path path =
                write(
                        "envoy.yaml",
                        "dynamic_resources: {lds_config: {path_config_source: {path: /lds.yaml}}}\n");
        BootstrapFile file = BootstrapFile.read(path);

        assertThatThrownBy(file::managementServer)
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("dynamic_resources.lds_config");
    }
}
