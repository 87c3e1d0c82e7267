package dev.meshdojo.simulator.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnalysisTest {

    private static final String SHOP =
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {istio-injection: enabled}}
            ---
            """;

    private static List<String> analyze(String documents) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        try (var parser = new YAMLFactory().createParser(documents)) {
            List<JsonNode> objects = yaml.readValues(parser, JsonNode.class).readAll();
            return new Analysis(Clock.systemUTC())
                    .analyze(objects).stream()
                            .map(
                                    message ->
                                            message.level()
                                                    + " ["
                                                    + message.code()
                                                    + "] ("
                                                    + message.origin()
                                                    + ") "
                                                    + message.text())
                            .toList();
        }
    }

    @Test
    void readsPortsThatAreWrittenAsNumbers() throws IOException {
        assertThat(
                        analyze(
                                SHOP
                                        + """
                                        apiVersion: security.istio.io/v1
                                        kind: PeerAuthentication
                                        metadata: {name: default, namespace: shop}
                                        spec: {portLevelMtls: {8080: {mode: DISABLE}}}
                                        ---
                                        apiVersion: security.istio.io/v1
                                        kind: PeerAuthentication
                                        metadata: {name: range, namespace: shop}
                                        spec:
                                          selector: {matchLabels: {app: web}}
                                          portLevelMtls: {70000: {mode: DISABLE}}
                                        """))
                .containsExactly(
                        "Error [IST0106] (PeerAuthentication shop/default) Schema validation error:"
                                + " mesh/namespace peer authentication cannot have port level mTLS",
                        "Error [IST0106] (PeerAuthentication shop/range) Schema validation error:"
                                + " port must be in range 1..65535");
    }

    @Test
    void takesKubernetesGatewaysForGateways() throws IOException {
        assertThat(
                        analyze(
                                SHOP
                                        + """
                                        apiVersion: gateway.networking.k8s.io/v1
                                        kind: Gateway
                                        metadata: {name: edge, namespace: shop}
                                        spec:
                                          listeners: [{name: a, hostname: '*.example.test'}]
                                        ---
                                        apiVersion: networking.istio.io/v1
                                        kind: VirtualService
                                        metadata: {name: fits, namespace: shop}
                                        spec:
                                          hosts: [a.example.test]
                                          gateways: [edge]
                                          http: [{directResponse: {status: 204}}]
                                        ---
                                        apiVersion: networking.istio.io/v1
                                        kind: VirtualService
                                        metadata: {name: foreign, namespace: shop}
                                        spec:
                                          hosts: [a.example.org]
                                          gateways: [shop/edge]
                                          http: [{directResponse: {status: 204}}]
                                        """))
                .containsExactly(
                        "Warning [IST0132] (VirtualService shop/foreign) one or more host"
                                + " [a.example.org] defined in VirtualService shop/foreign not"
                                + " found in Gateway shop/edge.");
    }

    @Test
    void leavesKubernetesOwnNamespacesAlone() throws IOException {
        assertThat(
                        analyze(
                                """
                                apiVersion: v1
                                kind: Namespace
                                metadata: {name: kube-system}
                                ---
                                apiVersion: networking.istio.io/v1
                                kind: DestinationRule
                                metadata: {name: d, namespace: kube-system}
                                spec: {host: gone}
                                """))
                .isEmpty();
    }

    @Test
    void readsTheMeshConfigThatIstiodReads() throws IOException {
        String telemetry =
                """
                apiVersion: telemetry.istio.io/v1
                kind: Telemetry
                metadata: {name: logs, namespace: shop}
                spec: {accessLogging: [{}], tracing: [{providers: [{name: old}]}]}
                """;
        String meshConfig =
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data:
                  mesh: |
                    defaultProviders: {accessLogging: [envoy]}
                    extensionProviders: [{name: old, lightstep: {service: l.test, port: 80}}]
                ---
                """;
        assertThat(analyze(SHOP + telemetry))
                .containsExactly(
                        "Warning [IST0157] (Telemetry shop/logs) The Telemetry logs in namespace"
                                + " \"shop\" with empty providers will be ignored.");
        assertThat(analyze(SHOP + meshConfig + telemetry))
                .containsExactly(
                        "Warning [IST0002] (Telemetry shop/logs) Deprecated: The Lightstep provider"
                                + " old is deprecated, please migrate to OpenTelemetry provider.");
    }

    @Test
    void checksAnnotationsOfPodsAndNamespaces() throws IOException {
        assertThat(
                        analyze(
                                """
                                apiVersion: v1
                                kind: Namespace
                                metadata:
                                  name: shop
                                  labels: {istio-injection: enabled, istio.io/rev: canary}
                                  annotations: {sidecar.istio.io/proxyCPU: '1', x.istio.io/y: z}
                                ---
                                apiVersion: v1
                                kind: Pod
                                metadata:
                                  name: web
                                  namespace: shop
                                  annotations:
                                    sidecar.istio.io/inject: 'false'
                                    sidecar.istio.io/interceptionMode: MAYBE
                                    traffic.sidecar.istio.io/excludeOutboundPorts: 80,http
                                    traffic.sidecar.istio.io/includeOutboundIPRanges: 10.0.0.0/33
                                """))
                .containsExactly(
                        "Warning [IST0107] (Namespace shop) Misplaced annotation:"
                                + " sidecar.istio.io/proxyCPU can only be applied to Pod",
                        "Warning [IST0108] (Namespace shop) Unknown annotation: x.istio.io/y",
                        "Warning [IST0123] (Namespace shop) The namespace has more than one type of"
                                + " injection labels [istio-injection=enabled"
                                + " istio.io/rev=canary], which may lead to undefined behavior."
                                + " Make sure only one injection label exists.",
                        "Warning [IST0125] (Pod shop/web) Invalid annotation"
                                + " sidecar.istio.io/interceptionMode: interceptionMode invalid,"
                                + " use REDIRECT,TPROXY,NONE: MAYBE",
                        "Warning [IST0125] (Pod shop/web) Invalid annotation"
                                + " traffic.sidecar.istio.io/excludeOutboundPorts:"
                                + " excludeOutboundPorts invalid: failed parsing port 'http':"
                                + " failed parsing port 'http': strconv.ParseUint: parsing"
                                + " \"http\": invalid syntax",
                        "Warning [IST0125] (Pod shop/web) Invalid annotation"
                                + " traffic.sidecar.istio.io/includeOutboundIPRanges:"
                                + " includeIPRanges invalid: failed parsing cidr '10.0.0.0/33':"
                                + " netip.ParsePrefix(\"10.0.0.0/33\"): prefix length out of range",
                        "Info [IST0135] (Pod shop/web) Annotation \"sidecar.istio.io/inject\" has"
                                + " been deprecated in favor of the \"sidecar.istio.io/inject\""
                                + " label and may not work in future Istio versions.");
    }
}
