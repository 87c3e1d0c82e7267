package dev.meshdojo.gateway.filter.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one provider. Keys that do not parse are left out; a set without any valid key
 * refuses every token. Immutable. Not modelled: Ed25519 keys.
 */
final class KeySet {

    private final List<JWK> keys;
    private final JwtStatus emptyStatus;

    private KeySet(List<JWK> keys, JwtStatus emptyStatus) {
        this.keys = List.copyOf(keys);
        this.emptyStatus = emptyStatus;
    }

    /** The keys of a JWKS document. */
    static KeySet parse(String jwks) {
        List<JWK> keys = new ArrayList<>();
        try {
            Map<String, Object>[] documents =
                    JSONObjectUtils.getJSONObjectArray(JSONObjectUtils.parse(jwks), "keys");
            for (Map<String, Object> document : documents == null ? noDocuments() : documents) {
                JWK key = parseKey(document);
                if (key != null) {
                    keys.add(key);
                }
            }
        } catch (ParseException e) {
            return new KeySet(List.of(), JwtStatus.NO_VALID_KEYS);
        }
        return new KeySet(keys, JwtStatus.NO_VALID_KEYS);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // Generic arrays cannot be made otherwise.
    private static Map<String, Object>[] noDocuments() {
        return new Map[0];
    }

    /** A key set at a URI, which this proxy never fetches: every token fails. */
    static KeySet remote() {
        return new KeySet(List.of(), JwtStatus.FETCH_FAILED);
    }

    private static @Nullable JWK parseKey(Map<String, Object> document) {
        try {
            return JWK.parse(document);
        } catch (ParseException e) {
            return null;
        }
    }

    /** Whether a key made this signature. */
    JwtStatus verify(Jwt token) {
        if (keys.isEmpty()) {
            return emptyStatus;
        }
        boolean matched = false;
        for (JWK key : keys) {
            if (!fits(key, token)) {
                continue;
            }
            matched = true;
            if (signedBy(key, token)) {
                return JwtStatus.OK;
            }
        }
        return matched ? JwtStatus.VERIFICATION_FAILED : JwtStatus.NO_MATCHING_KEY;
    }

    private static boolean fits(JWK key, Jwt token) {
        String keyId = token.keyId();
        if (keyId != null && key.getKeyID() != null && !keyId.equals(key.getKeyID())) {
            return false;
        }
        String algorithm = token.algorithm();
        if (key.getAlgorithm() != null && !key.getAlgorithm().getName().equals(algorithm)) {
            return false;
        }
        return switch (key) {
            case RSAKey rsa -> algorithm.startsWith("RS") || algorithm.startsWith("PS");
            case ECKey ec -> algorithm.startsWith("ES");
            case OctetSequenceKey octets -> algorithm.startsWith("HS");
            default -> false;
        };
    }

    private static boolean signedBy(JWK key, Jwt token) {
        try {
            JWSVerifier verifier =
                    switch (key) {
                        case RSAKey rsa -> new RSASSAVerifier(rsa);
                        case ECKey ec -> new ECDSAVerifier(ec);
                        case OctetSequenceKey octets -> new MACVerifier(octets);
                        default -> throw new JOSEException("unsupported key type");
                    };
            return JWSObject.parse(token.text()).verify(verifier);
        } catch (JOSEException | ParseException e) {
            return false;
        }
    }
}
