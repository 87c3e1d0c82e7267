package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS settings of a listener as Istio's server settings.
 *
 * @param settings the settings; null when the listener has none
 * @param error what is wrong with them; null when nothing is
 */
record ListenerTls(@Nullable ObjectNode settings, @Nullable ConversionError error) {

    private static final String MODE_OPTION = "gateway.istio.io/tls-terminate-mode";
    private static final String CIPHERS_OPTION = "gateway.istio.io/tls-cipher-suites";
    private static final String INVALID_REF = "InvalidCertificateRef";

    static ListenerTls of(World world, KubeObject gateway, JsonView listener) {
        JsonView tls = listener.at("tls");
        if (!tls.present()) {
            return new ListenerTls(null, null);
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (tls.text("mode").equals("Passthrough")) {
            out.put("mode", "PASSTHROUGH");
            return new ListenerTls(out, null);
        }
        String option = tls.at("options").text(MODE_OPTION);
        out.put(
                "mode",
                switch (option) {
                    case "MUTUAL", "OPTIONAL_MUTUAL", "ISTIO_MUTUAL" -> option;
                    default -> "SIMPLE";
                });
        if (option.equals("ISTIO_MUTUAL")) {
            return new ListenerTls(out, null);
        }
        if (option.equals("ISTIO_SIMPLE")) {
            out.put("credentialName", "builtin://");
            return new ListenerTls(out, null);
        }
        ConversionError error = certificates(world, gateway, tls, out);
        if (error == null) {
            error = authorities(world, gateway, listener, option, out);
        }
        String ciphers = tls.at("options").text(CIPHERS_OPTION);
        if (!ciphers.isEmpty()) {
            ArrayNode list = out.putArray("cipherSuites");
            for (String cipher : ciphers.split(",")) {
                list.add(cipher.strip());
            }
        }
        return new ListenerTls(out, error);
    }

    private static @Nullable ConversionError certificates(
            World world, KubeObject gateway, JsonView tls, ObjectNode out) {
        List<JsonView> references = tls.list("certificateRefs");
        if (references.size() > 2) {
            return new ConversionError(
                    INVALID_REF, "TLS mode can only support up to 2 server certificates");
        }
        List<String> names = new ArrayList<>();
        ConversionError error = null;
        for (JsonView reference : references) {
            ConversionError wrong = certificate(world, gateway, reference);
            if (wrong == null) {
                names.add(
                        "kubernetes-gateway://"
                                + owner(reference, gateway)
                                + "/"
                                + reference.text("name"));
            } else {
                error =
                        error == null
                                ? wrong
                                : new ConversionError(
                                        error.reason(), error.message() + "; " + wrong.message());
            }
        }
        if (names.size() == 1) {
            out.put("credentialName", names.getFirst());
        } else if (names.size() > 1) {
            ArrayNode list = out.putArray("credentialNames");
            names.forEach(list::add);
        }
        return names.isEmpty() ? error : null;
    }

    private static @Nullable ConversionError certificate(
            World world, KubeObject gateway, JsonView reference) {
        String owner = owner(reference, gateway);
        String name = reference.text("name");
        String label =
                reference.text("group")
                        + "/"
                        + reference.text("kind")
                        + "/"
                        + name
                        + "."
                        + reference.text("namespace");
        String kind = reference.text("kind");
        if (!reference.text("group").isEmpty() || !(kind.isEmpty() || kind.equals("Secret"))) {
            return new ConversionError(
                    INVALID_REF,
                    "invalid certificate reference " + label + ", only secret is allowed");
        }
        if (!owner.equals(gateway.namespace())
                && !world.grants()
                        .allowed("Gateway", gateway.namespace(), "", "Secret", owner, name)) {
            return new ConversionError(
                    ConversionError.NOT_PERMITTED,
                    "certificateRef "
                            + name
                            + "/"
                            + owner
                            + " not accessible to a Gateway in namespace \""
                            + gateway.namespace()
                            + "\" (missing a ReferenceGrant?)");
        }
        KubeObject secret = world.secret(owner, name);
        if (secret == null) {
            return new ConversionError(
                    INVALID_REF,
                    "invalid certificate reference "
                            + label
                            + ", secret "
                            + owner
                            + "/"
                            + name
                            + " not found");
        }
        JsonView data = secret.view().at("data");
        boolean generic = !data.text("cert").isEmpty() && !data.text("key").isEmpty();
        boolean tls = !data.text("tls.crt").isEmpty() && !data.text("tls.key").isEmpty();
        if (!generic && !tls) {
            return new ConversionError(
                    INVALID_REF,
                    "invalid certificate reference "
                            + label
                            + ", found secret, but didn't have expected keys (cert and key) or"
                            + " (tls.crt and tls.key); found: "
                            + String.join(", ", data.fields().keySet().stream().sorted().toList()));
        }
        String problem =
                CertificatePair.problem(
                        decoded(data.text(generic ? "cert" : "tls.crt")),
                        decoded(data.text(generic ? "key" : "tls.key")));
        return problem == null
                ? null
                : new ConversionError(
                        INVALID_REF,
                        "invalid certificate reference "
                                + label
                                + ", the certificate is malformed: "
                                + problem);
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static @Nullable ConversionError authorities(
            World world, KubeObject gateway, JsonView listener, String option, ObjectNode out) {
        JsonView frontend = gateway.spec().at("tls").at("frontend");
        JsonView validation = frontend.at("default").at("validation");
        for (JsonView perPort : frontend.list("perPort")) {
            if (perPort.integer("port") == listener.integer("port")) {
                validation = perPort.at("tls").at("validation");
            }
        }
        List<JsonView> references = validation.list("caCertificateRefs");
        if (references.isEmpty()) {
            return null;
        }
        JsonView reference = references.getFirst();
        String owner = owner(reference, gateway);
        String name = reference.text("name");
        boolean secret = reference.text("kind").equals("Secret");
        KubeObject found = secret ? world.secret(owner, name) : world.configMap(owner, name);
        if (found == null) {
            return new ConversionError(
                    "InvalidCACertificateRef",
                    "invalid CA certificate reference "
                            + reference.text("group")
                            + "/"
                            + reference.text("kind")
                            + "/"
                            + name
                            + "."
                            + reference.text("namespace")
                            + ", "
                            + (secret ? "secret " : "configmap ")
                            + owner
                            + "/"
                            + name
                            + " not found");
        }
        boolean insecure = validation.text("mode").equals("AllowInsecureFallback");
        boolean explicit = option.equals("MUTUAL") || option.equals("OPTIONAL_MUTUAL");
        out.put("mode", explicit ? option : insecure ? "OPTIONAL_MUTUAL" : "MUTUAL");
        out.put("insecureSkipVerify", insecure && !explicit);
        out.put(
                "caCertCredentialName",
                (secret ? "kubernetes-gateway://" : "configmap://")
                        + owner
                        + "/"
                        + name
                        + "-cacert");
        return null;
    }

    private static String owner(JsonView reference, KubeObject gateway) {
        String namespace = reference.text("namespace");
        return namespace.isEmpty() ? gateway.namespace() : namespace;
    }
}
