package dev.meshdojo.gateway.filter;

import static dev.meshdojo.gateway.filter.FilterFixture.request;
import static dev.meshdojo.gateway.filter.FilterFixture.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.meshdojo.gateway.stream.RequestHead;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JwtFilterTest {

    private static final RSAKey KEY = key("k1");
    private static final RSAKey OTHER = key("k2");
    private static final String NAME = "envoy.filters.http.jwt_authn";

    private static RSAKey key(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).algorithm(JWSAlgorithm.RS256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static FilterFixture fixture(String provider) {
        String jwks = new JWKSet(KEY.toPublicJWK()).toString().replace("\"", "\\\"");
        return new FilterFixture(
                NAME
                        + "="
                        + type(
                                "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
                                "'bypass_cors_preflight':true,'providers':{'p':{'issuer':'iss',"
                                        + "'payload_in_metadata':'payload',"
                                        + "'local_jwks':{'inline_string':'"
                                        + jwks
                                        + "'}"
                                        + provider
                                        + "}},'rules':[{'match':{'prefix':'/'},'requires':{'requires_any':"
                                        + "{'requirements':[{'provider_name':'p'},{'allow_missing':{}}]}}}]"),
                "");
    }

    private static JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("iss")
                .subject("amy")
                .expirationTime(Date.from(FilterFixture.NOW.plus(Duration.ofHours(1))));
    }

    private static String signed(RSAKey key, JWTClaimsSet claims) {
        try {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                            claims);
            token.sign(new RSASSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RequestHead bearer(String token) {
        return request("GET", "/x?y", "authorization", "Bearer " + token);
    }

    @Test
    void letsAValidTokenPassAndTakesItOut() {
        FilterFixture fixture =
                fixture(
                        ",'forward_payload_header':'x-payload','claim_to_headers':[{'header_name':'X-Sub',"
                                + "'claim_name':'sub'},{'header_name':'x-role','claim_name':'realm.role'}]");
        String token =
                signed(KEY, claims().claim("realm", java.util.Map.of("role", "admin")).build());
        RequestHead request = bearer(token);
        request.headers().add("x-sub", "forged");

        assertThat(fixture.begin(request).proceed()).isInstanceOf(FilterResult.Continue.class);

        assertThat(request.headers().get("authorization")).isNull();
        assertThat(request.headers().get("x-payload")).isEqualTo(token.split("\\.")[1]);
        assertThat(request.headers().all("x-sub")).containsExactly("amy");
        assertThat(request.headers().get("x-role")).isEqualTo("admin");
        assertThat(fixture.info.dynamicMetadata().find(NAME, List.of("payload", "sub")))
                .isEqualTo("amy");
    }

    @Test
    void letsARequestWithoutATokenPass() {
        assertThat(fixture("").begin(request("GET", "/", "authorization", "Basic x")).proceed())
                .isInstanceOf(FilterResult.Continue.class);
    }

    @Test
    void takesTheTokenFromTheQuery() {
        RequestHead request =
                request("GET", "/x?a=1&access_token=" + signed(KEY, claims().build()) + "&b=2");

        assertThat(fixture("").begin(request).proceed()).isInstanceOf(FilterResult.Continue.class);
        assertThat(request.path()).isEqualTo("/x?a=1&b=2");
    }

    record Refusal(String token, int status, String body) {}

    static List<Refusal> refusals() {
        Date past = Date.from(FilterFixture.NOW.minusSeconds(61));
        Date future = Date.from(FilterFixture.NOW.plusSeconds(61));
        return List.of(
                new Refusal(
                        "abc.def",
                        401,
                        "Jwt is not in the form of Header.Payload.Signature with two dots and 3"
                                + " sections"),
                new Refusal("bm90anNvbg.e30.c2ln", 401, "Jwt header is an invalid JSON"),
                new Refusal(
                        signed(KEY, claims().expirationTime(past).build()), 401, "Jwt is expired"),
                new Refusal(
                        signed(KEY, claims().notBeforeTime(future).build()),
                        401,
                        "Jwt not yet valid"),
                new Refusal(
                        signed(KEY, claims().issuer("other").build()),
                        401,
                        "Jwt issuer is not configured"),
                new Refusal(
                        signed(OTHER, claims().build()),
                        401,
                        "Jwks doesn't have key to match kid or alg from Jwt"),
                new Refusal(tampered(), 401, "Jwt verification fails"),
                new Refusal(
                        signed(KEY, claims().audience("b").build()),
                        403,
                        "Audiences in Jwt are not allowed"));
    }

    private static String tampered() {
        String token = signed(KEY, claims().build());
        String[] parts = token.split("\\.");
        return parts[0]
                + "."
                + parts[1]
                + "."
                + signed(KEY, claims().subject("x").build()).split("\\.")[2];
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void refusesBadTokensInTheWordsOfEnvoy(Refusal refusal) {
        FilterFixture fixture =
                fixture(refusal.status() == 403 ? ",'audiences':['https://a/']" : "");

        LocalReply reply = fixture.reply(bearer(refusal.token()));

        assertThat(reply.status()).isEqualTo(refusal.status());
        assertThat(reply.body()).isEqualTo(refusal.body());
        assertThat(reply.details())
                .isEqualTo("jwt_authn_access_denied{" + refusal.body().replace(' ', '_') + "}");
        assertThat(reply.headers().get("www-authenticate"))
                .isEqualTo("Bearer realm=\"http://a.example.com/x?y\", error=\"invalid_token\"");
    }

    @Test
    void letsPreflightsPass() {
        RequestHead preflight =
                request(
                        "OPTIONS",
                        "/",
                        "origin",
                        "http://o",
                        "access-control-request-method",
                        "GET",
                        "authorization",
                        "Bearer bad");

        assertThat(fixture("").begin(preflight).proceed())
                .isInstanceOf(FilterResult.Continue.class);
    }
}
