package dev.meshdojo.simulator.apiserver.surface;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.table.KubernetesTables;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KubernetesSurfaceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-01T00:01:00Z"), ZoneOffset.UTC);

    private ApiServer server;
    private KubernetesClient client;

    @BeforeAll
    void start() {
        server =
                ApiServer.start(
                        ApiServerOptions.defaults()
                                .with(new KubernetesSurface(CLOCK, "192.0.2.1:6443")));
        client =
                new KubernetesClientBuilder()
                        .withConfig(Config.fromKubeconfig(server.kubeconfig()))
                        .build();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    private JsonNode get(String path) throws JsonProcessingException {
        return JSON.readTree(client.raw(path));
    }

    record Row(String name, String plural, String group, String object, String cells) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Row> rows() {
        return List.of(
                new Row(
                        "a pod whose init container waits",
                        "pods",
                        "",
                        """
                        metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
                        spec:
                          initContainers: [{name: i}, {name: j}]
                          containers: [{name: c}]
                        status:
                          phase: Pending
                          initContainerStatuses:
                          - {name: i, state: {terminated: {exitCode: 0}}}
                          - {name: j, state: {waiting: {reason: PodInitializing}}}
                        """,
                        "[\"p\",\"0/1\",\"Init:1/2\",\"0\",\"60s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]"),
                new Row(
                        "a pod that restarts over and over",
                        "pods",
                        "",
                        """
                        metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z"}
                        spec: {nodeName: n, containers: [{name: c}], readinessGates: [{conditionType: a/b}]}
                        status:
                          phase: Running
                          podIPs: [{ip: 10.0.0.1}]
                          conditions: [{type: a/b, status: "True"}]
                          containerStatuses:
                          - name: c
                            restartCount: 3
                            state: {waiting: {reason: CrashLoopBackOff}}
                            lastState: {terminated: {finishedAt: "2026-01-01T00:00:55Z"}}
                        """,
                        "[\"p\",\"0/1\",\"CrashLoopBackOff\",\"3 (5s ago)\",\"60s\",\"10.0.0.1\",\"n\",\"<none>\",\"1/1\"]"),
                new Row(
                        "a pod with a sidecar that is being deleted",
                        "pods",
                        "",
                        """
                        metadata: {name: p, creationTimestamp: "2026-01-01T00:00:00Z", deletionTimestamp: "2026-01-01T00:00:30Z"}
                        spec: {initContainers: [{name: s, restartPolicy: Always}], containers: [{name: c}]}
                        status:
                          phase: Running
                          initContainerStatuses: [{name: s, started: true, ready: true, state: {running: {}}}]
                          containerStatuses: [{name: c, ready: true, state: {running: {}}}]
                        """,
                        "[\"p\",\"2/2\",\"Terminating\",\"0\",\"60s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]"),
                new Row(
                        "a load balancer without an address",
                        "services",
                        "",
                        """
                        metadata: {name: s, creationTimestamp: "2026-01-01T00:00:00Z"}
                        spec:
                          type: LoadBalancer
                          clusterIPs: [10.96.0.9]
                          ports: [{port: 80, protocol: TCP, nodePort: 30080}, {port: 53, protocol: UDP}]
                          selector: {b: "2", a: "1"}
                        """,
                        "[\"s\",\"LoadBalancer\",\"10.96.0.9\",\"<pending>\",\"80:30080/TCP,53/UDP\",\"60s\",\"a=1,b=2\"]"),
                new Row(
                        "endpoints beyond three",
                        "endpoints",
                        "",
                        """
                        metadata: {name: e, creationTimestamp: "2026-01-01T00:00:00Z"}
                        subsets:
                        - addresses: [{ip: 10.0.0.1}, {ip: 10.0.0.2}, {ip: "fd00::1"}, {ip: 10.0.0.4}]
                          ports: [{port: 80}]
                        """,
                        "[\"e\",\"10.0.0.1:80,10.0.0.2:80,[fd00::1]:80 + 1 more...\",\"60s\"]"),
                new Row(
                        "a role has no printer",
                        "roles",
                        "rbac.authorization.k8s.io",
                        "metadata: {name: r, creationTimestamp: \"2026-01-01T00:00:00Z\"}",
                        "[\"r\",\"2026-01-01T00:00:00Z\"]"),
                new Row(
                        "an autoscaler that knows no metric yet",
                        "horizontalpodautoscalers",
                        "autoscaling",
                        """
                        metadata: {name: h, creationTimestamp: "2026-01-01T00:00:00Z"}
                        spec:
                          scaleTargetRef: {kind: Deployment, name: web}
                          minReplicas: 1
                          maxReplicas: 5
                          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 80}}}]
                        """,
                        "[\"h\",\"Deployment/web\",\"cpu: <unknown>/80%\",\"1\",5,0,\"60s\"]"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void rowShowsWhatKubectlPrints(Row row) throws JsonProcessingException {
        ResourceDefinition definition =
                Objects.requireNonNull(server.registry().find(row.group(), row.plural()));
        KubernetesTables tables = new KubernetesTables(server.api(), CLOCK);
        ObjectNode object = (ObjectNode) YAML.readTree(row.object());
        assertThat(
                        tables.rows(definition.type(definition.storageVersion()), List.of(object))
                                .getFirst()
                                .path("cells"))
                .hasToString(row.cells());
    }

    @Test
    void coreResourcesCarryTheHashOfTheirStoredKind() throws JsonProcessingException {
        JsonNode pods = MissingNode.getInstance();
        for (JsonNode resource : get("/api/v1").path("resources")) {
            if (resource.path("name").asText().equals("pods")) {
                pods = resource;
            }
        }
        assertThat(pods.path("storageVersionHash").asText()).isEqualTo("xPOwRZ+Yhw8=");
        assertThat(pods.path("shortNames")).hasToString("[\"po\"]");
    }

    @Test
    void groupsComeInTheOrderOfTheirPriority() throws JsonProcessingException {
        assertThat(get("/apis").path("groups").findValuesAsText("name"))
                .startsWith("apiregistration.k8s.io", "apps", "events.k8s.io");
        assertThat(get("/apis/autoscaling").at("/preferredVersion/version").asText())
                .isEqualTo("v2");
    }

    @Test
    void openApiTellsHowServicePortsMerge() throws JsonProcessingException {
        JsonNode ports =
                get("/openapi/v3/api/v1")
                        .path("components")
                        .path("schemas")
                        .path("io.k8s.api.core.v1.ServiceSpec")
                        .path("properties")
                        .path("ports");
        assertThat(ports.path("x-kubernetes-list-map-keys")).hasToString("[\"port\",\"protocol\"]");
        assertThat(ports.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("port");
    }

    @Test
    void everyReferenceOfTheOpenApiDocumentResolves() throws JsonProcessingException {
        JsonNode definitions = get("/openapi/v2").path("definitions");
        assertThat(definitions.findValuesAsText("$ref"))
                .filteredOn(ref -> !ref.isEmpty())
                .isNotEmpty()
                .allMatch(ref -> definitions.has(ref.substring("#/definitions/".length())));
    }

    @Test
    void everyGroupVersionHasAnApiService() {
        Awaitility.await()
                .untilAsserted(
                        () ->
                                assertThat(
                                                server.api()
                                                        .list(
                                                                "apiregistration.k8s.io",
                                                                "apiservices",
                                                                "",
                                                                "")
                                                        .items())
                                        .extracting(item -> item.at("/metadata/name").asText())
                                        .contains("v1.", "v1.apps", "v2.autoscaling"));
    }
}
