package dev.meshdojo.simulator.pilot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A RequestAuthentication that names its key set by an address in the cluster")
class JwksByAddressTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String GATEWAY = "istio-ingressgateway.istio-system.svc.cluster.local";

    @Test
    @DisplayName("lets the gateway verify tokens once the keys can be fetched")
    void verifies() throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
        try (FakeCluster cluster =
                FakeCluster.start(new ClusterSpec(IstioProfile.DEFAULT, LoadBalancer.NONE))) {
            apply(
                    cluster,
                    """
                    {apiVersion: security.istio.io/v1, kind: RequestAuthentication,
                     metadata: {name: tokens, namespace: istio-system},
                     spec: {selector: {matchLabels: {istio: ingressgateway}},
                      jwtRules: [{issuer: issuer.test, jwksUri: "http://%s/keys"}]}}
                    """
                            .formatted(GATEWAY));
            cluster.awaitConfigured(Duration.ofSeconds(60));
            apply(
                    cluster,
                    """
                    {apiVersion: networking.istio.io/v1, kind: Gateway,
                     metadata: {name: web, namespace: default},
                     spec: {selector: {istio: ingressgateway}, servers: [{hosts: ["*"],
                      port: {number: 80, name: http, protocol: HTTP}}]}}
                    """);
            ObjectNode service =
                    read(
                            """
                            {apiVersion: networking.istio.io/v1, kind: VirtualService,
                             metadata: {name: web, namespace: default},
                             spec: {hosts: ["*"], gateways: [web], http: [
                              {match: [{uri: {exact: /keys}}], directResponse: {status: 200}},
                              {directResponse: {status: 200}}]}}
                            """);
            ((ObjectNode) service.at("/spec/http/0/directResponse"))
                    .putObject("body")
                    .put("string", new JWKSet(key).toString());
            cluster.api().create(service);
            cluster.awaitConfigured(Duration.ofSeconds(60));
            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(status(cluster, token(key))).isEqualTo("200"));
            RSAKey other = new RSAKeyGenerator(2048).keyID("one").generate();
            assertThat(status(cluster, token(other))).isEqualTo("401");
        }
    }

    private static String token(RSAKey key) throws JOSEException {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                        new JWTClaimsSet.Builder().issuer("issuer.test").subject("user").build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private static ObjectNode read(String yaml) {
        try {
            return (ObjectNode) YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static void apply(FakeCluster cluster, String yaml) {
        cluster.api().create(read(yaml));
    }

    private static String status(FakeCluster cluster, String token) throws IOException {
        try (Socket socket = cluster.connector().connect(GATEWAY, 80)) {
            socket.getOutputStream()
                    .write(
                            ("GET / HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n"
                                            + "Authorization: Bearer "
                                            + token
                                            + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.split(" ", 3)[1];
        }
    }
}
