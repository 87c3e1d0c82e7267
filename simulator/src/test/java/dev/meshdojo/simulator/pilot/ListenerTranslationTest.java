package dev.meshdojo.simulator.pilot;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.rbac.v3.RBAC;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenerTranslationTest {

    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBdDCCARugAwIBAgIUZeT7xFZst5uDg6/nmfJL+t7jDlYwCgYIKoZIzj0EAwIw
            DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjQxNzAwMTRaGA8yMTI2MTAzMTE3MDAx
            NFowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJr0
            AFMQOcbAJeAMD6JGx1eU4xtLiodUqT3tXi9m5w/KV90s80v5WiyBylWMl7BcUIQH
            8ZY7Nro6f1xWEFhGil6jUzBRMB0GA1UdDgQWBBRP6u6EsCZbbg393R0pLiYvqxAf
            1jAfBgNVHSMEGDAWgBRP6u6EsCZbbg393R0pLiYvqxAf1jAPBgNVHRMBAf8EBTAD
            AQH/MAoGCCqGSM49BAMCA0cAMEQCIE3YWSv4D3ZgDmezhw1SXN94gqA3loK3Ag+m
            K5pC8XC5AiACtowY/7Pn1cLqErlPj9Vhv8lsRzZxFai0p8rF4aEjCw==
            -----END CERTIFICATE-----
            """;
    private static final String KEY =
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgf5RpV7ocjcBVdPoc
            6HIG4me7lJwyiF//cCB3Q7ORyRShRANCAASa9ABTEDnGwCXgDA+iRsdXlOMbS4qH
            VKk97V4vZucPylfdLPNL+VosgcpVjJewXFCEB/GWOza6On9cVhBYRope
            -----END PRIVATE KEY-----
            """;

    private static final String TCP =
            """
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: gw, namespace: istio-system}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 31400, name: tcp, protocol: TCP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: v, namespace: apps}
            spec:
              hosts: ["*"]
              gateways: [istio-system/gw]
              tcp: [{route: [{destination: {host: echo}}]}]
            """;

    private static String policy(String name, String annotations, String spec) {
        return """
        {apiVersion: security.istio.io/v1, kind: AuthorizationPolicy,
         metadata: {name: %s, namespace: istio-system, annotations: %s}, spec: %s}
        """
                .formatted(name, annotations, spec);
    }

    @Test
    void customPolicyWithoutKnownProviderDeniesConnectionsOneFilterAProvider() throws Exception {
        String custom = "{action: CUSTOM, provider: {name: %s}, rules: [{}]}";
        FilterChain chain =
                Translated.of(
                                TCP,
                                policy("x", "{}", custom.formatted("second")),
                                policy("y", "{}", custom.formatted("first")))
                        .listener(31400)
                        .getFilterChains(0);

        assertThat(chain.getFiltersList())
                .extracting(Filter::getName)
                .containsExactly(
                        "envoy.filters.network.rbac",
                        "envoy.filters.network.rbac",
                        "envoy.filters.network.tcp_proxy");
        assertThat(rbac(chain).getRules().getPoliciesMap())
                .containsOnlyKeys(
                        "istio-ext-authz-first-ns[istio-system]-policy[y]-rule[0]"
                                + "-deny-due-to-bad-CUSTOM-action");
    }

    @ParameterizedTest
    @CsvSource({"true, true", "True, true", "1, true", "yes, false", "false, false"})
    void dryRunIsReadAsGoReadsTruth(String written, boolean shadow) throws Exception {
        FilterChain chain =
                Translated.of(
                                TCP,
                                policy(
                                        "x",
                                        "{istio.io/dry-run: '%s'}".formatted(written),
                                        "{action: DENY, rules: [{}]}"))
                        .listener(31400)
                        .getFilterChains(0);

        assertThat(rbac(chain).hasShadowRules()).isEqualTo(shadow);
        assertThat(rbac(chain).hasRules()).isNotEqualTo(shadow);
    }

    private static RBAC rbac(FilterChain chain) throws Exception {
        return chain.getFilters(0).getTypedConfig().unpack(RBAC.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | 1",
                "[{name: envoy.filters.network.tcp_proxy}] | 2",
            })
    void filterChainWithoutFiltersIsNotAdded(String filters, int chains) {
        Listener listener =
                Translated.of(
                                TCP,
                                """
                                apiVersion: networking.istio.io/v1alpha3
                                kind: EnvoyFilter
                                metadata: {name: ef, namespace: istio-system}
                                spec:
                                  configPatches:
                                    - applyTo: FILTER_CHAIN
                                      match: {context: GATEWAY}
                                      patch: {operation: ADD, value: {name: extra, filters: %s}}
                                """
                                        .formatted(filters))
                        .listener(31400);

        assertThat(listener.getFilterChainsCount()).isEqualTo(chains);
    }

    @Test
    void listenerWhoseCertificateIsMissingIsNotOpened() {
        String gateway =
                """
                {apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: istio},
                 spec: {controllerName: istio.io/gateway-controller}}
                ---
                {apiVersion: v1, kind: Service, metadata: {name: ingress, namespace: istio-system},
                 spec: {clusterIP: 10.0.0.1, selector: {istio: ingressgateway},
                        ports: [{name: http, port: 80, targetPort: 8080}, {name: https, port: 443, targetPort: 8443}]}}
                ---
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: kgw, namespace: istio-system}
                spec:
                  gatewayClassName: istio
                  addresses: [{type: Hostname, value: ingress.istio-system.svc.cluster.local}]
                  listeners:
                    - {name: http, port: 80, protocol: HTTP}
                    - {name: https, port: 443, protocol: HTTPS, tls: {mode: Terminate, certificateRefs: [{name: cert}]}}
                """;
        String secret =
                """
                {apiVersion: v1, kind: Secret, metadata: {name: cert, namespace: istio-system},
                 data: {tls.crt: %s, tls.key: %s}}
                """
                        .formatted(base64(CERTIFICATE), base64(KEY));

        assertThat(ports(Translated.of(gateway))).containsExactly(8080);
        assertThat(ports(Translated.of(gateway, secret))).containsExactly(8080, 8443);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Integer> ports(Translated translated) {
        return translated.xds().listeners().stream()
                .map(listener -> listener.getAddress().getSocketAddress().getPortValue())
                .toList();
    }
}
