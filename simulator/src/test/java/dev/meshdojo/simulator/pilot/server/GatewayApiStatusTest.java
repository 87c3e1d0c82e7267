package dev.meshdojo.simulator.pilot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("istiod writes to the API server")
class GatewayApiStatusTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static FakeCluster cluster;

    @BeforeAll
    static void start() throws InterruptedException {
        cluster = FakeCluster.start(new ClusterSpec(IstioProfile.DEFAULT, LoadBalancer.METALLB));
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static void apply(String... objects) {
        for (String yaml : objects) {
            try {
                cluster.api().create((ObjectNode) YAML.readTree(yaml));
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(yaml, e);
            }
        }
    }

    private static String gateway(String name, String spec) {
        return """
               {apiVersion: gateway.networking.k8s.io/v1, kind: Gateway,
                metadata: {name: %s, namespace: default},
                spec: {gatewayClassName: istio, %s}}
               """
                .formatted(name, spec);
    }

    private static String route(String name, String spec) {
        return """
               {apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute,
                metadata: {name: %s, namespace: default}, spec: {%s}}
               """
                .formatted(name, spec);
    }

    private static JsonNode find(String group, String plural, String namespace, String name) {
        ObjectNode found = cluster.api().find(new ResourceKey(group, plural, namespace, name));
        return found == null ? YAML.createObjectNode() : found;
    }

    private static JsonNode gatewayApi(String plural, String name) {
        return find(
                "gateway.networking.k8s.io",
                plural,
                plural.equals("gatewayclasses") ? "" : "default",
                name);
    }

    /** {@code Type=Status Reason: message}. */
    private static List<String> conditions(JsonNode holder) {
        List<String> out = new ArrayList<>();
        for (JsonNode condition : holder.path("conditions")) {
            out.add(
                    condition.path("type").asText()
                            + "="
                            + condition.path("status").asText()
                            + " "
                            + condition.path("reason").asText()
                            + ": "
                            + condition.path("message").asText());
        }
        return out;
    }

    @Test
    @DisplayName("the classes it serves, and that it handles them")
    void classes() {
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                conditions(
                                                        gatewayApi("gatewayclasses", "istio")
                                                                .path("status")))
                                        .containsExactly(
                                                "Accepted=True Accepted: Handled by Istio"
                                                        + " controller"));
        assertThat(
                        gatewayApi("gatewayclasses", "istio-remote")
                                .path("spec")
                                .path("controllerName")
                                .asText())
                .isEqualTo("istio.io/unmanaged-gateway");
    }

    @Test
    @DisplayName(
            "a Deployment and a Service for a Gateway without addresses, which serve its routes")
    void automaticDeployment() {
        apply(
                gateway(
                        "auto",
                        "listeners: [{name: http, port: 80, protocol: HTTP}, {name: web.two, port:"
                                + " 8080, protocol: HTTP}]"),
                route(
                        "auto-one",
                        "parentRefs: [{name: auto, sectionName: http}], rules: [{filters: [{type:"
                                + " RequestRedirect, requestRedirect: {statusCode: 301}}]}]"));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            JsonNode status = gatewayApi("gateways", "auto").path("status");
                            assertThat(conditions(status))
                                    .contains(
                                            "Accepted=True Accepted: Resource accepted",
                                            "Programmed=True Programmed: Resource programmed,"
                                                    + " assigned to service(s)"
                                                    + " auto-istio.default.svc.cluster.local:80 and"
                                                    + " auto-istio.default.svc.cluster.local:8080");
                            assertThat(status.path("listeners").path(0).path("attachedRoutes"))
                                    .hasToString("1");
                            assertThat(status.path("listeners").path(1).path("attachedRoutes"))
                                    .hasToString("0");
                        });
        JsonNode status = gatewayApi("gateways", "auto").path("status");
        JsonNode service = find("", "services", "default", "auto-istio");
        assertThat(status.path("addresses").path(0).path("value"))
                .isEqualTo(
                        service.path("status")
                                .path("loadBalancer")
                                .path("ingress")
                                .path(0)
                                .path("ip"));
        assertThat(status.path("addresses").path(0).path("type").asText()).isEqualTo("IPAddress");
        assertThat(service.path("spec").path("ports").findValuesAsText("name"))
                .containsExactly("status-port", "http", "web-two");
        assertThat(conditions(status.path("listeners").path(0)))
                .containsExactly(
                        "Accepted=True Accepted: No errors found",
                        "Conflicted=False NoConflicts: No errors found",
                        "Programmed=True Programmed: No errors found",
                        "ResolvedRefs=True ResolvedRefs: No errors found");
        assertThat(status.path("listeners").path(0).path("supportedKinds").findValuesAsText("kind"))
                .containsExactly("HTTPRoute", "GRPCRoute");
        assertThat(
                        conditions(
                                gatewayApi("httproutes", "auto-one")
                                        .path("status")
                                        .path("parents")
                                        .path(0)))
                .containsExactly(
                        "Accepted=True Accepted: Route was valid",
                        "ResolvedRefs=True ResolvedRefs: All references resolved");
    }

    @Test
    @DisplayName("what is wrong with a Gateway's address, listener and route")
    void complaints() {
        apply(
                gateway(
                        "manual",
                        "addresses: [{type: Hostname, value: nowhere.default.svc.cluster.local}],"
                                + " listeners: [{name: a, port: 80, protocol: HTTP, hostname:"
                                + " a.test}, {name: tls, port: 443, protocol: HTTPS, tls:"
                                + " {certificateRefs: [{name: missing}]}}]"),
                route(
                        "other-host",
                        "parentRefs: [{name: manual, sectionName: a}], hostnames: [b.test]"),
                route(
                        "lost",
                        "parentRefs: [{name: manual, sectionName: a}], rules: [{backendRefs:"
                                + " [{name: ghost, port: 80}]}]"));
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                conditions(
                                                        gatewayApi("gateways", "manual")
                                                                .path("status")))
                                        .contains(
                                                "Accepted=True ListenersNotValid: One or more of"
                                                        + " the Gateway's listeners are invalid",
                                                "Programmed=False AddressNotUsable: Failed to"
                                                        + " assign to any requested addresses:"
                                                        + " hostname"
                                                        + " \"nowhere.default.svc.cluster.local\""
                                                        + " not found"));
        await().atMost(LIMIT)
                .untilAsserted(
                        () -> {
                            assertThat(
                                            conditions(
                                                    gatewayApi("httproutes", "other-host")
                                                            .path("status")
                                                            .path("parents")
                                                            .path(0)))
                                    .contains(
                                            "Accepted=False NoMatchingListenerHostname: no"
                                                    + " hostnames matched parent hostname \"a.test\"");
                            assertThat(
                                            conditions(
                                                    gatewayApi("httproutes", "lost")
                                                            .path("status")
                                                            .path("parents")
                                                            .path(0)))
                                    .contains(
                                            "ResolvedRefs=False BackendNotFound:"
                                                    + " backend(ghost.default.svc.cluster.local) not"
                                                    + " found");
                        });
        JsonNode tls = gatewayApi("gateways", "manual").path("status").path("listeners").path(1);
        assertThat(conditions(tls)).contains("Programmed=False Invalid: Bad TLS configuration");
    }

    @Test
    @DisplayName("the ingress gateway's address into the Ingresses it serves")
    void ingressAddress() {
        apply(
                """
                {apiVersion: networking.k8s.io/v1, kind: Ingress,
                 metadata: {name: web, namespace: default,
                  annotations: {kubernetes.io/ingress.class: istio}},
                 spec: {rules: [{host: web.test, http: {paths: [{path: /, pathType: Prefix,
                  backend: {service: {name: web, port: {number: 80}}}}]}}]}}
                """);
        JsonNode balancer =
                find("", "services", "istio-system", "istio-ingressgateway")
                        .path("status")
                        .path("loadBalancer");
        await().atMost(LIMIT)
                .untilAsserted(
                        () ->
                                assertThat(
                                                find(
                                                                "networking.k8s.io",
                                                                "ingresses",
                                                                "default",
                                                                "web")
                                                        .path("status")
                                                        .path("loadBalancer")
                                                        .path("ingress")
                                                        .path(0)
                                                        .path("ip"))
                                        .isEqualTo(balancer.path("ingress").path(0).path("ip")));
    }
}
