package dev.meshdojo.simulator.pilot.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A pod's own proxy configuration goes before the mesh's")
class MeshConfigTest {

    private static MeshConfig mesh(String yaml) {
        ObjectNode map = JsonNodeFactory.instance.objectNode();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("namespace", "istio-system").put("name", "istio");
        map.putObject("data").put("mesh", yaml);
        return MeshConfig.of(MeshSnapshot.of("1", Map.of("configmaps", List.of(map))));
    }

    @Test
    @DisplayName("a setting is replaced as a whole")
    void whole() {
        ProxyHeaders own =
                ProxyHeaders.of(
                        mesh("""
                                        defaultConfig:
                                          gatewayTopology:
                                            numTrustedProxies: 1
                                            forwardClientCertDetails: FORWARD_ONLY
                                        """)
                                .with("gatewayTopology: {numTrustedProxies: 3}"));
        assertThat(own.trustedProxies()).isEqualTo(3);
        assertThat(own.forwardClientCertificate()).isEqualTo("SANITIZE_SET");
    }

    @Test
    @DisplayName("but the mesh's server, request id and attempt count stay where the pod is silent")
    void headers() {
        ProxyHeaders own =
                ProxyHeaders.of(
                        mesh("""
                                        defaultConfig:
                                          proxyHeaders:
                                            requestId: {disabled: true}
                                            xForwardedPort: {enabled: true}
                                        """)
                                .with("proxyHeaders: {server: {value: mine}}"));
        assertThat(own.serverName()).isEqualTo("mine");
        assertThat(own.requestIdDisabled()).isTrue();
        assertThat(own.forwardedPort()).isFalse();
    }

    @Test
    @DisplayName("nothing, and what does not read, change nothing")
    void nothing() {
        MeshConfig mesh = mesh("trustDomain: td");
        assertThat(mesh.with("")).isSameAs(mesh);
        assertThat(mesh.with("{")).isSameAs(mesh);
        assertThat(mesh.with("text")).isSameAs(mesh);
    }

    @Test
    @DisplayName("extension providers are found by name, Istio's own too")
    void providers() {
        MeshConfig mesh =
                mesh("extensionProviders: [{name: Mine, envoyFileAccessLog: {path: /tmp/x}}]");
        assertThat(mesh.extensionProvider("mine").at("envoyFileAccessLog").text("path"))
                .isEqualTo("/tmp/x");
        assertThat(mesh.extensionProvider("envoy").at("envoyFileAccessLog").text("path"))
                .isEqualTo("/dev/stdout");
        assertThat(mesh.extensionProvider("other").present()).isFalse();
    }
}
