package dev.meshdojo.simulator.admission;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import dev.meshdojo.simulator.golang.GoUrl;
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
        String error = GoUrl.parseError(text);
        if (!error.isEmpty()) {
            return Failure.listed(error);
        }
        GoUrl url = GoUrl.of(text);
        String scheme = url == null ? "" : url.scheme();
        return scheme.equals("http") || scheme.equals("https")
                ? Failure.NONE
                : Failure.listed("URI scheme " + GoText.quote(scheme) + " is not supported");
    }

    private static Failure jwks(String jwks) {
        String error = JsonWebKeys.error(jwks);
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
