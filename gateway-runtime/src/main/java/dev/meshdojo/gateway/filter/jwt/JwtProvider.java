package dev.meshdojo.gateway.filter.jwt;

import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One compiled provider of tokens. Immutable. */
final class JwtProvider {

    private static final long DEFAULT_SKEW_SECONDS = 60;

    private final String name;
    private final String issuer;
    private final Set<String> audiences;
    private final @Nullable StringMatch subjects;
    private final boolean requireExpiration;
    private final @Nullable Duration maxLifetime;
    private final KeySet keys;
    private final boolean forward;
    private final List<TokenLocation> locations;
    private final long skewSeconds;
    private final io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider proto;

    JwtProvider(
            String name,
            io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider proto) {
        this.name = name;
        this.proto = proto;
        issuer = proto.getIssuer();
        audiences = sanitized(proto.getAudiencesList());
        subjects = proto.hasSubjects() ? StringMatch.compile(proto.getSubjects()) : null;
        requireExpiration = proto.getRequireExpiration();
        maxLifetime =
                proto.hasMaxLifetime()
                        ? Duration.ofSeconds(proto.getMaxLifetime().getSeconds())
                        : null;
        keys =
                switch (proto.getJwksSourceSpecifierCase()) {
                    case LOCAL_JWKS -> KeySet.parse(text(proto.getLocalJwks()));
                    case REMOTE_JWKS -> KeySet.remote();
                    case JWKSSOURCESPECIFIER_NOT_SET -> KeySet.parse("{}");
                };
        forward = proto.getForward();
        locations = locations(proto);
        skewSeconds =
                proto.getClockSkewSeconds() > 0
                        ? proto.getClockSkewSeconds()
                        : DEFAULT_SKEW_SECONDS;
    }

    private static String text(DataSource source) {
        return switch (source.getSpecifierCase()) {
            case INLINE_STRING -> source.getInlineString();
            case INLINE_BYTES -> source.getInlineBytes().toStringUtf8();
            case FILENAME, ENVIRONMENT_VARIABLE, SPECIFIER_NOT_SET ->
                    throw new InvalidConfigException(
                            "jwt_authn local_jwks: only inline_string and inline_bytes are read"
                                    + " here");
        };
    }

    private static List<TokenLocation> locations(
            io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider proto) {
        List<TokenLocation> locations = new ArrayList<>();
        proto.getFromHeadersList()
                .forEach(
                        header ->
                                locations.add(
                                        new TokenLocation.Header(
                                                header.getName().toLowerCase(Locale.ROOT),
                                                header.getValuePrefix())));
        proto.getFromParamsList()
                .forEach(parameter -> locations.add(new TokenLocation.Parameter(parameter)));
        proto.getFromCookiesList()
                .forEach(cookie -> locations.add(new TokenLocation.Cookie(cookie)));
        if (locations.isEmpty()) {
            locations.add(new TokenLocation.Header("authorization", "Bearer "));
            locations.add(new TokenLocation.Parameter("access_token"));
        }
        return List.copyOf(locations);
    }

    String name() {
        return name;
    }

    List<TokenLocation> locations() {
        return locations;
    }

    boolean forward() {
        return forward;
    }

    boolean takesIssuer(String candidate) {
        return issuer.isEmpty() || issuer.equals(candidate);
    }

    String payloadHeader() {
        return proto.getForwardPayloadHeader().toLowerCase(Locale.ROOT);
    }

    boolean padPayloadHeader() {
        return proto.getPadForwardPayloadHeader();
    }

    String payloadInMetadata() {
        return proto.getPayloadInMetadata();
    }

    String headerInMetadata() {
        return proto.getHeaderInMetadata();
    }

    List<String> spaceDelimitedClaims() {
        return proto.getNormalizePayloadInMetadata().getSpaceDelimitedClaimsList();
    }

    List<JwtClaimToHeader> claimHeaders() {
        return proto.getClaimToHeadersList();
    }

    boolean clearsRouteCache() {
        return proto.getClearRouteCache();
    }

    /** Everything about a parsed token of this provider: claims first, the signature last. */
    JwtStatus check(Jwt token, @Nullable Set<String> requiredAudiences, long nowSeconds) {
        if (!takesIssuer(token.issuer())) {
            return JwtStatus.UNKNOWN_ISSUER;
        }
        Object subject = token.payload().get("sub");
        if (subjects != null && !(subject instanceof String text && subjects.matches(text))) {
            return JwtStatus.VERIFICATION_FAILED;
        }
        long expiry = token.seconds("exp");
        if (requireExpiration && expiry == 0) {
            return JwtStatus.VERIFICATION_FAILED;
        }
        if (maxLifetime != null && expiry != 0) {
            long from = Math.max(token.seconds("iat"), token.seconds("nbf"));
            long start = from == 0 ? nowSeconds : from;
            if (expiry - start > maxLifetime.toSeconds()) {
                return JwtStatus.VERIFICATION_FAILED;
            }
        }
        if (nowSeconds + skewSeconds < token.seconds("nbf")) {
            return JwtStatus.NOT_YET_VALID;
        }
        if (expiry != 0 && nowSeconds > expiry + skewSeconds) {
            return JwtStatus.EXPIRED;
        }
        Set<String> wanted = requiredAudiences == null ? audiences : requiredAudiences;
        if (!wanted.isEmpty()
                && sanitized(token.audiences()).stream().noneMatch(wanted::contains)) {
            return JwtStatus.AUDIENCE_NOT_ALLOWED;
        }
        return keys.verify(token);
    }

    /** Audiences without scheme and trailing slash: how they are compared. */
    static Set<String> sanitized(List<String> audiences) {
        return audiences.stream()
                .map(audience -> audience.replaceFirst("^https?://", "").replaceFirst("/$", ""))
                .collect(Collectors.toUnmodifiableSet());
    }
}
