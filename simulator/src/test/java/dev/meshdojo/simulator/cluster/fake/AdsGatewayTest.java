package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.BootstrapFile;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.pilot.server.ads.AdsServer;
import dev.meshdojo.simulator.pilot.server.ads.SyncStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies that connect over ADS as gateways of the in-process cluster, beside its own. */
@Timeout(300)
class AdsGatewayTest {

    /** A proxy that runs a bootstrap. */
    private interface Proxy extends AutoCloseable {
        String output();

        @Override
        void close() throws IOException;
    }

    private static final String MANIFEST =
            """
            {apiVersion: v1, kind: Namespace, metadata: {name: apps}}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: alpha, namespace: apps}
            spec:
              replicas: 2
              selector: {matchLabels: {app: alpha}}
              template:
                metadata: {labels: {app: alpha, version: v1}}
                spec: {containers: [{name: app, image: hashicorp/http-echo, args: [-text=alpha]}]}
            ---
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: beta, namespace: apps}
            spec:
              selector: {matchLabels: {app: beta}}
              template:
                metadata: {labels: {app: beta, version: v2}}
                spec: {containers: [{name: app, image: hashicorp/http-echo, args: [-text=beta]}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: alpha, namespace: apps}
            spec: {selector: {app: alpha}, ports: [{name: http, port: 80, targetPort: 5678}]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: beta, namespace: apps}
            spec: {selector: {app: beta}, ports: [{name: http, port: 80, targetPort: 5678}]}
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: inside, namespace: apps}
            spec:
              selector: {istio: ingressgateway}
              servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: outside, namespace: apps}
            spec:
              selector: {gateway: on-the-host}
              servers: [{port: {number: PORT, name: http, protocol: HTTP}, hosts: ["*"]}]
            ---
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: shop, namespace: apps}
            spec:
              hosts: [shop.example.com]
              gateways: [inside, outside]
              http:
              - match: [{uri: {prefix: /beta}}]
                rewrite: {uri: /}
                route: [{destination: {host: beta}}]
              - match: [{uri: {exact: /old}}]
                redirect: {uri: /new, redirectCode: 308}
              - match: [{uri: {exact: /teapot}}]
                directResponse: {status: 418, body: {string: short and stout}}
              - match: [{uri: {exact: /nobody}}]
                route: [{destination: {host: nobody}}]
              - match: [{uri: {prefix: /alpha}}]
                headers: {response: {set: {x-shop: open}}}
                route: [{destination: {host: alpha}}]
            """;

    private static final String REFUSED =
            """
            apiVersion: networking.istio.io/v1alpha3
            kind: EnvoyFilter
            metadata: {name: bad, namespace: istio-system}
            spec:
              configPatches:
              - applyTo: CLUSTER
                match: {context: GATEWAY}
                patch:
                  operation: ADD
                  value: {name: broken, type: STATIC, connect_timeout: 1s, transport_socket: {name: nonsense}}
            """;

    private static final String CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

    private static final List<String> REQUESTS =
            List.of("/alpha", "/beta/x", "/old", "/teapot", "/nobody", "/elsewhere");

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"GRPC", "DELTA_GRPC"})
    void envoy_answers_as_the_clusters_own_gateway(String api) throws Exception {
        Path binary = EnvoyProcess.binary().orElse(null);
        Assumptions.assumeTrue(
                binary != null, "no Envoy: set MESHDOJO_ENVOY or put envoy on PATH to run this");
        answersAsTheClustersOwn(
                api,
                bootstrap -> {
                    EnvoyProcess envoy =
                            EnvoyProcess.start(Objects.requireNonNull(binary), bootstrap);
                    return new Proxy() {
                        @Override
                        public String output() {
                            return envoy.output();
                        }

                        @Override
                        public void close() throws IOException {
                            envoy.close();
                        }
                    };
                });
    }

    @Test
    void the_gateway_runtime_answers_as_the_clusters_own_gateway() throws Exception {
        answersAsTheClustersOwn(
                "GRPC",
                bootstrap -> {
                    GatewayRuntime runtime = GatewayRuntime.start(GatewayOptions.defaults());
                    runtime.run(BootstrapFile.of(Path.of("bootstrap.yaml"), bootstrap));
                    return new Proxy() {
                        @Override
                        public String output() {
                            return "listening: " + runtime.listening();
                        }

                        @Override
                        public void close() {
                            runtime.close();
                        }
                    };
                });
    }

    private interface Start {
        Proxy with(String bootstrap) throws IOException;
    }

    private static void answersAsTheClustersOwn(String api, Start start) throws Exception {
        int port = freePort();
        try (FakeCluster cluster =
                        FakeCluster.start(
                                new ClusterSpec(IstioProfile.DEFAULT, LoadBalancer.NONE));
                AdsServer ads = cluster.serveXds(0);
                Proxy proxy = start.with(bootstrap(api, ads.address().getPort()))) {
            apply(cluster, MANIFEST.replace("PORT", String.valueOf(port)));
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> {
                                assertThat(inside(cluster, "/alpha")).contains("alpha\n");
                                assertThat(inside(cluster, "/beta")).contains("beta\n");
                            });
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(outside(port, "/alpha"))
                                            .as(proxy.output())
                                            .contains("alpha\n"));
            for (String path : REQUESTS) {
                assertThat(outside(port, path)).as(path).isEqualTo(inside(cluster, path));
            }

            cluster.api()
                    .edit(
                            new ResourceKey(
                                    "networking.istio.io", "virtualservices", "apps", "shop"),
                            object -> {
                                ((ObjectNode) object.at("/spec/http/0/route/0/destination"))
                                        .put("host", "alpha");
                                return object;
                            });
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(() -> assertThat(outside(port, "/beta")).contains("alpha\n"));
            assertThat(cluster.connectedProxies())
                    .singleElement()
                    .satisfies(
                            seen -> {
                                assertThat(seen.proxy()).isEqualTo("edge.istio-system");
                                assertThat(seen.types())
                                        .allSatisfy(
                                                (type, status) -> {
                                                    assertThat(status.lastError()).isEmpty();
                                                });
                            });

            apply(cluster, REFUSED);
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThat(cluster.connectedProxies().getFirst().types())
                                            .extractingByKey(CLUSTERS)
                                            .extracting(SyncStatus.TypeStatus::lastError)
                                            .isEqualTo(
                                                    "Error adding/updating cluster(s) broken:"
                                                            + " Didn't find a registered"
                                                            + " implementation for 'nonsense' with"
                                                            + " type URL: ''"));
            assertThat(outside(port, "/alpha")).as("the last good one").contains("alpha\n");
        }
    }

    private static String bootstrap(String api, int xds) {
        return """
        node:
          id: router~127.0.0.1~edge.istio-system~istio-system.svc.cluster.local
          cluster: edge.istio-system
          metadata: {NAMESPACE: istio-system, CLUSTER_ID: Kubernetes, LABELS: {gateway: on-the-host}}
        dynamic_resources:
          ads_config:
            api_type: API_TYPE
            transport_api_version: V3
            set_node_on_first_message_only: true
            grpc_services: [{envoy_grpc: {cluster_name: xds}}]
          cds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
          lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
        static_resources:
          clusters:
          - name: xds
            type: STATIC
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
            load_assignment:
              cluster_name: xds
              endpoints:
              - lb_endpoints:
                - endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: XDS}}}
        """
                .replace("API_TYPE", api)
                .replace("XDS", String.valueOf(xds));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void apply(FakeCluster cluster, String manifest) throws IOException {
        ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
        try (var documents = yaml.readerFor(ObjectNode.class).<ObjectNode>readValues(manifest)) {
            while (documents.hasNext()) {
                cluster.api().create(documents.next());
            }
        }
    }

    private static String inside(FakeCluster cluster, String path) throws IOException {
        try (Socket socket = cluster.connector().connect("istio-ingressgateway.istio-system", 80)) {
            return get(socket, path);
        }
    }

    private static String outside(int port, String path) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return get(socket, path);
        }
    }

    /**
     * The answer without what differs from one to the next; the order of headers is nobody's
     * promise.
     */
    private static String get(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(
                        ("GET "
                                        + path
                                        + " HTTP/1.1\r\nHost: shop.example.com\r\nConnection:"
                                        + " close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        String answer =
                new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                        .replaceAll("(?m)^(date|x-envoy-upstream-service-time): .*\r\n", "$1\r\n");
        int body = answer.indexOf("\r\n\r\n");
        return answer.substring(0, body).lines().sorted().collect(Collectors.joining("\n"))
                + answer.substring(body);
    }
}
