package dev.meshdojo.simulator.pilot.security;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.route.StringMatches;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Matchers for claims of a verified JWT, which the authentication filter leaves as metadata. */
public final class JwtClaims {

    /** The filter whose metadata holds the claims. */
    public static final String FILTER = "envoy.filters.http.jwt_authn";

    /** The key under which the claims lie. */
    public static final String PAYLOAD = "payload";

    private static final String HEADER = "@request.auth.claims";

    private JwtClaims() {}

    /**
     * A matcher for a header name such as {@code @request.auth.claims.groups}; null when the name
     * is an ordinary one or no kind of match is written.
     */
    public static @Nullable MetadataMatcher routeMatcher(String headerName, JsonView match) {
        List<String> path = claimPath(headerName);
        StringMatcher matcher = StringMatches.of(match);
        if (path.isEmpty() || matcher == null) {
            return null;
        }
        return list(path, ValueMatcher.newBuilder().setStringMatch(matcher).build());
    }

    /** A matcher for a claim that is {@code value}, or a list with an element that is. */
    public static MetadataMatcher list(List<String> claims, ValueMatcher value) {
        ValueMatcher element =
                ValueMatcher.newBuilder()
                        .setListMatch(ListMatcher.newBuilder().setOneOf(value))
                        .build();
        return path(claims)
                .setValue(
                        ValueMatcher.newBuilder()
                                .setOrMatch(
                                        OrMatcher.newBuilder()
                                                .addValueMatchers(element)
                                                .addValueMatchers(value)))
                .build();
    }

    /** A matcher for a claim that is a text. */
    public static MetadataMatcher text(String claim, StringMatcher value) {
        return path(List.of(claim))
                .setValue(ValueMatcher.newBuilder().setStringMatch(value))
                .build();
    }

    private static MetadataMatcher.Builder path(List<String> claims) {
        MetadataMatcher.Builder out = MetadataMatcher.newBuilder().setFilter(FILTER);
        out.addPathBuilder().setKey(PAYLOAD);
        claims.forEach(claim -> out.addPathBuilder().setKey(claim));
        return out;
    }

    private static List<String> claimPath(String name) {
        if (!name.toLowerCase(Locale.ROOT).startsWith(HEADER)) {
            return List.of();
        }
        String rest = name.substring(HEADER.length());
        if (rest.startsWith("[") && rest.endsWith("]")) {
            return nested(rest);
        }
        if (rest.startsWith(".") && rest.length() > 1) {
            return List.of(rest.substring(1).split("\\."));
        }
        return List.of();
    }

    /** The names in {@code [a][b]}; the whole inside of the outer brackets when they are uneven. */
    static List<String> nested(String brackets) {
        List<String> out = new ArrayList<>();
        int begin = 0;
        while (begin < brackets.length()) {
            int end = brackets.indexOf(']', begin);
            int inner = brackets.indexOf('[', begin + 1);
            if (brackets.charAt(begin) != '[' || end < 0 || (inner >= 0 && inner < end)) {
                return List.of(brackets.substring(1, brackets.length() - 1));
            }
            out.add(brackets.substring(begin + 1, end));
            begin = end + 1;
        }
        return out;
    }
}
