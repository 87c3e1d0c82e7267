package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What Kubernetes demands of certificate signing requests. */
final class CertificateRules {

    private static final List<String> USAGES =
            List.of(
                    "any",
                    "cert sign",
                    "client auth",
                    "code signing",
                    "content commitment",
                    "crl sign",
                    "data encipherment",
                    "decipher only",
                    "digital signature",
                    "email protection",
                    "encipher only",
                    "ipsec end system",
                    "ipsec tunnel",
                    "ipsec user",
                    "key agreement",
                    "key encipherment",
                    "microsoft sgc",
                    "netscape sgc",
                    "ocsp signing",
                    "s/mime",
                    "server auth",
                    "signing",
                    "timestamping");
    private static final int SHORTEST = 600;

    private CertificateRules() {}

    static void validate(Check check, At request) {
        At spec = request.get("spec");
        At body = spec.get("request");
        if (!isRequest(body.text())) {
            check.invalidText(body, "PEM block type must be CERTIFICATE REQUEST");
        }
        At usages = spec.get("usages");
        if (usages.empty()) {
            check.required(usages, "");
        }
        usages.items().forEach(usage -> check.oneOf(usage, USAGES));
        Set<String> seen = new HashSet<>();
        for (At usage : usages.items()) {
            if (!seen.add(usage.text())) {
                check.duplicateText(usage);
            }
        }
        At signer = spec.get("signerName");
        if (signer.is("kubernetes.io/legacy-unknown")) {
            check.invalidText(signer, "the legacy signerName is not allowed via this API version");
        } else {
            signerName(check, signer);
        }
        At expiration = spec.get("expirationSeconds");
        if (expiration.set() && expiration.number() < SHORTEST) {
            check.invalid(
                    expiration, "may not specify a duration less than 600 seconds (10 minutes)");
        }
        conditions(check, request.get("status", "conditions"));
    }

    private static void conditions(Check check, At conditions) {
        Set<String> types = new HashSet<>();
        for (At condition : conditions.items()) {
            At type = condition.get("type");
            check.requiredText(type, "");
            boolean fixed = type.is("Approved", "Denied", "Failed");
            check.requiredOneOf(
                    condition.get("status"),
                    fixed ? List.of("True") : List.of("False", "True", "Unknown"));
            boolean both =
                    (type.is("Approved") && types.contains("Denied"))
                            || (type.is("Denied") && types.contains("Approved"));
            if (both) {
                check.invalidText(
                        conditions.path(),
                        type.text(),
                        "Approved and Denied conditions are mutually exclusive");
            }
            if (!types.add(type.text())) {
                check.duplicateText(type);
            }
        }
    }

    /**
     * A change of the request itself, of its status or of its approval.
     *
     * @param subresource empty, {@code status} or {@code approval}
     */
    static void update(Check check, At request, At old, String subresource) {
        validate(check, request);
        At now = request.get("status");
        At before = old.get("status");
        for (String type : List.of("Approved", "Denied", "Failed")) {
            if (count(now, type) < count(before, type)) {
                check.forbidden(
                        now.get("conditions"),
                        "updates may not remove a condition of type \"" + type + "\"");
            }
        }
        if (!subresource.equals("approval")) {
            for (String type : List.of("Approved", "Denied")) {
                if (count(now, type) > count(before, type)) {
                    check.forbidden(
                            now.get("conditions"),
                            "updates may not add a condition of type \"" + type + "\"");
                }
            }
        }
        At certificate = now.get("certificate");
        if (!Check.same(certificate.value(), before.get("certificate").value())) {
            if (!subresource.equals("status")) {
                check.forbidden(certificate, "updates may not set certificate content");
            } else if (!before.get("certificate").blank()) {
                check.forbidden(certificate, "updates may not modify existing certificate content");
            }
        }
    }

    private static long count(At status, String type) {
        return status.get("conditions").items().stream()
                .filter(condition -> condition.get("type").is(type))
                .count();
    }

    private static boolean isRequest(String base64) {
        try {
            String pem =
                    new String(Base64.getMimeDecoder().decode(base64), StandardCharsets.US_ASCII);
            return pem.contains("-----BEGIN CERTIFICATE REQUEST-----");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static void signerName(Check check, At signer) {
        if (!check.requiredText(signer, "")) {
            return;
        }
        String[] parts = signer.text().split("/", -1);
        if (parts.length != 2) {
            check.invalidText(
                    signer,
                    "must be a fully qualified domain and path of the form"
                            + " 'example.com/signer-name'");
            return;
        }
        String[] labels = parts[0].split("\\.", -1);
        for (String label : labels) {
            List<String> problems = Names.label(label, false);
            for (String problem : problems) {
                check.invalidText(
                        signer.path(), parts[0], "validating label \"" + label + "\": " + problem);
            }
            if (!problems.isEmpty()) {
                break;
            }
        }
        if (labels.length < 2) {
            check.invalidText(
                    signer.path(),
                    parts[0],
                    "should be a domain with at least two segments separated by dots");
        }
        if (parts[1].isEmpty()) {
            check.invalidText(
                    signer.path(),
                    parts[1],
                    "validating label \"\": " + String.join("", Names.label("", false)));
        }
    }
}
