package dev.meshdojo.simulator.admission;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.meshdojo.simulator.admission.go.Failure;
import dev.meshdojo.simulator.admission.go.GoJson;
import dev.meshdojo.simulator.admission.go.GoText;
import java.net.URI;
import java.net.URISyntaxException;
import java.text.ParseException;
import java.util.List;

/** Rules for RequestAuthentication. */
final class RequestAuthenticationValidator implements KindValidator {

    @Override
    public Review review(ObjectUnderReview object) {
        Review review = CommonRules.policyTargets(object.spec());
        for (Spec rule : object.spec().list("jwtRules")) {
            review.error(rule(rule));
            warnOfPrivateKeys(rule.text("jwks"), review);
        }
        return review;
    }

    private static Failure rule(Spec rule) {
        Failure failure = Failure.NONE;
        if (rule.texts("audiences").contains("")) {
            failure = Failure.listed("audience must be non-empty string");
        }
        String uri = rule.text("jwksUri");
        if (rule.text("issuer").isEmpty() && uri.isEmpty()) {
            failure = failure.and(Failure.listed("issuer or jwksUri must be non-empty string"));
        }
        if (!uri.isEmpty()) {
            failure = failure.and(jwksUri(uri));
        }
        String jwks = rule.text("jwks");
        if (!jwks.isEmpty()) {
            failure = failure.and(jwks(jwks));
        }
        for (Spec header : rule.list("fromHeaders")) {
            if (header.text("name").isEmpty()) {
                failure =
                        failure.and(
                                Failure.listed("location header name must be non-empty string"));
            }
        }
        if (rule.texts("fromParams").contains("")) {
            failure = failure.and(Failure.listed("location query must be non-empty string"));
        }
        if (rule.texts("fromCookies").contains("")) {
            failure = failure.and(Failure.listed("cookie name must be non-empty string"));
        }
        for (Spec claim : rule.list("outputClaimToHeaders")) {
            if (claim.text("claim").isEmpty() || claim.text("header").isEmpty()) {
                failure =
                        failure.and(
                                Failure.listed(
                                        "outputClaimToHeaders header and claim value must be non-empty"
                                                + " string"));
                continue;
            }
            Failure name = HeaderRules.strictName(claim.text("header"));
            if (!name.isNone()) {
                failure = failure.and(Failure.listed(name.print()));
            }
        }
        Failure timeout = CommonRules.duration(rule, "timeout");
        return timeout.isNone() ? failure : failure.and(Failure.listed(timeout.print()));
    }

    private static Failure jwksUri(String text) {
        String scheme;
        try {
            scheme = new URI(text).getScheme();
        } catch (URISyntaxException e) {
            return Failure.listed("parse " + GoText.quote(text) + ": " + e.getReason());
        }
        return "http".equals(scheme) || "https".equals(scheme)
                ? Failure.NONE
                : Failure.listed(
                        "URI scheme "
                                + GoText.quote(scheme == null ? "" : scheme)
                                + " is not supported");
    }

    private static Failure jwks(String jwks) {
        String error = GoJson.error(jwks);
        return error.isEmpty()
                ? Failure.NONE
                : Failure.listed("jwks parse error: failed to unmarshal JWK set: " + error);
    }

    private static void warnOfPrivateKeys(String jwks, Review review) {
        if (jwks.isEmpty()) {
            return;
        }
        List<JWK> keys;
        try {
            keys = JWKSet.parse(jwks).getKeys();
        } catch (ParseException e) {
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            if (keys.get(i).isPrivate()) {
                review.warn(
                        "jwks key at index "
                                + i
                                + " contains private key material; only public keys are used for"
                                + " verification");
            }
        }
    }
}
