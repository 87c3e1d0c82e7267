package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class EnvoyImageTest {

    private static final String MANIFEST =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: envoy, namespace: default}
            data:
              envoy.yaml: |
                admin: {address: {socket_address: {address: 0.0.0.0, port_value: 9901}}}
                static_resources:
                  listeners:
                  - name: web
                    address: {socket_address: {address: 0.0.0.0, port_value: 10000}}
                    filter_chains:
                    - filters:
                      - name: envoy.filters.network.http_connection_manager
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                          stat_prefix: web
                          route_config:
                            virtual_hosts:
                            - name: all
                              domains: ["*"]
                              routes:
                              - {match: {prefix: /}, route: {cluster: echo}}
                          http_filters:
                          - name: envoy.filters.http.router
                            typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  clusters:
                  - name: echo
                    type: STRICT_DNS
                    load_assignment:
                      cluster_name: echo
                      endpoints:
                      - lb_endpoints:
                        - endpoint: {address: {socket_address: {address: echo, port_value: 80}}}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: echo, namespace: default, labels: {app: echo}}
            spec:
              containers: [{name: c, image: "hashicorp/http-echo", args: [-text=through]}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: echo, namespace: default}
            spec: {selector: {app: echo}, ports: [{port: 80, targetPort: 5678}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: envoy, namespace: default, labels: {app: envoy}}
            spec:
              volumes: [{name: config, configMap: {name: envoy}}]
              containers:
              - name: envoy
                image: envoyproxy/envoy:v1.34-latest
                args: [-c, /etc/envoy/envoy.yaml]
                volumeMounts: [{name: config, mountPath: /etc/envoy}]
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: envoy, namespace: default}
            spec: {selector: {app: envoy}, ports: [{name: web, port: 10000}, {name: admin, port: 9901}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: broken, namespace: default}
            spec:
              containers: [{name: envoy, image: "envoyproxy/envoy:v1.34-latest", args: [-c, /nowhere.yaml]}]
            """;

    @Test
    void runs_the_bootstrap_of_a_config_map() throws Exception {
        try (FakeCluster cluster =
                FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE))) {
            ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
            try (var objects = yaml.readerFor(ObjectNode.class).<ObjectNode>readValues(MANIFEST)) {
                while (objects.hasNext()) {
                    cluster.api().create(objects.next());
                }
            }
            await().atMost(Duration.ofMinutes(2))
                    .ignoreExceptions()
                    .untilAsserted(
                            () ->
                                    assertThat(get(cluster, 10000, "/"))
                                            .startsWith("HTTP/1.1 200 OK")
                                            .contains("server: envoy")
                                            .contains("through"));
            assertThat(get(cluster, 9901, "/clusters")).contains("echo::");
            await().atMost(Duration.ofMinutes(2))
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    cluster.client()
                                                            .pods()
                                                            .inNamespace("default")
                                                            .withName("broken")
                                                            .getLog())
                                            .contains("unable to read file: /nowhere.yaml"));
        }
    }

    private static String get(FakeCluster cluster, int port, String path) throws IOException {
        try (Socket socket = cluster.connector().connect("envoy.default", port)) {
            socket.setSoTimeout(5000);
            socket.getOutputStream()
                    .write(
                            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
