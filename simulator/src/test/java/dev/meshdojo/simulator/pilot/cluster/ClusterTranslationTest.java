package dev.meshdojo.simulator.pilot.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.simulator.pilot.Translated;
import io.envoyproxy.envoy.config.core.v3.ProxyProtocolConfig;
import io.envoyproxy.envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterTranslationTest {

    private static final String SERVICE =
            """
            {apiVersion: v1, kind: Service, metadata: {name: shop, namespace: apps},
             spec: {clusterIP: 10.0.0.1, selector: {app: shop}, ports: [{name: http, port: 80, targetPort: 8080}]}}
            """;
    private static final String CLUSTER = "outbound|80||shop.apps.svc.cluster.local";

    private static String rule(String trafficPolicy) {
        return """
        {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: shop, namespace: apps},
         spec: {host: shop, trafficPolicy: %s}}
        """
                .formatted(trafficPolicy);
    }

    private static String entry(String name, String spec) {
        return """
        {apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: %s, namespace: apps}, spec: %s}
        """
                .formatted(name, spec);
    }

    private static String workload(String name, String labels, String spec) {
        return """
        {apiVersion: networking.istio.io/v1, kind: WorkloadEntry,
         metadata: {name: %s, namespace: apps, labels: %s}, spec: %s}
        """
                .formatted(name, labels, spec);
    }

    @Test
    void retryBudgetIsReadAsWritten() {
        var budget =
                Translated.of(SERVICE, rule("{retryBudget: {percent: 30, minRetryConcurrency: 5}}"))
                        .cluster(CLUSTER)
                        .getCircuitBreakers()
                        .getThresholds(0)
                        .getRetryBudget();

        assertThat(budget.getBudgetPercent().getValue()).isEqualTo(30);
        assertThat(budget.getMinRetryConcurrency().getValue()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"V1, V1", "V2, V2", "'', V1"})
    void proxyProtocolGoesBeforeWhateverTheClusterSpeaks(
            String written, ProxyProtocolConfig.Version version)
            throws InvalidProtocolBufferException {
        var cluster =
                Translated.of(
                                SERVICE,
                                rule(
                                        "{tls: {mode: SIMPLE}, proxyProtocol: {version: '%s'}}"
                                                .formatted(written)))
                        .cluster(CLUSTER);

        var outer =
                cluster.getTransportSocket()
                        .getTypedConfig()
                        .unpack(ProxyProtocolUpstreamTransport.class);
        assertThat(outer.getConfig().getVersion()).isEqualTo(version);
        assertThat(outer.getTransportSocket().getName()).isEqualTo("envoy.transport_sockets.tls");
    }

    @Test
    void serviceTakesInWorkloadEntriesThatItsSelectorMatches() {
        Translated xds =
                Translated.of(
                        SERVICE,
                        workload("vm", "{app: shop}", "{address: 1.1.1.1}"),
                        workload(
                                "mapped",
                                "{}",
                                "{address: 1.1.1.2, labels: {app: shop}, ports: {http: 81}}"),
                        workload(
                                "renamed",
                                "{app: other}",
                                "{address: 1.1.1.3, labels: {app: shop}}"));

        assertThat(xds.endpoints(CLUSTER)).containsExactlyInAnyOrder("1.1.1.1:8080", "1.1.1.2:81");
    }

    @Test
    void workloadEntryWithFailingHealthChecksIsLeftOut() {
        String unhealthy =
                """
                {apiVersion: networking.istio.io/v1, kind: WorkloadEntry,
                 metadata: {name: vm, namespace: apps, labels: {app: shop},
                  annotations: {proxy.istio.io/health-checks-enabled: "true"}},
                 spec: {address: 1.1.1.1}, status: {conditions: [{type: Healthy, status: "%s"}]}}
                """;

        assertThat(Translated.of(SERVICE, unhealthy.formatted("False")).endpoints(CLUSTER))
                .isEmpty();
        assertThat(Translated.of(SERVICE, unhealthy.formatted("True")).endpoints(CLUSTER))
                .containsExactly("1.1.1.1:8080");
    }

    @Test
    void serviceEntryAddsEndpointsToTheServiceOfItsNameInItsNamespace() {
        Translated xds =
                Translated.of(
                        SERVICE,
                        workload("vm", "{app: shop}", "{address: 1.1.1.1}"),
                        entry(
                                "more",
                                "{hosts: [shop.apps.svc.cluster.local], resolution: STATIC,"
                                        + " ports: [{number: 8080, name: http, protocol: HTTP}],"
                                        + " endpoints: [{address: 1.1.1.9}]}"));

        assertThat(xds.endpoints(CLUSTER))
                .containsExactlyInAnyOrder("1.1.1.1:8080", "1.1.1.9:8080");
        assertThat(xds.xds().clusters())
                .extracting(c -> c.getName())
                .doesNotContain("outbound|8080||shop.apps.svc.cluster.local");
    }

    @Test
    void serviceEntriesForOneHostShareTheirPorts() {
        String spec =
                "{hosts: [x.test], resolution: STATIC, ports: [{number: %d, name: %s, protocol:"
                        + " HTTP}], endpoints: [{address: %s}]}";
        Translated xds =
                Translated.of(
                        entry("a", spec.formatted(80, "http", "1.1.1.1")),
                        entry("b", spec.formatted(81, "other", "1.1.1.2")));

        assertThat(xds.endpoints("outbound|80||x.test")).containsExactly("1.1.1.1:80");
        assertThat(xds.endpoints("outbound|81||x.test")).containsExactly("1.1.1.2:81");
    }

    @Test
    void certificateOfAServiceEntryMayBearItsSubjectAltNames()
            throws InvalidProtocolBufferException {
        var cluster =
                Translated.of(
                                entry(
                                        "x",
                                        "{hosts: [x.test], resolution: DNS, subjectAltNames:"
                                                + " [x.san], ports: [{number: 443, name: https,"
                                                + " protocol: HTTPS}]}"),
                                """
                                {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: x, namespace: apps},
                                 spec: {host: x.test, trafficPolicy: {tls: {mode: SIMPLE}}}}
                                """)
                        .cluster("outbound|443||x.test");

        assertThat(names(cluster)).containsExactly("x.san");
    }

    @SuppressWarnings("deprecation") // what Istio writes
    private static List<String> names(io.envoyproxy.envoy.config.cluster.v3.Cluster cluster)
            throws InvalidProtocolBufferException {
        return cluster
                .getTransportSocket()
                .getTypedConfig()
                .unpack(UpstreamTlsContext.class)
                .getCommonTlsContext()
                .getCombinedValidationContext()
                .getDefaultValidationContext()
                .getMatchSubjectAltNamesList()
                .stream()
                .map(StringMatcher::getExact)
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{mtls: {mode: DISABLE}} | false",
                "{selector: {matchLabels: {app: shop}}, mtls: {mode: DISABLE}} | false",
                "{selector: {matchLabels: {app: other}}, mtls: {mode: DISABLE}} | true",
                "{selector: {matchLabels: {app: shop}}, portLevelMtls: {8080: {mode: DISABLE}}} |"
                        + " false",
                "{selector: {matchLabels: {app: shop}}, portLevelMtls: {81: {mode: DISABLE}}} | true"
            })
    void peerAuthenticationDecidesWhetherAnEndpointTakesMeshTls(String policy, boolean mesh) {
        Translated xds =
                Translated.of(
                        SERVICE,
                        workload(
                                "vm",
                                "{app: shop, security.istio.io/tlsMode: istio}",
                                "{address: 1.1.1.1}"),
                        """
                        {apiVersion: security.istio.io/v1, kind: PeerAuthentication,
                         metadata: {name: p, namespace: apps}, spec: %s}
                        """
                                .formatted(policy));

        var endpoint =
                xds.xds().endpoints().stream()
                        .filter(assignment -> assignment.getClusterName().equals(CLUSTER))
                        .findFirst()
                        .orElseThrow()
                        .getEndpoints(0)
                        .getLbEndpoints(0);
        assertThat(endpoint.getMetadata().containsFilterMetadata("envoy.transport_socket_match"))
                .isEqualTo(mesh);
    }

    @Test
    void trafficDistributionWeighsLocalitiesEvenWithoutOutlierDetection() {
        String preferring =
                SERVICE.replace("{clusterIP:", "{trafficDistribution: PreferClose, clusterIP:");

        assertThat(
                        Translated.of(preferring)
                                .cluster(CLUSTER)
                                .getCommonLbConfig()
                                .hasLocalityWeightedLbConfig())
                .isTrue();
    }
}
