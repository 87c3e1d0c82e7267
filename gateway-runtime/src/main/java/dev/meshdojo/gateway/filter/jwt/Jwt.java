package dev.meshdojo.gateway.filter.jwt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One parsed token.
 *
 * @param text the whole token
 * @param header the JOSE header
 * @param payload the claims
 * @param encodedPayload the claims' section as sent
 */
record Jwt(
        String text,
        Map<String, @Nullable Object> header,
        Map<String, @Nullable Object> payload,
        String encodedPayload) {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT =
            new TypeReference<>() {};
    private static final Set<String> ALGORITHMS =
            Set.of(
                    "ES256", "ES384", "ES512", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512",
                    "PS256", "PS384", "PS512", "EdDSA");

    /** Either a token or the reason why the text is none. */
    record Parsed(@Nullable Jwt token, JwtStatus status) {}

    static Parsed parse(String text) {
        String[] sections = text.split("\\.", -1);
        if (sections.length != 3) {
            return failed(JwtStatus.BAD_FORMAT);
        }
        byte[] headerBytes = decode(sections[0]);
        if (headerBytes == null) {
            return failed(JwtStatus.HEADER_BAD_BASE64);
        }
        Map<String, @Nullable Object> header = object(headerBytes);
        if (header == null) {
            return failed(JwtStatus.HEADER_BAD_JSON);
        }
        if (!(header.get("alg") instanceof String alg)) {
            return failed(JwtStatus.HEADER_BAD_ALG);
        }
        if (!ALGORITHMS.contains(alg)) {
            return failed(JwtStatus.HEADER_UNSUPPORTED_ALG);
        }
        if (header.containsKey("kid") && !(header.get("kid") instanceof String)) {
            return failed(JwtStatus.HEADER_BAD_KID);
        }
        byte[] payloadBytes = decode(sections[1]);
        if (payloadBytes == null) {
            return failed(JwtStatus.PAYLOAD_BAD_BASE64);
        }
        Map<String, @Nullable Object> payload = object(payloadBytes);
        if (payload == null) {
            return failed(JwtStatus.PAYLOAD_BAD_JSON);
        }
        JwtStatus claims = checkClaims(payload);
        if (claims != JwtStatus.OK) {
            return failed(claims);
        }
        if (decode(sections[2]) == null) {
            return failed(JwtStatus.SIGNATURE_BAD_BASE64);
        }
        return new Parsed(new Jwt(text, header, payload, sections[1]), JwtStatus.OK);
    }

    private static JwtStatus checkClaims(Map<String, @Nullable Object> payload) {
        if (payload.get("iss") != null && !(payload.get("iss") instanceof String)) {
            return JwtStatus.PAYLOAD_BAD_ISS;
        }
        if (payload.get("sub") != null && !(payload.get("sub") instanceof String)) {
            return JwtStatus.PAYLOAD_BAD_SUB;
        }
        if (payload.get("iat") != null && !(payload.get("iat") instanceof Number)) {
            return JwtStatus.PAYLOAD_BAD_IAT;
        }
        if (payload.get("nbf") != null && !(payload.get("nbf") instanceof Number)) {
            return JwtStatus.PAYLOAD_BAD_NBF;
        }
        if (payload.get("exp") != null && !(payload.get("exp") instanceof Number)) {
            return JwtStatus.PAYLOAD_BAD_EXP;
        }
        if (payload.get("jti") != null && !(payload.get("jti") instanceof String)) {
            return JwtStatus.PAYLOAD_BAD_JTI;
        }
        Object aud = payload.get("aud");
        boolean good =
                aud == null
                        || aud instanceof String
                        || (aud instanceof List<?> list
                                && list.stream().allMatch(String.class::isInstance));
        return good ? JwtStatus.OK : JwtStatus.PAYLOAD_BAD_AUD;
    }

    String algorithm() {
        return String.valueOf(header.get("alg"));
    }

    @Nullable String keyId() {
        return header.get("kid") instanceof String kid ? kid : null;
    }

    String issuer() {
        return payload.get("iss") instanceof String iss ? iss : "";
    }

    /** The number of a claim; 0 when it is absent. */
    long seconds(String claim) {
        return payload.get(claim) instanceof Number number ? number.longValue() : 0;
    }

    List<String> audiences() {
        return switch (payload.get("aud")) {
            case String one -> List.of(one);
            case List<?> many -> many.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }

    private static Parsed failed(JwtStatus status) {
        return new Parsed(null, status);
    }

    private static byte @Nullable [] decode(String section) {
        try {
            return section.isEmpty() || section.contains("=")
                    ? null
                    : Base64.getUrlDecoder().decode(section);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Map<String, @Nullable Object> object(byte[] json) {
        try {
            return JSON.readValue(new String(json, StandardCharsets.UTF_8), OBJECT);
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
