package dev.meshdojo.simulator.controller;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static dev.meshdojo.simulator.controller.TestCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.service.AddressPool;
import org.junit.jupiter.api.Test;

class ServiceTest {

    private static String service(String name, String spec) {
        return """
               apiVersion: v1
               kind: Service
               metadata: {name: %s}
               spec: %s
               """
                .formatted(name, spec);
    }

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s, labels: {app: web}}
            spec:
              restartPolicy: Always
              containers:
              - name: web
                image: nginx:1.27
                ports: [{name: http, containerPort: 8080}]
            """;

    @Test
    void addressesAndNodePortsComeFromTheirRanges() {
        try (TestCluster cluster = TestCluster.start()) {
            ObjectNode lb =
                    cluster.create(
                            service(
                                    "edge",
                                    "{type: LoadBalancer, selector: {a: b}, ports: [{name: a, port: 80}, {name: b, port: 443}]}"));
            assertThat(text(lb, "spec", "clusterIP")).startsWith("10.96.");
            assertThat(lb.path("spec").path("clusterIPs").path(0).asText())
                    .isEqualTo(text(lb, "spec", "clusterIP"));
            for (JsonNode port : lb.path("spec").path("ports")) {
                assertThat(port.path("nodePort").asInt()).isBetween(30_086, 32_767);
                assertThat(port.path("targetPort").asInt()).isEqualTo(port.path("port").asInt());
            }
            ObjectNode headless =
                    cluster.create(service("none", "{clusterIP: None, ports: [{port: 80}]}"));
            assertThat(text(headless, "spec", "clusterIP")).isEqualTo("None");
        }
    }

    @Test
    void takenAndForeignValuesAreRefusedInKubernetesWords() {
        try (TestCluster cluster = TestCluster.start()) {
            cluster.create(
                    service(
                            "a",
                            "{type: NodePort, clusterIP: 10.96.0.50, ports: [{port: 80, nodePort: 30080}]}"));
            assertThatThrownBy(
                            () ->
                                    cluster.create(
                                            service(
                                                    "b",
                                                    "{type: NodePort, ports: [{port: 80, nodePort: 30080}]}")))
                    .isInstanceOf(ApiException.class)
                    .hasMessage(
                            "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080:"
                                    + " provided port is already allocated");
            assertThatThrownBy(
                            () ->
                                    cluster.create(
                                            service(
                                                    "c",
                                                    "{type: NodePort, ports: [{port: 80, nodePort: 80}]}")))
                    .hasMessageContaining(
                            "provided port is not in the valid range. The range of valid ports is"
                                    + " 30000-32767");
            assertThatThrownBy(
                            () ->
                                    cluster.create(
                                            service(
                                                    "d",
                                                    "{clusterIP: 10.96.0.50, ports: [{port: 80}]}")))
                    .hasMessageContaining(
                            "failed to allocate IP 10.96.0.50: provided IP is already allocated");
            cluster.api().delete(key("", "services", "a"));
            cluster.create(service("e", "{clusterIP: 10.96.0.50, ports: [{port: 80}]}"));
        }
    }

    @Test
    void updatesKeepWhatWasAllocated() {
        try (TestCluster cluster = TestCluster.start()) {
            ObjectNode before =
                    cluster.create(service("web", "{type: NodePort, ports: [{port: 80}]}"));
            ObjectNode replacement =
                    TestCluster.parse(
                            service(
                                    "web",
                                    "{type: NodePort, ports: [{port: 80, targetPort: 8080}]}"));
            ObjectNode after = cluster.api().update(replacement);
            assertThat(text(after, "spec", "clusterIP"))
                    .isEqualTo(text(before, "spec", "clusterIP"));
            assertThat(after.path("spec").path("ports").path(0).path("nodePort"))
                    .isEqualTo(before.path("spec").path("ports").path(0).path("nodePort"));
            ObjectNode plain =
                    cluster.edit(
                            key("", "services", "web"),
                            copy -> Fields.child(copy, "spec").put("type", "ClusterIP"));
            assertThat(plain.path("spec").path("ports").path(0).has("nodePort")).isFalse();
        }
    }

    @Test
    void endpointsFollowReadyPods() {
        try (TestCluster cluster = TestCluster.start()) {
            cluster.create(
                    service(
                            "web",
                            "{selector: {app: web}, ports: [{name: http, port: 80, targetPort: http}]}"));
            cluster.create(POD.formatted("web-1"));
            ObjectNode endpoints =
                    cluster.await(
                            key("", "endpoints", "web"),
                            e -> !e.path("subsets").path(0).path("addresses").isEmpty());
            JsonNode subset = endpoints.path("subsets").path(0);
            assertThat(subset.path("addresses").path(0).path("targetRef").path("name").asText())
                    .isEqualTo("web-1");
            assertThat(subset.path("ports").path(0).path("port").asInt()).isEqualTo(8080);
            assertThat(Meta.labels(endpoints))
                    .containsEntry("endpoints.kubernetes.io/managed-by", "endpoint-controller");
            ObjectNode slice =
                    cluster.list(
                                    "discovery.k8s.io",
                                    "endpointslices",
                                    "kubernetes.io/service-name=web")
                            .getFirst();
            cluster.await(
                    key("discovery.k8s.io", "endpointslices", Meta.name(slice)),
                    s -> s.path("endpoints").path(0).path("conditions").path("ready").asBoolean());
            cluster.api().delete(key("", "pods", "web-1"));
            cluster.await(
                    key("discovery.k8s.io", "endpointslices", Meta.name(slice)),
                    s -> s.path("endpoints").isEmpty());
            cluster.await(key("", "endpoints", "web"), e -> e.path("subsets").isEmpty());
        }
    }

    @Test
    void withoutAPoolALoadBalancerStaysPendingWithoutAWord() {
        try (TestCluster cluster = TestCluster.start()) {
            cluster.create(
                    service(
                            "edge",
                            "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}"));
            cluster.create(POD.formatted("web-1"));
            cluster.await(
                    key("", "endpoints", "edge"),
                    e -> !e.path("subsets").path(0).path("addresses").isEmpty());
            assertThat(
                            cluster.api()
                                    .get(key("", "services", "edge"))
                                    .at("/status/loadBalancer/ingress"))
                    .isEmpty();
            assertThat(cluster.events("Service", "edge")).isEmpty();
        }
    }

    @Test
    void aPoolGivesAddressesUntilItIsEmpty() {
        try (TestCluster cluster =
                TestCluster.withPool(AddressPool.of("lab", "127.40.0.1", "127.40.0.1"))) {
            String spec = "{type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}";
            cluster.create(service("one", spec));
            ObjectNode one =
                    cluster.await(
                            key("", "services", "one"),
                            s -> !s.at("/status/loadBalancer/ingress").isEmpty());
            assertThat(one.at("/status/loadBalancer/ingress/0/ip").asText())
                    .isEqualTo("127.40.0.1");
            cluster.create(service("two", spec));
            org.awaitility.Awaitility.await()
                    .until(() -> !cluster.events("Service", "two").isEmpty());
            assertThat(cluster.events("Service", "two"))
                    .contains(
                            "Warning AllocationFailed metallb-controller Failed to allocate IP for"
                                    + " \"default/two\": no available IPs");
            assertThat(cluster.events("Service", "one"))
                    .containsExactly(
                            "Normal IPAllocated metallb-controller Assigned IP [\"127.40.0.1\"]",
                            "Normal nodeAssigned metallb-speaker announcing from node \"lab-node\""
                                    + " with protocol \"layer2\"");
            cluster.api().delete(key("", "services", "one"));
            cluster.await(
                    key("", "services", "two"),
                    s -> s.at("/status/loadBalancer/ingress/0/ip").asText().equals("127.40.0.1"));
        }
    }
}
