package dev.meshdojo.simulator.controller.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Conditions;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import dev.meshdojo.simulator.controller.object.TemplateHash;
import dev.meshdojo.simulator.controller.runtime.Controller;
import dev.meshdojo.simulator.controller.runtime.ControllerContext;
import dev.meshdojo.simulator.controller.runtime.EventRecorder;
import dev.meshdojo.simulator.controller.runtime.Informer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Keeps each Certificate's Secret: a real key and certificate, renewed before their end, made anew
 * when the spec changes. Source: cert-manager's {@code pkg/controller/certificates}. Not modelled:
 * CertificateRequest objects between the two.
 */
final class CertificateController extends Controller {

    private static final String SPEC_HASH = "meshdojo.dev/certificate-spec";

    private final Informer certificates;
    private final Informer issuers;
    private final Informer clusterIssuers;
    private final Informer secrets;
    private final EventRecorder trigger;
    private final EventRecorder issuing;

    CertificateController(ControllerContext context) {
        super("cert-manager-certificates", context);
        this.certificates = context.informer(Issuers.GROUP, "certificates");
        this.issuers = context.informer(Issuers.GROUP, "issuers");
        this.clusterIssuers = context.informer(Issuers.GROUP, "clusterissuers");
        this.secrets = context.informer("secrets");
        this.trigger = new EventRecorder(context, "cert-manager-certificates-trigger");
        this.issuing = new EventRecorder(context, "cert-manager-certificates-issuing");
        certificates.onEach(certificate -> queue.add(Meta.objectName(certificate)));
        issuers.onEach(issuer -> enqueueAll(Meta.namespace(issuer)));
        clusterIssuers.onEach(issuer -> enqueueAll(""));
        secrets.onEach(secret -> enqueueAll(Meta.namespace(secret)));
    }

    private void enqueueAll(String namespace) {
        certificates.list(namespace).forEach(c -> queue.add(Meta.objectName(c)));
    }

    @Override
    protected void reconcile(ObjectName target) {
        ObjectNode certificate = certificates.get(target);
        if (certificate == null || Meta.deleting(certificate)) {
            return;
        }
        JsonNode spec = certificate.path("spec");
        ObjectNode secret =
                secrets.get(new ObjectName(target.namespace(), Fields.text(spec, "secretName")));
        String hash = TemplateHash.ofData(spec, 0);
        String reason = "";
        String message = "";
        Instant renewal = Meta.instant(Fields.text(certificate, "status", "renewalTime"));
        if (secret == null) {
            reason = "DoesNotExist";
            message = "Issuing certificate as Secret does not exist";
        } else if (!Meta.annotation(secret, SPEC_HASH).equals(hash)) {
            reason = "SecretMismatch";
            message = "Fields on existing CertificateRequest resource not up to date";
        } else if (!renewal.equals(Instant.EPOCH) && !renewal.isAfter(context.now())) {
            reason = "Renewing";
            message = "Renewing certificate as renewal was scheduled at " + renewal;
        }
        if (reason.isEmpty()) {
            queue.addAfter(target, Duration.between(context.now(), renewal).plusSeconds(1));
            return;
        }
        begin(certificate, reason, message);
        issue(certificate, secret, hash);
    }

    private void begin(ObjectNode certificate, String reason, String message) {
        if (Conditions.holds(certificate, "Issuing")) {
            return;
        }
        trigger.event(certificate, EventRecorder.NORMAL, "Issuing", message);
        ObjectNode status = status(certificate);
        set(certificate, status, "Issuing", "True", reason, message);
        if (!Conditions.holds(certificate, "Ready") || reason.equals("DoesNotExist")) {
            set(certificate, status, "Ready", "False", reason, message);
        }
        store(certificate, status);
    }

    private static ObjectNode status(ObjectNode certificate) {
        return certificate.get("status") instanceof ObjectNode old
                ? old.deepCopy()
                : Fields.object();
    }

    private void set(
            ObjectNode certificate,
            ObjectNode status,
            String type,
            String value,
            String reason,
            String message) {
        Conditions.set(status, type, value, reason, message, context.now());
        for (ObjectNode condition : Fields.objects(status, "conditions")) {
            condition.put("observedGeneration", Meta.generation(certificate));
        }
    }

    private void store(ObjectNode certificate, ObjectNode status) {
        storeStatus(
                certificates,
                new ResourceKey(
                        Issuers.GROUP,
                        "certificates",
                        Meta.namespace(certificate),
                        Meta.name(certificate)),
                certificate,
                status);
    }

    private void issue(ObjectNode certificate, @Nullable ObjectNode secret, String hash) {
        JsonNode spec = certificate.path("spec");
        ObjectNode issuer = issuer(certificate);
        if (issuer == null || !Conditions.holds(issuer, "Ready")) {
            return;
        }
        KeyMaterial.Signer signer = null;
        if (!Issuers.selfSigned(issuer)) {
            signer =
                    Issuers.signer(
                            secrets.get(
                                    new ObjectName(
                                            Issuers.secretNamespace(issuer),
                                            Issuers.caSecret(issuer))));
            if (signer == null) {
                return;
            }
        }
        try {
            KeyPair pair = KeyMaterial.generate(spec);
            CertificateFactory.Issued issued =
                    CertificateFactory.issue(spec, pair, signer, context.now());
            writeSecret(certificate, secret, issued, KeyMaterial.privateKeyPem(pair, spec), hash);
            finish(certificate, issued);
        } catch (GeneralSecurityException | IOException e) {
            issuing.event(
                    certificate,
                    EventRecorder.WARNING,
                    "Failed",
                    "The certificate request could not be completed: " + e.getMessage());
        }
    }

    private @Nullable ObjectNode issuer(ObjectNode certificate) {
        JsonNode reference = Fields.at(certificate, "spec", "issuerRef");
        String name = Fields.text(reference, "name");
        return Fields.text(reference, "kind").equals("ClusterIssuer")
                ? clusterIssuers.get(new ObjectName("", name))
                : issuers.get(new ObjectName(Meta.namespace(certificate), name));
    }

    private void writeSecret(
            ObjectNode certificate,
            @Nullable ObjectNode present,
            CertificateFactory.Issued issued,
            String keyPem,
            String hash) {
        JsonNode spec = certificate.path("spec");
        String namespace = Meta.namespace(certificate);
        ObjectNode secret =
                present == null
                        ? Fields.manifest(
                                "v1", "Secret", namespace, Fields.text(spec, "secretName"))
                        : present.deepCopy();
        if (present == null) {
            secret.put("type", "kubernetes.io/tls");
        }
        ObjectNode annotations = Fields.child(secret, "metadata", "annotations");
        annotations
                .put("cert-manager.io/alt-names", String.join(",", Fields.texts(spec, "dnsNames")))
                .put("cert-manager.io/certificate-name", Meta.name(certificate))
                .put("cert-manager.io/common-name", Fields.text(spec, "commonName"))
                .put("cert-manager.io/ip-sans", String.join(",", Fields.texts(spec, "ipAddresses")))
                .put("cert-manager.io/issuer-group", "cert-manager.io")
                .put("cert-manager.io/issuer-kind", kind(spec))
                .put("cert-manager.io/issuer-name", Fields.text(spec, "issuerRef", "name"))
                .put("cert-manager.io/uri-sans", String.join(",", Fields.texts(spec, "uris")))
                .put(SPEC_HASH, hash);
        Fields.child(secret, "metadata", "labels").put("controller.cert-manager.io/fao", "true");
        Fields.child(secret, "data")
                .put("ca.crt", encode(issued.caPem()))
                .put("tls.crt", encode(issued.chainPem()))
                .put("tls.key", encode(keyPem));
        secrets.observe(
                present == null ? context.api().create(secret) : context.api().update(secret));
    }

    private static String kind(JsonNode spec) {
        String kind = Fields.text(spec, "issuerRef", "kind");
        return kind.isEmpty() ? "Issuer" : kind;
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private void finish(ObjectNode certificate, CertificateFactory.Issued issued) {
        ObjectNode now = certificates.get(Meta.objectName(certificate));
        ObjectNode latest = now == null ? certificate : now;
        Instant start = issued.certificate().getNotBefore().toInstant();
        Instant end = issued.certificate().getNotAfter().toInstant();
        ObjectNode status = status(latest);
        Conditions.remove(status, "Issuing");
        set(
                latest,
                status,
                "Ready",
                "True",
                "Ready",
                "Certificate is up to date and has not expired");
        status.put("notBefore", Meta.time(start)).put("notAfter", Meta.time(end));
        status.put(
                "renewalTime",
                Meta.time(CertificateFactory.renewal(latest.path("spec"), start, end)));
        status.put("revision", Fields.number(status, "revision") + 1);
        store(latest, status);
        issuing.event(
                latest,
                EventRecorder.NORMAL,
                "Issuing",
                "The certificate has been successfully issued");
    }
}
