package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final String LISTENER_MODE_OPTION = "gateway.istio.io/listener-protocol";
    private static final String NETWORK_LABEL = "topology.istio.io/network";
    private static final String PORT_LABEL = "networking.istio.io/gatewayPort";
    private static final String INVALID_REF = "InvalidCertificateRef";

    /**
     * Converts a listener's settings.
     *
     * @param owner the Gateway or ListenerSet that has the listener
     * @param gateway the Gateway that serves it
     */
    static ListenerTls of(World world, KubeObject owner, KubeObject gateway, JsonView listener) {
        JsonView tls = listener.at("tls");
        if (!tls.present()) {
            return new ListenerTls(null, null);
        }
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        if (tls.text("mode").equals("Passthrough")) {
            out.put("mode", automatic(owner, listener) ? "AUTO_PASSTHROUGH" : "PASSTHROUGH");
            ciphers(tls, out);
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
        CredentialReferences references = new CredentialReferences(world);
        ConversionError error = certificates(references, owner, tls, out);
        if (error == null && (out.has("credentialName") || out.has("credentialNames"))) {
            error = authorities(references, owner, validation(gateway, listener), option, out);
        }
        if (error == null) {
            ciphers(tls, out);
        }
        return new ListenerTls(out, error);
    }

    /** Whether the listener is for traffic of other networks, which names its cluster by SNI. */
    private static boolean automatic(KubeObject owner, JsonView listener) {
        if (listener.at("tls")
                .at("options")
                .text(LISTENER_MODE_OPTION)
                .equals("auto-passthrough")) {
            return true;
        }
        return owner.labels().containsKey(NETWORK_LABEL)
                && owner.labels().getOrDefault(PORT_LABEL, "15443").equals(listener.text("port"));
    }

    private static void ciphers(JsonView tls, ObjectNode out) {
        String written = tls.at("options").text(CIPHERS_OPTION);
        if (written.isEmpty()) {
            return;
        }
        List<String> known =
                TlsContexts.knownCiphers(
                        Arrays.stream(written.split(",", -1)).map(String::strip).toList());
        if (!known.isEmpty()) {
            ArrayNode list = out.putArray("cipherSuites");
            known.forEach(list::add);
        }
    }

    private static @Nullable ConversionError certificates(
            CredentialReferences lookup, KubeObject owner, JsonView tls, ObjectNode out) {
        List<JsonView> references = tls.list("certificateRefs");
        if (references.size() > 2) {
            return new ConversionError(
                    INVALID_REF, "TLS mode can only support up to 2 server certificates");
        }
        List<String> names = new ArrayList<>();
        ConversionError error = null;
        for (JsonView reference : references) {
            CredentialReferences.Found found =
                    lookup.keyPair(
                            owner,
                            reference,
                            INVALID_REF,
                            "invalid certificate reference",
                            "certificateRef");
            if (found.error() == null) {
                names.add(found.resource());
            } else {
                error =
                        error == null
                                ? found.error()
                                : new ConversionError(
                                        error.reason(),
                                        error.message() + "; " + found.error().message());
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

    private static JsonView validation(KubeObject gateway, JsonView listener) {
        JsonView frontend = gateway.spec().at("tls").at("frontend");
        for (JsonView perPort : frontend.list("perPort")) {
            if (perPort.integer("port") == listener.integer("port")) {
                return perPort.at("tls").at("validation");
            }
        }
        return frontend.at("default").at("validation");
    }

    private static @Nullable ConversionError authorities(
            CredentialReferences lookup,
            KubeObject owner,
            JsonView validation,
            String option,
            ObjectNode out) {
        List<JsonView> references = validation.list("caCertificateRefs");
        if (references.isEmpty()) {
            return null;
        }
        if (references.size() > 1) {
            return new ConversionError(
                    CredentialReferences.INVALID_AUTHORITY,
                    "only one caCertificateRef is supported");
        }
        CredentialReferences.Found found = lookup.authority(owner, references.getFirst());
        if (found.error() != null) {
            return found.error();
        }
        boolean insecure = validation.text("mode").equals("AllowInsecureFallback");
        boolean explicit = option.equals("MUTUAL") || option.equals("OPTIONAL_MUTUAL");
        out.put("mode", explicit ? option : insecure ? "OPTIONAL_MUTUAL" : "MUTUAL");
        out.put("insecureSkipVerify", insecure && !explicit);
        out.put("caCertCredentialName", found.resource());
        return null;
    }
}
