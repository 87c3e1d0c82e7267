package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * References of Gateway API objects to key pairs and certificate authorities, looked up and
 * checked. Names, reasons and words are Istio's.
 *
 * @param world what may be referred to
 */
record CredentialReferences(World world) {

    static final String INVALID_AUTHORITY = "InvalidCACertificateRef";
    private static final String INVALID_AUTHORITY_KIND = "InvalidCACertificateKind";
    private static final int SHOWN_KEYS = 3;

    /** A credential as proxies ask for it, or what is wrong. */
    record Found(String resource, @Nullable ConversionError error) {

        static Found wrong(String reason, String message) {
            return new Found("", new ConversionError(reason, message));
        }
    }

    /**
     * The Secret with a key pair that {@code owner} refers to.
     *
     * @param reason the reason of errors other than a missing grant
     * @param what what the reference is called in messages
     * @param field the field's name in the message about a missing grant
     */
    Found keyPair(KubeObject owner, JsonView reference, String reason, String what, String field) {
        String namespace = namespace(owner, reference);
        String name = reference.text("name");
        String prefix = what + " " + label(reference);
        String kind = reference.text("kind");
        if (!reference.text("group").isEmpty() || !(kind.isEmpty() || kind.equals("Secret"))) {
            return Found.wrong(reason, prefix + ", only secret is allowed");
        }
        KubeObject secret = world.secret(namespace, name);
        if (secret == null) {
            return Found.wrong(
                    reason, prefix + ", secret " + namespace + "/" + name + " not found");
        }
        String problem = keyPairProblem(secret);
        if (problem != null) {
            return Found.wrong(reason, prefix + ", " + problem);
        }
        if (denied(owner, "Secret", namespace, name)) {
            return Found.wrong(
                    ConversionError.NOT_PERMITTED, notAccessible(field, name, namespace, owner));
        }
        return new Found("kubernetes-gateway://" + namespace + "/" + name, null);
    }

    /** The Secret or ConfigMap with certificates of authorities that {@code owner} refers to. */
    Found authority(KubeObject owner, JsonView reference) {
        String namespace = namespace(owner, reference);
        String name = reference.text("name");
        String kind = reference.text("kind");
        String prefix = "invalid CA certificate reference " + label(reference);
        boolean core = reference.text("group").isEmpty();
        if (!core || !(kind.equals("Secret") || kind.equals("ConfigMap"))) {
            return Found.wrong(
                    INVALID_AUTHORITY_KIND, prefix + ", only secret and configmap are allowed");
        }
        boolean secret = kind.equals("Secret");
        KubeObject object =
                secret ? world.secret(namespace, name) : world.configMap(namespace, name);
        if (object == null) {
            return Found.wrong(
                    INVALID_AUTHORITY,
                    prefix
                            + (secret ? ", secret " : ", configmap ")
                            + namespace
                            + "/"
                            + name
                            + " not found");
        }
        Map<String, String> data = data(object, secret);
        String problem = authorityProblem(data);
        if (problem == null && !certificates(authorityText(data))) {
            problem = "the bundle is malformed";
        }
        if (problem != null) {
            return Found.wrong(INVALID_AUTHORITY, prefix + ", " + problem);
        }
        if (denied(owner, kind, namespace, name + "-cacert")) {
            return Found.wrong(
                    ConversionError.NOT_PERMITTED,
                    notAccessible("caCertificateRef", namespace, name, owner));
        }
        return new Found(
                (secret ? "kubernetes-gateway://" : "configmap://")
                        + namespace
                        + "/"
                        + name
                        + "-cacert",
                null);
    }

    /** Why a ConfigMap's data holds no authorities; null when it does. */
    static @Nullable String authorityProblem(Map<String, String> data) {
        if (!authorityText(data).isEmpty()) {
            return null;
        }
        for (String key : List.of("cacert", "ca.crt")) {
            if (data.containsKey(key)) {
                return "found key \"" + key + "\", but it was empty";
            }
        }
        return "found secret, but didn't have expected keys cacert or ca.crt; found: " + keys(data);
    }

    private static String authorityText(Map<String, String> data) {
        String generic = data.getOrDefault("cacert", "");
        return generic.isEmpty() ? data.getOrDefault("ca.crt", "") : generic;
    }

    private static @Nullable String keyPairProblem(KubeObject secret) {
        Map<String, String> data = data(secret, true);
        for (List<String> pair : List.of(List.of("cert", "key"), List.of("tls.crt", "tls.key"))) {
            String chain = data.getOrDefault(pair.getFirst(), "");
            String key = data.getOrDefault(pair.getLast(), "");
            if (!chain.isEmpty() && !key.isEmpty()) {
                String problem = CertificatePair.problem(chain, key);
                return problem == null ? null : "the certificate is malformed: " + problem;
            }
        }
        for (List<String> pair : List.of(List.of("cert", "key"), List.of("tls.crt", "tls.key"))) {
            if (data.keySet().containsAll(pair)) {
                return "found keys \""
                        + pair.getFirst()
                        + "\" and \""
                        + pair.getLast()
                        + "\", but they were empty";
            }
        }
        return "found secret, but didn't have expected keys (cert and key) or (tls.crt and"
                + " tls.key); found: "
                + keys(data);
    }

    private static String keys(Map<String, String> data) {
        List<String> sorted = data.keySet().stream().sorted().toList();
        return sorted.size() < SHOWN_KEYS
                ? String.join(", ", sorted)
                : String.join(", ", sorted.subList(0, SHOWN_KEYS))
                        + ", and "
                        + (sorted.size() - SHOWN_KEYS)
                        + " more...";
    }

    private static Map<String, String> data(KubeObject object, boolean encoded) {
        Map<String, String> out = new HashMap<>();
        object.view()
                .textMap("data")
                .forEach((key, value) -> out.put(key, encoded ? decoded(value) : value));
        return out;
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static boolean certificates(String pem) {
        int begin = pem.indexOf("-----BEGIN CERTIFICATE-----");
        if (begin < 0) {
            return false;
        }
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(
                            new java.io.ByteArrayInputStream(
                                    pem.substring(begin).getBytes(StandardCharsets.UTF_8)))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private boolean denied(KubeObject owner, String kind, String namespace, String name) {
        return !namespace.equals(owner.namespace())
                && !world.grants()
                        .allowed(owner.kind(), owner.namespace(), "", kind, namespace, name);
    }

    private static String notAccessible(
            String field, String first, String second, KubeObject owner) {
        return field
                + " "
                + first
                + "/"
                + second
                + " not accessible to a Gateway in namespace \""
                + owner.namespace()
                + "\" (missing a ReferenceGrant?)";
    }

    private static String namespace(KubeObject owner, JsonView reference) {
        String written = reference.text("namespace");
        return written.isEmpty() ? owner.namespace() : written;
    }

    private static String label(JsonView reference) {
        return reference.text("group")
                + "/"
                + reference.text("kind")
                + "/"
                + reference.text("name")
                + "."
                + reference.text("namespace");
    }
}
