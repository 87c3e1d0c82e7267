package dev.meshdojo.gateway.config.ads;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.Acknowledgement.Rejection;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client with a management server and a proxy that the test plays. */
@Timeout(60)
class AdsClientTest {

    private static final String CDS = ResourceType.CLUSTER.url();
    private static final String EDS = ResourceType.ENDPOINT.url();
    private static final String LDS = ResourceType.LISTENER.url();
    private static final String RDS = ResourceType.ROUTE.url();

    private final BlockingQueue<DiscoveryRequest> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<AdsConnector.Listener> streams = new LinkedBlockingQueue<>();
    private final BlockingQueue<XdsSnapshot> applied = new LinkedBlockingQueue<>();
    private final Set<String> bad = ConcurrentHashMap.newKeySet();
    private final AdsClient client =
            AdsClient.start(
                    new AdsOptions(
                            "xds",
                            Node.newBuilder().setId("me").build(),
                            true,
                            Optional.of(Duration.ZERO),
                            Optional.of(Duration.ZERO),
                            XdsSnapshot.empty()),
                    this::open,
                    new PickyProxy());

    private AdsConnector.AdsStream open(AdsConnector.Listener listener) {
        streams.add(listener);
        return new AdsConnector.AdsStream() {
            @Override
            public void send(ByteString request) {
                try {
                    requests.add(DiscoveryRequest.parseFrom(request));
                } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                    throw new IllegalArgumentException(e);
                }
            }

            @Override
            public void cancel() {}
        };
    }

    /** Refuses what {@link #bad} names. */
    private final class PickyProxy implements AdsTarget {
        @Override
        public Acknowledgement apply(XdsSnapshot snapshot, boolean complete) {
            applied.add(snapshot);
            return check(snapshot);
        }

        @Override
        public Acknowledgement check(XdsSnapshot snapshot) {
            return new Acknowledgement(
                    snapshot.version(),
                    java.util.stream.Stream.of(
                                    rejections(CDS, snapshot.clusters(), Cluster::getName),
                                    rejections(LDS, snapshot.listeners(), Listener::getName),
                                    rejections(RDS, snapshot.routes(), RouteConfiguration::getName))
                            .flatMap(List::stream)
                            .toList());
        }

        private <T> List<Rejection> rejections(
                String type, List<T> resources, java.util.function.Function<T, String> name) {
            return resources.stream()
                    .map(name)
                    .filter(bad::contains)
                    .map(each -> new Rejection(type, each, "no good"))
                    .toList();
        }
    }

    @AfterEach
    void end() {
        client.close();
    }

    private DiscoveryRequest asked() throws InterruptedException {
        DiscoveryRequest request = requests.poll(30, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return request;
    }

    private AdsConnector.Listener stream() throws InterruptedException {
        AdsConnector.Listener stream = streams.poll(30, TimeUnit.SECONDS);
        assertThat(stream).as("a stream").isNotNull();
        return stream;
    }

    private static void answer(
            AdsConnector.Listener stream, String type, String version, Message... resources) {
        DiscoveryResponse.Builder response =
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(type)
                        .setVersionInfo(version)
                        .setNonce("nonce-" + version);
        for (Message resource : resources) {
            response.addResources(Any.pack(resource));
        }
        stream.onResponse(response.build().toByteString());
    }

    private static Cluster cluster(String name) {
        Cluster.Builder cluster =
                Cluster.newBuilder().setName(name).setType(Cluster.DiscoveryType.EDS);
        cluster.getEdsClusterConfigBuilder()
                .getEdsConfigBuilder()
                .setInitialFetchTimeout(com.google.protobuf.util.Durations.ZERO)
                .getAdsBuilder();
        return cluster.build();
    }

    private static ClusterLoadAssignment endpoints(String name) {
        return ClusterLoadAssignment.newBuilder().setClusterName(name).build();
    }

    private static Listener listener(String name, String route) {
        HttpConnectionManager.Builder manager = HttpConnectionManager.newBuilder();
        manager.getRdsBuilder()
                .setRouteConfigName(route)
                .getConfigSourceBuilder()
                .setInitialFetchTimeout(com.google.protobuf.util.Durations.ZERO)
                .getAdsBuilder();
        Listener.Builder listener = Listener.newBuilder().setName(name);
        listener.addFilterChainsBuilder()
                .addFiltersBuilder()
                .setTypedConfig(Any.pack(manager.build()));
        return listener.build();
    }

    private static RouteConfiguration routes(String name) {
        return RouteConfiguration.newBuilder().setName(name).build();
    }

    /** Takes the stream through a first configuration: cluster a, listener l with routes r. */
    private AdsConnector.Listener configured() throws InterruptedException {
        AdsConnector.Listener stream = stream();
        asked();
        answer(stream, CDS, "1", cluster("a"));
        asked();
        asked();
        answer(stream, EDS, "1", endpoints("a"));
        asked();
        asked();
        answer(stream, LDS, "1", listener("l", "r"));
        asked();
        asked();
        answer(stream, RDS, "1", routes("r"));
        asked();
        return stream;
    }

    private XdsSnapshot last() {
        XdsSnapshot last = null;
        for (XdsSnapshot each = applied.poll(); each != null; each = applied.poll()) {
            last = each;
        }
        return Objects.requireNonNull(last, "no configuration is in force");
    }

    @Test
    void asks_for_clusters_then_endpoints_then_listeners_then_routes() throws Exception {
        AdsConnector.Listener stream = stream();
        DiscoveryRequest first = asked();
        assertThat(first.getTypeUrl()).isEqualTo(CDS);
        assertThat(first.getNode().getId()).isEqualTo("me");

        answer(stream, CDS, "1", cluster("a"));
        DiscoveryRequest acknowledged = asked();
        assertThat(acknowledged.getTypeUrl()).isEqualTo(CDS);
        assertThat(acknowledged.getVersionInfo()).isEqualTo("1");
        assertThat(acknowledged.getResponseNonce()).isEqualTo("nonce-1");
        assertThat(acknowledged.hasNode()).as("the node comes once").isFalse();
        DiscoveryRequest endpoints = asked();
        assertThat(endpoints.getTypeUrl()).isEqualTo(EDS);
        assertThat(endpoints.getResourceNamesList()).containsExactly("a");

        answer(stream, EDS, "1", endpoints("a"));
        assertThat(asked().getTypeUrl()).isEqualTo(EDS);
        assertThat(asked().getTypeUrl()).isEqualTo(LDS);

        answer(stream, LDS, "1", listener("l", "r"));
        assertThat(asked().getTypeUrl()).isEqualTo(LDS);
        DiscoveryRequest routes = asked();
        assertThat(routes.getTypeUrl()).isEqualTo(RDS);
        assertThat(routes.getResourceNamesList()).containsExactly("r");
        assertThat(last().listeners()).as("the listener waits for its routes").isEmpty();

        answer(stream, RDS, "1", routes("r"));
        asked();
        assertThat(last().listeners()).extracting(Listener::getName).containsExactly("l");
    }

    @Test
    void a_changed_listener_keeps_serving_as_it_was_until_its_routes_come() throws Exception {
        AdsConnector.Listener stream = configured();
        answer(stream, LDS, "2", listener("l", "other"));
        asked();
        assertThat(asked().getResourceNamesList()).containsExactly("other", "r");
        assertThat(last().listeners()).containsExactly(listener("l", "r"));

        answer(stream, RDS, "2", routes("other"));
        assertThat(asked().getResourceNamesList())
                .as("nobody needs r now")
                .containsExactly("other");
        assertThat(last().listeners()).containsExactly(listener("l", "other"));
    }

    @Test
    void what_is_refused_is_named_with_the_version_that_stays_in_force() throws Exception {
        AdsConnector.Listener stream = configured();
        bad.add("b");
        answer(stream, CDS, "2", cluster("a"), cluster("b"));

        DiscoveryRequest refused = asked();
        assertThat(refused.getVersionInfo()).isEqualTo("1");
        assertThat(refused.getResponseNonce()).isEqualTo("nonce-2");
        assertThat(refused.getErrorDetail().getCode()).isEqualTo(13);
        assertThat(refused.getErrorDetail().getMessage())
                .isEqualTo("Error adding/updating cluster(s) b: no good");

        answer(stream, CDS, "3", cluster("a"));
        DiscoveryRequest taken = taken(CDS);
        assertThat(taken.getVersionInfo()).isEqualTo("3");
        assertThat(taken.hasErrorDetail()).isFalse();
    }

    private DiscoveryRequest taken(String type) throws InterruptedException {
        DiscoveryRequest request = asked();
        while (!request.getTypeUrl().equals(type)) {
            request = asked();
        }
        return request;
    }

    @Test
    void a_resource_of_another_type_refuses_the_response() throws Exception {
        AdsConnector.Listener stream = stream();
        asked();
        answer(stream, CDS, "1", routes("r"));

        assertThat(asked().getErrorDetail().getMessage())
                .contains("does not match the message-wide type URL");
    }

    @Test
    void a_new_stream_begins_with_the_versions_in_force() throws Exception {
        AdsConnector.Listener stream = configured();
        stream.onClosed(14, "gone");

        AdsConnector.Listener second = stream();
        DiscoveryRequest clusters = asked();
        assertThat(clusters.getTypeUrl()).isEqualTo(CDS);
        assertThat(clusters.getVersionInfo()).isEqualTo("1");
        assertThat(clusters.getResponseNonce()).isEmpty();
        assertThat(clusters.getNode().getId()).isEqualTo("me");
        assertThat(List.of(asked().getTypeUrl(), asked().getTypeUrl(), asked().getTypeUrl()))
                .containsExactly(EDS, LDS, RDS);

        answer(second, CDS, "2", cluster("a"));
        assertThat(asked().getVersionInfo()).isEqualTo("2");
    }

    @Test
    void late_words_of_a_lost_stream_count_no_more() throws Exception {
        AdsConnector.Listener stream = configured();
        stream.onClosed(14, "gone");
        AdsConnector.Listener second = stream();
        for (int i = 0; i < 4; i++) {
            asked();
        }
        answer(stream, CDS, "9", cluster("old"));
        answer(second, CDS, "2", cluster("a"));
        assertThat(asked().getVersionInfo()).isEqualTo("2");
    }
}
