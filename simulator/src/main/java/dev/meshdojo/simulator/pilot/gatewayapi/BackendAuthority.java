package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.List;

/**
 * What certificates of backends are checked against, as a BackendTLSPolicy says.
 *
 * @param credential the credential that proxies ask for; empty for the system's authorities
 * @param accepted whether the policy is in force
 * @param resolved whether its references lead somewhere
 */
record BackendAuthority(String credential, Condition accepted, Condition resolved) {

    /** A credential that never comes, so that connections fail rather than go unchecked. */
    private static final String NEVER = "invalid://";

    private static final String VALID = "Configuration is valid";
    private static final Condition RESOLVED =
            new Condition("ResolvedRefs", true, "ResolvedRefs", VALID);

    static BackendAuthority of(World world, String namespace, JsonView validation) {
        String wellKnown = validation.text("wellKnownCACertificates");
        List<JsonView> references = validation.list("caCertificateRefs");
        if (!wellKnown.isEmpty() && !wellKnown.equals("System")) {
            return new BackendAuthority(
                    "",
                    new Condition(
                            "Accepted",
                            false,
                            "Invalid",
                            "Unknown wellKnownCACertificates: " + wellKnown),
                    RESOLVED);
        }
        if (!wellKnown.isEmpty() || references.isEmpty()) {
            return new BackendAuthority("", accepted(""), RESOLVED);
        }
        JsonView reference = references.getFirst();
        String kind = reference.text("kind");
        String name = reference.text("name");
        boolean core = reference.text("group").isEmpty();
        boolean known =
                core
                        && (kind.equals("ConfigMap")
                                || kind.equals("Secret")
                                || kind.equals("Service"));
        if (!known) {
            String problem = "unsupported kind " + kind;
            return wrong("InvalidKind", "Certificate reference not supported: ", problem);
        }
        KubeObject object =
                switch (kind) {
                    case "ConfigMap" -> world.configMap(namespace, name);
                    case "Secret" -> world.secret(namespace, name);
                    default -> world.service(namespace, name);
                };
        if (object == null) {
            return wrong(
                    "InvalidCACertificateRef",
                    "Certificate reference not found: ",
                    notFound(namespace, name, kind));
        }
        if (!kind.equals("ConfigMap")) {
            return wrong(
                    "InvalidKind",
                    "Certificate reference invalid: ",
                    "unsupported reference kind: " + kind);
        }
        String problem = CredentialReferences.authorityProblem(object.view().textMap("data"));
        if (problem != null) {
            return wrong("InvalidCACertificateRef", "Certificate invalid: ", problem);
        }
        String warning =
                references.size() > 1
                        ? "; warning: only the first caCertificateRefs will be used"
                        : "";
        return new BackendAuthority(
                "configmap://" + namespace + "/" + name, accepted(warning), RESOLVED);
    }

    static String notFound(String namespace, String name, String kind) {
        return "reference " + namespace + "/" + name + " (of kind " + kind + ") not found";
    }

    private static Condition accepted(String warning) {
        return new Condition("Accepted", true, "Accepted", VALID + warning);
    }

    private static BackendAuthority wrong(String reason, String prefix, String problem) {
        return new BackendAuthority(
                NEVER,
                new Condition(
                        "Accepted",
                        false,
                        "NoValidCACertificate",
                        "Certificate reference invalid: " + problem),
                new Condition("ResolvedRefs", false, reason, prefix + problem));
    }
}
