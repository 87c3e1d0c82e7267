package dev.meshdojo.simulator.controller.certificates;

import static dev.meshdojo.simulator.controller.TestCluster.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.schema.CustomResources;
import dev.meshdojo.simulator.controller.TestCluster;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.junit.jupiter.api.Test;

class CertManagerTest {

    private static String definition(String plural, String kind, String scope) {
        return """
               apiVersion: apiextensions.k8s.io/v1
               kind: CustomResourceDefinition
               metadata: {name: %1$s.cert-manager.io}
               spec:
                 group: cert-manager.io
                 scope: %3$s
                 names: {plural: %1$s, singular: %4$s, kind: %2$s, listKind: %2$sList}
                 versions:
                 - name: v1
                   served: true
                   storage: true
                   subresources: {status: {}}
                   schema:
                     openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
               """
                .formatted(plural, kind, scope, kind.toLowerCase(java.util.Locale.ROOT));
    }

    @Test
    void aSelfSignedCaSignsACertificateThatVerifies() throws Exception {
        try (TestCluster cluster =
                TestCluster.with(new CustomResources(List.of(), Clock.systemUTC()))) {
            Map.of("certificates", "Certificate", "issuers", "Issuer")
                    .forEach((p, k) -> cluster.create(definition(p, k, "Namespaced")));
            cluster.create(definition("clusterissuers", "ClusterIssuer", "Cluster"));
            org.awaitility.Awaitility.await()
                    .until(() -> cluster.api().type("cert-manager.io", "clusterissuers") != null);
            cluster.create(
                    "{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: root}, spec: {selfSigned: {}}}");
            cluster.create(
                    "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: ca}, spec: {isCA: true, commonName: lab-ca, secretName: ca, issuerRef: {name: root}}}");
            cluster.create(
                    "{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: ca}, spec: {ca: {secretName: ca}}}");
            cluster.create(
                    "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: web}, spec: {dnsNames: [web.example.com], secretName: web-tls, privateKey: {algorithm: ECDSA}, issuerRef: {name: ca}}}");
            ObjectNode certificate =
                    cluster.await(
                            key("cert-manager.io", "certificates", "web"),
                            c -> Conditions.holds(c, "Ready"));
            assertThat(Fields.text(Conditions.find(certificate, "Ready"), "message"))
                    .isEqualTo("Certificate is up to date and has not expired");
            assertThat(Conditions.find(certificate, "Issuing").isObject()).isFalse();
            ObjectNode issuer = cluster.api().get(key("cert-manager.io", "issuers", "ca"));
            assertThat(Fields.text(Conditions.find(issuer, "Ready"), "reason"))
                    .isEqualTo("KeyPairVerified");
            ObjectNode secret = cluster.api().get(key("", "secrets", "web-tls"));
            assertThat(Fields.text(secret, "type")).isEqualTo("kubernetes.io/tls");
            KeyMaterial.Signer web = requireNonNull(Issuers.signer(secret));
            KeyMaterial.Signer ca =
                    requireNonNull(Issuers.signer(cluster.api().get(key("", "secrets", "ca"))));
            X509CertificateHolder issued = web.certificate();
            assertThat(
                            issued.isSignatureValid(
                                    new JcaContentVerifierProviderBuilder()
                                            .build(ca.certificate())))
                    .isTrue();
            assertThat(Issuers.data(secret, "ca.crt")).isEqualTo(ca.certificatePem());
            assertThat(cluster.events("Certificate", "web"))
                    .containsExactly(
                            "Normal Issuing cert-manager-certificates-trigger Issuing certificate"
                                    + " as Secret does not exist",
                            "Normal Issuing cert-manager-certificates-issuing The certificate has"
                                    + " been successfully issued");
        }
    }
}
