package dev.meshdojo.simulator.controller.certificates;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What Issuers and ClusterIssuers say. */
final class Issuers {

    static final String GROUP = "cert-manager.io";

    /** The namespace whose Secrets ClusterIssuers use. */
    static final String CLUSTER_NAMESPACE = "cert-manager";

    private Issuers() {}

    /** The Secret of a CA issuer; empty when it is no CA issuer. */
    static String caSecret(JsonNode issuer) {
        return Fields.text(issuer, "spec", "ca", "secretName");
    }

    static boolean selfSigned(JsonNode issuer) {
        return Fields.has(issuer, "spec", "selfSigned");
    }

    /** Where an issuer's Secret is. */
    static String secretNamespace(JsonNode issuer) {
        String namespace = Meta.namespace(issuer);
        return namespace.isEmpty() ? CLUSTER_NAMESPACE : namespace;
    }

    /** The signing key in a Secret, or null when it holds none. */
    static KeyMaterial.@Nullable Signer signer(@Nullable ObjectNode secret) {
        if (secret == null) {
            return null;
        }
        return KeyMaterial.signer(data(secret, "tls.crt"), data(secret, "tls.key"));
    }

    /** One decoded entry of a Secret; empty when absent. */
    static String data(ObjectNode secret, String key) {
        try {
            return new String(
                    Base64.getDecoder().decode(Fields.text(secret.path("data"), key)),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
