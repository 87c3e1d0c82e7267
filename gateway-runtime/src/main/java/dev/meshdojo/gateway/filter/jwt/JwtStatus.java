package dev.meshdojo.gateway.filter.jwt;

/** Outcomes of a verification, in the words of Envoy's JWT library. */
enum JwtStatus {
    OK("OK"),
    MISSING("Jwt is missing"),
    NOT_YET_VALID("Jwt not yet valid"),
    EXPIRED("Jwt is expired"),
    BAD_FORMAT("Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
    HEADER_BAD_BASE64("Jwt header is an invalid Base64url encoded"),
    HEADER_BAD_JSON("Jwt header is an invalid JSON"),
    HEADER_BAD_ALG("Jwt header [alg] field is required and must be a string"),
    HEADER_UNSUPPORTED_ALG("Jwt header [alg] is not supported"),
    HEADER_BAD_KID("Jwt header [kid] field is not a string"),
    PAYLOAD_BAD_BASE64("Jwt payload is an invalid Base64url encoded"),
    PAYLOAD_BAD_JSON("Jwt payload is an invalid JSON"),
    PAYLOAD_BAD_ISS("Jwt payload [iss] field is not a string"),
    PAYLOAD_BAD_SUB("Jwt payload [sub] field is not a string"),
    PAYLOAD_BAD_IAT("Jwt payload [iat] field is not an integer"),
    PAYLOAD_BAD_NBF("Jwt payload [nbf] field is not an integer"),
    PAYLOAD_BAD_EXP("Jwt payload [exp] field is not an integer"),
    PAYLOAD_BAD_JTI("Jwt payload [jti] field is not a string"),
    PAYLOAD_BAD_AUD("Jwt payload [aud] field is not a string or string list"),
    SIGNATURE_BAD_BASE64("Jwt signature is an invalid Base64url encoded"),
    UNKNOWN_ISSUER("Jwt issuer is not configured"),
    AUDIENCE_NOT_ALLOWED("Audiences in Jwt are not allowed"),
    VERIFICATION_FAILED("Jwt verification fails"),
    NO_VALID_KEYS("Jwks doesn't have any valid public key"),
    NO_MATCHING_KEY("Jwks doesn't have key to match kid or alg from Jwt"),
    FETCH_FAILED("Jwks remote fetch is failed");

    private final String text;

    JwtStatus(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
