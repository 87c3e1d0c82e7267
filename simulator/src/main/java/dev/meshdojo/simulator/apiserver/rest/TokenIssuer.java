package dev.meshdojo.simulator.apiserver.rest;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Signs and reads the tokens of service accounts. Thread-safe. */
public final class TokenIssuer {

    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private final KeyPair keys;
    private final Clock clock;

    /**
     * @param keys EC P-256
     */
    public TokenIssuer(KeyPair keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /** A token that stands for a service account until it expires. */
    public String issue(String namespace, String name, String uid, Instant expiry) {
        Instant now = Instant.now(clock);
        JWTClaimsSet claims =
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .audience(ISSUER)
                        .subject("system:serviceaccount:" + namespace + ":" + name)
                        .issueTime(Date.from(now))
                        .notBeforeTime(Date.from(now))
                        .expirationTime(Date.from(expiry))
                        .claim(
                                "kubernetes.io",
                                Map.of(
                                        "namespace",
                                        namespace,
                                        "serviceaccount",
                                        Map.of("name", name, "uid", uid)))
                        .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), claims);
        try {
            token.sign(new ECDSASigner((ECPrivateKey) keys.getPrivate()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a service account token cannot be signed", e);
        }
        return token.serialize();
    }

    /** Whom a token stands for; null when it is not one of these or has expired. */
    public @Nullable UserInfo read(String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            if (!token.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic()))
                    || claims.getExpirationTime().toInstant().isBefore(Instant.now(clock))) {
                return null;
            }
            String[] subject = claims.getSubject().split(":");
            Map<String, Object> details = claims.getJSONObjectClaim("kubernetes.io");
            String uid =
                    details.get("serviceaccount") instanceof Map<?, ?> account
                            ? String.valueOf(account.get("uid"))
                            : "";
            return new UserInfo(
                    claims.getSubject(),
                    uid,
                    List.of(
                            "system:serviceaccounts",
                            "system:serviceaccounts:" + subject[2],
                            "system:authenticated"),
                    Map.of());
        } catch (ParseException | JOSEException e) {
            return null;
        }
    }
}
