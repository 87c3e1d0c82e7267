package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoUrl;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for WasmPlugin. */
final class WasmPluginValidator implements KindValidator {

    private static final int SHA256_LENGTH = 64;
    private static final int MAX_SECRET_LENGTH = 253;
    private static final int MAX_NAME_LENGTH = 256;
    private static final Set<String> SCHEMES = Set.of("file", "http", "https", "oci");

    @Override
    public Review review(ObjectUnderReview object) {
        Spec spec = object.spec();
        Review review = CommonRules.policyTargets(spec);
        review.error(url(spec.text("url")));
        review.error(sha256(spec.text("sha256")));
        if (spec.text("imagePullSecret").length() > MAX_SECRET_LENGTH) {
            review.error("imagePullSecret field must be less than 253 characters long");
        }
        if (spec.text("pluginName").length() > MAX_NAME_LENGTH) {
            review.error("pluginName field must be less than 255 characters long");
        }
        review.error(environment(spec.get("vmConfig").list("env")));
        review.error(match(spec.list("match")));
        return review;
    }

    private static Failure url(String text) {
        if (text.isEmpty()) {
            return Failure.of("url field needs to be set");
        }
        String error = GoUrl.parseError(text);
        if (!error.isEmpty()) {
            return Failure.of("failed to parse url: " + error);
        }
        GoUrl url = GoUrl.of(text);
        String scheme = url == null ? "" : url.scheme();
        return scheme.isEmpty() || SCHEMES.contains(scheme)
                ? Failure.NONE
                : Failure.of("url contains unsupported scheme: " + scheme);
    }

    private static Failure sha256(String text) {
        if (text.isEmpty()) {
            return Failure.NONE;
        }
        if (text.length() != SHA256_LENGTH) {
            return Failure.of("sha256 field must be 64 characters long");
        }
        return text.matches("[a-f0-9]*")
                ? Failure.NONE
                : Failure.of("sha256 field must match [a-f0-9]{64} pattern");
    }

    private static Failure environment(List<Spec> variables) {
        Set<String> names = new HashSet<>();
        for (Spec variable : variables) {
            String name = variable.text("name");
            if (name.isEmpty()) {
                return Failure.of("spec.vmConfig.env invalid");
            }
            if (name.length() > MAX_NAME_LENGTH) {
                return Failure.of("env.name field must be less than 255 characters long");
            }
            if (!names.add(name)) {
                return Failure.of("duplicate env");
            }
            String from = variable.text("valueFrom");
            if (!from.isEmpty() && !from.equals("INLINE") && !variable.text("value").isEmpty()) {
                return Failure.of("value may only be set when valueFrom is INLINE");
            }
        }
        return Failure.NONE;
    }

    private static Failure match(List<Spec> selectors) {
        for (int i = 0; i < selectors.size(); i++) {
            List<Spec> ports = selectors.get(i).list("ports");
            for (int j = 0; j < ports.size(); j++) {
                long number = ports.get(j).number("number");
                if (number <= 0 || number > 65535) {
                    return Failure.of(
                            "spec.Match[" + i + "].Ports[" + j + "] is out of range: " + number);
                }
            }
        }
        return Failure.NONE;
    }
}
