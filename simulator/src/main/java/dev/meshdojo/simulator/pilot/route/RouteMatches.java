package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.BoolValue;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import dev.meshdojo.simulator.pilot.security.JwtClaims;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code HTTPMatchRequest} as Envoy's {@code RouteMatch}. */
final class RouteMatches {

    private RouteMatches() {}

    /** The match; null stands for a rule without matches, which takes every request. */
    static RouteMatch of(@Nullable JsonView match, VirtualService.Semantics semantics) {
        RouteMatch.Builder out = RouteMatch.newBuilder().setPrefix("/");
        if (match == null) {
            return out.build();
        }
        List<HeaderMatcher> headers = new ArrayList<>();
        match.at("headers").fields().forEach((name, value) -> header(out, headers, name, value));
        match.at("withoutHeaders")
                .fields()
                .forEach((name, value) -> withoutHeader(out, headers, name, value));
        headers.sort(Comparator.comparing(HeaderMatcher::getName));
        out.addAllHeaders(headers);
        path(out, match.at("uri"), semantics);
        out.setCaseSensitive(BoolValue.of(!match.flag("ignoreUriCase")));
        for (String field : List.of("method", "authority", "scheme")) {
            if (match.has(field)) {
                out.addHeaders(header(":" + field, match.at(field)));
            }
        }
        match.at("queryParams")
                .fields()
                .forEach((name, value) -> out.addQueryParameters(query(name, value)));
        return out.build();
    }

    /** Whether the match takes every request, so that nothing after it is ever reached. */
    static boolean catchAll(RouteMatch match) {
        boolean everyPath =
                switch (match.getPathSpecifierCase()) {
                    case PREFIX -> match.getPrefix().equals("/");
                    case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix().equals("/");
                    case SAFE_REGEX -> match.getSafeRegex().getRegex().equals(".*");
                    default -> false;
                };
        return everyPath
                && match.getHeadersCount() == 0
                && match.getQueryParametersCount() == 0
                && match.getDynamicMetadataCount() == 0;
    }

    private static void path(
            RouteMatch.Builder out, JsonView uri, VirtualService.Semantics semantics) {
        if (uri.has("exact")) {
            out.setPath(uri.text("exact"));
        } else if (uri.has("prefix")) {
            String prefix = uri.text("prefix");
            if (semantics != VirtualService.Semantics.ISTIO && !prefix.equals("/")) {
                out.setPathSeparatedPrefix(
                        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix);
            } else {
                out.setPrefix(prefix);
            }
        } else if (uri.has("regex")) {
            out.setSafeRegex(StringMatches.regex(uri.text("regex")));
        }
    }

    private static void header(
            RouteMatch.Builder out, List<HeaderMatcher> headers, String name, JsonView value) {
        MetadataMatcher claim = JwtClaims.routeMatcher(name, value);
        if (claim != null) {
            out.addDynamicMetadata(claim);
        } else {
            headers.add(header(name, value).build());
        }
    }

    private static void withoutHeader(
            RouteMatch.Builder out, List<HeaderMatcher> headers, String name, JsonView value) {
        MetadataMatcher claim = JwtClaims.routeMatcher(name, value);
        if (claim != null) {
            out.addDynamicMetadata(claim.toBuilder().setInvert(true));
        } else {
            headers.add(
                    header(name, value)
                            .setInvertMatch(true)
                            .setTreatMissingHeaderAsEmpty(!StringMatches.presence(value))
                            .build());
        }
    }

    private static HeaderMatcher.Builder header(String name, JsonView value) {
        HeaderMatcher.Builder out = HeaderMatcher.newBuilder().setName(name);
        StringMatcher matcher = StringMatches.of(value);
        if (matcher == null || StringMatches.presence(value)) {
            return out.setPresentMatch(true);
        }
        return out.setStringMatch(matcher);
    }

    private static QueryParameterMatcher query(String name, JsonView value) {
        QueryParameterMatcher.Builder out = QueryParameterMatcher.newBuilder().setName(name);
        StringMatcher matcher = StringMatches.of(value);
        if (matcher == null || StringMatches.presence(value)) {
            return out.setPresentMatch(true).build();
        }
        return out.setStringMatch(matcher).build();
    }
}
