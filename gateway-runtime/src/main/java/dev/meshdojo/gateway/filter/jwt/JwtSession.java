package dev.meshdojo.gateway.filter.jwt;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.format.JsonText;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The verification of one request's tokens and what it does to the request. */
final class JwtSession {

    /** What a requirement lets pass besides valid tokens. */
    enum Leniency {
        NONE,
        MISSING,
        FAILED
    }

    private record Found(String text, TokenLocation location, List<JwtProvider> providers) {}

    private final RequestHead request;
    private final long nowSeconds;
    private final Map<String, @Nullable Object> extracted = new LinkedHashMap<>();
    private boolean clearRouteCache;

    JwtSession(RequestHead request, long nowSeconds) {
        this.request = request;
        this.nowSeconds = nowSeconds;
    }

    /** Headers and payloads of good tokens, by the keys that providers give them. */
    Map<String, @Nullable Object> extracted() {
        return extracted;
    }

    /** Whether a good token may change the route. */
    boolean clearsRouteCache() {
        return clearRouteCache;
    }

    /** Verifies every token found where the providers look. */
    JwtStatus verifyAll(
            List<JwtProvider> providers, @Nullable Set<String> audiences, Leniency leniency) {
        providers.forEach(this::dropForgedHeaders);
        List<Found> tokens = find(providers);
        if (tokens.isEmpty()) {
            return leniency == Leniency.NONE ? JwtStatus.MISSING : JwtStatus.OK;
        }
        JwtStatus last = JwtStatus.OK;
        for (int i = tokens.size() - 1; i >= 0; i--) {
            last = verify(tokens.get(i), audiences);
            if (last != JwtStatus.OK && leniency == Leniency.NONE) {
                return last;
            }
        }
        return leniency == Leniency.FAILED ? JwtStatus.OK : last;
    }

    private List<Found> find(List<JwtProvider> providers) {
        Map<TokenLocation, List<JwtProvider>> places = new LinkedHashMap<>();
        for (JwtProvider provider : providers) {
            for (TokenLocation location : provider.locations()) {
                places.computeIfAbsent(location, key -> new ArrayList<>()).add(provider);
            }
        }
        List<Found> found = new ArrayList<>();
        places.forEach(
                (location, owners) -> {
                    String text = location.find(request);
                    if (text != null) {
                        found.add(new Found(text, location, owners));
                    }
                });
        return found;
    }

    private JwtStatus verify(Found found, @Nullable Set<String> audiences) {
        Jwt.Parsed parsed = Jwt.parse(found.text);
        Jwt token = parsed.token();
        if (token == null) {
            return parsed.status();
        }
        for (JwtProvider provider : found.providers) {
            if (provider.takesIssuer(token.issuer())) {
                JwtStatus status = provider.check(token, audiences, nowSeconds);
                if (status == JwtStatus.OK) {
                    accept(provider, token, found.location);
                }
                return status;
            }
        }
        return JwtStatus.UNKNOWN_ISSUER;
    }

    private void dropForgedHeaders(JwtProvider provider) {
        if (!provider.payloadHeader().isEmpty()) {
            request.headers().remove(provider.payloadHeader());
        }
        for (JwtClaimToHeader claim : provider.claimHeaders()) {
            request.headers().remove(claim.getHeaderName().toLowerCase(Locale.ROOT));
        }
    }

    private void accept(JwtProvider provider, Jwt token, TokenLocation location) {
        HeaderMap headers = request.headers();
        if (!provider.payloadHeader().isEmpty()) {
            String payload = token.encodedPayload();
            String padding = "=".repeat((4 - payload.length() % 4) % 4);
            headers.add(
                    provider.payloadHeader(),
                    provider.padPayloadHeader() ? payload + padding : payload);
        }
        for (JwtClaimToHeader claim : provider.claimHeaders()) {
            String value = claimText(token, claim.getClaimName());
            if (value != null && !value.isEmpty()) {
                headers.add(claim.getHeaderName().toLowerCase(Locale.ROOT), value);
            }
        }
        if (!provider.forward()) {
            location.remove(request);
        }
        if (!provider.headerInMetadata().isEmpty()) {
            extracted.put(provider.headerInMetadata(), token.header());
        }
        if (!provider.payloadInMetadata().isEmpty()) {
            extracted.put(provider.payloadInMetadata(), normalized(provider, token));
        }
        clearRouteCache |= provider.clearsRouteCache();
    }

    private static Map<String, @Nullable Object> normalized(JwtProvider provider, Jwt token) {
        Map<String, @Nullable Object> payload = new LinkedHashMap<>(token.payload());
        for (String claim : provider.spaceDelimitedClaims()) {
            if (payload.get(claim) instanceof String text) {
                payload.put(claim, List.of(text.split(" ")));
            }
        }
        return payload;
    }

    /** Numbers and booleans as text, structures as base64url JSON; dots descend into objects. */
    private static @Nullable String claimText(Jwt token, String name) {
        Object value = token.payload().get(name);
        if (value == null) {
            value = token.payload();
            for (String part : name.split("\\.")) {
                value = value instanceof Map<?, ?> map ? map.get(part) : null;
            }
        }
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean bool -> bool.toString();
            case Number number -> JsonText.of(number);
            default ->
                    Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(JsonText.of(value).getBytes(StandardCharsets.UTF_8));
        };
    }
}
