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
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signs and reads the tokens of service accounts. Thread-safe. */
public final class TokenIssuer {

    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private static final String EXTRA = "authentication.kubernetes.io/";

    private final KeyPair keys;
    private final Clock clock;

    /**
     * @param keys EC P-256
     */
    public TokenIssuer(KeyPair keys, Clock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * What a token says.
     *
     * @param uid of the service account
     * @param audiences whom it is for; empty for the API server
     * @param expiry null for a token that does not expire
     * @param pod the pod that it is bound to, or null
     */
    public record Claims(
            String namespace,
            String account,
            String uid,
            List<String> audiences,
            @Nullable Instant expiry,
            @Nullable BoundPod pod) {}

    /** The pod whose token it is. */
    public record BoundPod(String name, String uid, String node) {}

    /** A token. */
    public String issue(Claims claims) {
        Instant now = Instant.now(clock);
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("namespace", claims.namespace());
        details.put("serviceaccount", Map.of("name", claims.account(), "uid", claims.uid()));
        BoundPod pod = claims.pod();
        if (pod != null) {
            details.put("pod", Map.of("name", pod.name(), "uid", pod.uid()));
            details.put("node", Map.of("name", pod.node()));
        }
        JWTClaimsSet.Builder set =
                new JWTClaimsSet.Builder()
                        .jwtID(UUID.randomUUID().toString())
                        .issuer(ISSUER)
                        .audience(
                                claims.audiences().isEmpty() ? List.of(ISSUER) : claims.audiences())
                        .subject(
                                "system:serviceaccount:"
                                        + claims.namespace()
                                        + ":"
                                        + claims.account())
                        .issueTime(Date.from(now))
                        .notBeforeTime(Date.from(now))
                        .claim("kubernetes.io", details);
        if (claims.expiry() != null) {
            set.expirationTime(Date.from(claims.expiry()));
        }
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.ES256), set.build());
        try {
            token.sign(new ECDSASigner((ECPrivateKey) keys.getPrivate()));
        } catch (JOSEException e) {
            throw new IllegalStateException("a service account token cannot be signed", e);
        }
        return token.serialize();
    }

    /** Whom a token of this server's audience stands for; null when it is not good. */
    public @Nullable UserInfo read(String text) {
        return read(text, List.of(ISSUER));
    }

    /**
     * Whom a token stands for; null when it is not one of these, has expired or is for none of the
     * audiences.
     */
    public @Nullable UserInfo read(String text, List<String> audiences) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Date expiry = claims.getExpirationTime();
            if (!token.verify(new ECDSAVerifier((ECPublicKey) keys.getPublic()))
                    || (expiry != null && expiry.toInstant().isBefore(Instant.now(clock)))
                    || Collections.disjoint(claims.getAudience(), audiences)) {
                return null;
            }
            Map<String, Object> details = claims.getJSONObjectClaim("kubernetes.io");
            Map<String, List<String>> extra = new TreeMap<>();
            if (claims.getJWTID() != null) {
                extra.put(EXTRA + "credential-id", List.of("JTI=" + claims.getJWTID()));
            }
            put(extra, "node-name", details, "node", "name");
            put(extra, "pod-name", details, "pod", "name");
            put(extra, "pod-uid", details, "pod", "uid");
            return new UserInfo(
                    claims.getSubject(),
                    detail(details, "serviceaccount", "uid"),
                    List.of(
                            "system:serviceaccounts",
                            "system:serviceaccounts:" + details.get("namespace"),
                            "system:authenticated"),
                    extra);
        } catch (ParseException | JOSEException e) {
            return null;
        }
    }

    private static void put(
            Map<String, List<String>> extra,
            String name,
            Map<String, Object> details,
            String object,
            String field) {
        String value = detail(details, object, field);
        if (!value.isEmpty()) {
            extra.put(EXTRA + name, List.of(value));
        }
    }

    private static String detail(Map<String, Object> details, String object, String field) {
        return details.get(object) instanceof Map<?, ?> map && map.get(field) != null
                ? String.valueOf(map.get(field))
                : "";
    }
}
