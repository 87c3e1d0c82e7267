package dev.meshdojo.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.stream.FixedStreamInfo;
import dev.meshdojo.gateway.telemetry.StatName;
import dev.meshdojo.gateway.telemetry.Stats;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdminPagesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");

    private final List<String> done = new ArrayList<>();
    private final Stats stats = new Stats();
    private final AdminPages pages = new AdminPages(new RecordedControls());

    private final class RecordedControls implements AdminControls {
        @Override
        public void quit() {
            done.add("quit");
        }

        @Override
        public void drainListeners(boolean graceful) {
            done.add("drain " + graceful);
        }

        @Override
        public void resetCounters() {
            stats.resetCounters();
        }

        @Override
        public void failHealthChecks(boolean fail) {
            done.add("fail " + fail);
        }
    }

    private AdminView view() {
        Listener listener = Listener.newBuilder().setName("0.0.0.0_8080").build();
        Cluster cluster =
                Cluster.newBuilder().setName("outbound|80||a.b.svc.cluster.local").build();
        RouteConfiguration table = RouteConfiguration.newBuilder().setName("http.8080").build();
        Secret secret =
                Secret.newBuilder()
                        .setName("kubernetes://web")
                        .setTlsCertificate(
                                TlsCertificate.newBuilder()
                                        .setCertificateChain(bytes("CHAIN"))
                                        .setPrivateKey(bytes("KEY")))
                        .build();
        return new AdminView(
                ServerInfo.State.LIVE,
                "x/1.40.0/Clean/RELEASE/BoringSSL",
                Duration.ofSeconds(5),
                NOW,
                Bootstrap.getDefaultInstance(),
                "v2",
                "v2",
                List.of(),
                List.of(new Loaded<>(listener.getName(), "v2", listener, NOW, null)),
                List.of(),
                List.of(new Loaded<>(cluster.getName(), "v2", cluster, NOW, null)),
                List.of(),
                List.of(
                        new Loaded<>(
                                "http.8080",
                                "v1",
                                table,
                                NOW,
                                new Loaded.Failure("v2", table, NOW, "missing ): a("))),
                List.of(new Loaded<>(secret.getName(), "v2", secret, NOW, null)),
                List.of(new Loaded<>("kubernetes://gone", "", null, NOW, null)),
                List.of(
                        new ClusterView(
                                cluster,
                                true,
                                List.of(
                                        new ClusterView.Host(
                                                "10.1.0.9",
                                                8080,
                                                "",
                                                Locality.getDefaultInstance(),
                                                1,
                                                0,
                                                true,
                                                false,
                                                false,
                                                ClusterView.Counts.NONE)))),
                Map.of("0.0.0.0_8080", FixedStreamInfo.address("0.0.0.0", 8080)),
                List.of(),
                stats.snapshot());
    }

    private static DataSource bytes(String text) {
        return DataSource.newBuilder().setInlineBytes(ByteString.copyFromUtf8(text)).build();
    }

    private JsonNode json(String path) throws Exception {
        AdminResponse response = pages.handle("GET", path, view());
        assertThat(response.contentType()).isEqualTo("application/json");
        return new ObjectMapper().readTree(response.body());
    }

    @Test
    void dumpsConfigurationInTheOrderOfEnvoy() throws Exception {
        JsonNode configs = json("/config_dump?include_eds").get("configs");

        assertThat(configs)
                .extracting(config -> config.get("@type").asText().replaceAll(".*\\.", ""))
                .containsExactly(
                        "BootstrapConfigDump",
                        "ClustersConfigDump",
                        "EndpointsConfigDump",
                        "ListenersConfigDump",
                        "ScopedRoutesConfigDump",
                        "RoutesConfigDump",
                        "SecretsConfigDump");
        assertThat(configs.at("/3/dynamic_listeners/0/active_state/listener/name").asText())
                .isEqualTo("0.0.0.0_8080");
        assertThat(configs.at("/5/dynamic_route_configs/0/error_state/details").asText())
                .isEqualTo("missing ): a(");
        assertThat(configs.at("/1/dynamic_active_clusters/0/last_updated").asText())
                .isEqualTo("2026-03-01T12:00:00.123Z");
    }

    @Test
    void hidesPrivateKeysAndNothingElse() throws Exception {
        JsonNode secret =
                json("/config_dump?resource=dynamic_active_secrets")
                        .at("/configs/0/secret/tls_certificate");

        assertThat(secret.at("/private_key/inline_bytes").binaryValue())
                .isEqualTo("[redacted]".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertThat(secret.at("/certificate_chain/inline_bytes").binaryValue())
                .isEqualTo("CHAIN".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void saysThatAResourceIsNotInTheDump() {
        assertThat(pages.handle("GET", "/config_dump?resource=foo", view()))
                .isEqualTo(
                        new AdminResponse(404, AdminResponse.TEXT, "foo not found in config dump"));
    }

    @Test
    void printsUnknownTypesByNameAndTheRestInFull() {
        Listener odd =
                Listener.newBuilder()
                        .setName("odd")
                        .addFilterChains(
                                io.envoyproxy.envoy.config.listener.v3.FilterChain.newBuilder()
                                        .addFilters(
                                                io.envoyproxy.envoy.config.listener.v3.Filter
                                                        .newBuilder()
                                                        .setName("f")
                                                        .setTypedConfig(
                                                                Any.newBuilder()
                                                                        .setTypeUrl("t/no.Such"))))
                        .build();

        assertThat(AdminJson.print(odd)).contains("\"name\": \"odd\"").contains("t/no.Such");
    }

    @Test
    void listsClustersAsText() {
        assertThat(pages.handle("GET", "/clusters", view()).body())
                .contains(
                        "outbound|80||a.b.svc.cluster.local::added_via_api::true\n",
                        "outbound|80||a.b.svc.cluster.local::default_priority::max_retries::3\n",
                        "outbound|80||a.b.svc.cluster.local::10.1.0.9:8080::health_flags::"
                                + "/failed_outlier_check\n");
    }

    @Test
    void indentsByOneBlankALevel() {
        assertThat(pages.handle("GET", "/listeners?format=json", view()).body())
                .startsWith("{\n \"listener_statuses\": [");
    }

    @Test
    void filtersAndLabelsStatistics() {
        stats.counter(StatName.cluster("c|80", "upstream_rq_2xx")).add(3);
        stats.counter(StatName.http("outbound_0.0.0.0_8080", "downstream_rq_total")).increment();

        assertThat(pages.handle("GET", "/stats?filter=cluster", view()).body())
                .isEqualTo("cluster.c|80.upstream_rq_2xx: 3\n");
        assertThat(pages.handle("GET", "/stats/prometheus", view()).body())
                .contains(
                        "# TYPE envoy_cluster_upstream_rq_xx counter\n"
                                + "envoy_cluster_upstream_rq_xx{envoy_response_code_class=\"2\","
                                + "envoy_cluster_name=\"c|80\"} 3\n");
    }

    @Test
    void changesThingsByPostOnly() {
        AdminResponse get = pages.handle("GET", "/quitquitquit", view());
        assertThat(get.status()).isEqualTo(405);
        assertThat(get.body()).isEqualTo("Method GET not allowed, POST required.");
        assertThat(done).isEmpty();

        assertThat(pages.handle("POST", "/quitquitquit", view()).body()).isEqualTo("OK\n");
        assertThat(done).containsExactly("quit");
    }

    @Test
    void isReadyWhenLive() {
        assertThat(pages.handle("GET", "/ready", view()))
                .isEqualTo(new AdminResponse(200, AdminResponse.TEXT, "LIVE\n"));
    }
}
