package dev.meshdojo.simulator.cluster.fake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.network.ClusterNetwork.PodAttachment;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Webhooks behind a Service, reached through the cluster's network. */
@Timeout(120)
class WebhookNetworkTest {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InetSocketAddress PORT = new InetSocketAddress("0.0.0.0", 8443);

    @Test
    void a_pod_behind_a_service_is_asked_and_changes_the_object() throws Exception {
        try (FakeCluster cluster =
                        FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
                PodAttachment pod = cluster.network().attachPod("lab", "hook")) {
            ResourceApi api = cluster.api();
            api.create(yaml("{apiVersion: v1, kind: Namespace, metadata: {name: hooks}}"));
            String address = service(api, pod.podIp());
            configure(api);

            assertThatThrownBy(() -> api.create(config("before")))
                    .hasMessage(
                            "Internal error occurred: failed calling webhook"
                                    + " \"hook.example.com\": failed to call webhook: Post"
                                    + " \"https://hook.lab.svc:443/label?timeout=5s\": dial tcp "
                                    + address
                                    + ":443: connect: connection refused");

            HttpsServer server = serve(pod);
            try {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> cluster.network().resolve("default", address, 443) != null);
                ObjectNode created = api.create(config("after"));
                assertThat(created.at("/metadata/labels/seen").asText()).isEqualTo("CREATE");
            } finally {
                server.stop(0);
                pod.addressing().unbound(PORT);
            }
        }
    }

    private static String service(ResourceApi api, String podIp) throws IOException {
        api.create(yaml("{apiVersion: v1, kind: Namespace, metadata: {name: lab}}"));
        api.create(
                yaml(
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: hook, namespace: lab}
                        spec: {ports: [{port: 443, targetPort: 8443}]}
                        """));
        api.create(
                yaml(
                        """
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: hook-1, namespace: lab, labels: {kubernetes.io/service-name: hook}}
                        addressType: IPv4
                        ports: [{name: "", port: 8443, protocol: TCP}]
                        endpoints: [{addresses: ["%s"], conditions: {ready: true}}]
                        """
                                .formatted(podIp)));
        return api.get(new ResourceKey("", "services", "lab", "hook"))
                .at("/spec/clusterIP")
                .asText();
    }

    private static void configure(ResourceApi api) throws IOException {
        api.create(
                yaml(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: MutatingWebhookConfiguration
                        metadata: {name: hook}
                        webhooks:
                        - name: hook.example.com
                          admissionReviewVersions: [v1]
                          sideEffects: None
                          timeoutSeconds: 5
                          clientConfig:
                            service: {name: hook, namespace: lab, path: /label}
                            caBundle: %s
                          rules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]
                          namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: hooks}}
                          objectSelector: {matchLabels: {hook: wanted}}
                        """
                                .formatted(
                                        Base64.getEncoder().encodeToString(resource("ca.crt")))));
    }

    private static ObjectNode config(String name) throws IOException {
        return yaml(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: "
                        + name
                        + ", namespace: hooks, labels: {hook: wanted}}}");
    }

    private static HttpsServer serve(PodAttachment pod)
            throws IOException, GeneralSecurityException {
        HttpsServer server = HttpsServer.create(pod.addressing().bindAddress(PORT), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls()));
        server.createContext("/label", WebhookNetworkTest::label);
        server.start();
        pod.addressing().bound(PORT, server.getAddress());
        return server;
    }

    private static void label(HttpExchange exchange) throws IOException {
        JsonNode request = JSON.readTree(exchange.getRequestBody()).path("request");
        String patch =
                "[{\"op\":\"add\",\"path\":\"/metadata/labels/seen\",\"value\":"
                        + request.path("operation")
                        + "}]";
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        review.putObject("response")
                .put("allowed", true)
                .put("patchType", "JSONPatch")
                .put(
                        "patch",
                        Base64.getEncoder().encodeToString(patch.getBytes(StandardCharsets.UTF_8)))
                .set("uid", request.path("uid"));
        byte[] body = JSON.writeValueAsBytes(review);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static SSLContext tls() throws IOException, GeneralSecurityException {
        Certificate certificate;
        try (InputStream in = WebhookNetworkTest.class.getResourceAsStream("/webhook/server.crt")) {
            certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        String pem = new String(resource("server.key"), StandardCharsets.US_ASCII);
        byte[] key =
                Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setKeyEntry(
                "server",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)),
                new char[0],
                new Certificate[] {certificate});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = WebhookNetworkTest.class.getResourceAsStream("/webhook/" + name)) {
            return in.readAllBytes();
        }
    }

    private static ObjectNode yaml(String text) throws IOException {
        return (ObjectNode) YAML.readTree(text);
    }
}
