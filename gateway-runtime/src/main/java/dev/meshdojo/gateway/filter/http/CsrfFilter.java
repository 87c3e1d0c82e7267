package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.route.match.StringMatch;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.extensions.filters.http.csrf.v3.CsrfPolicy;
import java.util.List;
import java.util.Set;

/** Refuses changes that another site's page asks for. Source: Envoy "CSRF". */
public final class CsrfFilter implements HttpFilter {

    private static final Set<String> CHANGES = Set.of("POST", "PUT", "DELETE", "PATCH");

    private final String name;
    private final Policy listenerPolicy;

    /** A filter with the listener's own policy. */
    public CsrfFilter(String name, Policy listenerPolicy) {
        this.name = name;
        this.listenerPolicy = listenerPolicy;
    }

    /**
     * Which requests are looked at, and which foreign origins are welcome.
     *
     * @param enabled the share that is refused; others are let pass
     */
    public record Policy(Fraction enabled, List<StringMatch> origins) {

        public Policy {
            origins = List.copyOf(origins);
        }

        /** Compiles {@code proto}. */
        public static Policy compile(CsrfPolicy proto) {
            return new Policy(
                    Fraction.of(proto.getFilterEnabled()),
                    StringMatch.compileAll(proto.getAdditionalOriginsList()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        Policy policy = context.routeConfig(name) instanceof Policy own ? own : listenerPolicy;
        RequestHead request = context.request();
        if (!policy.enabled().includes(context.random()) || !CHANGES.contains(request.method())) {
            return FilterResult.proceed();
        }
        String source = hostAndPort(request.headers().get("origin"));
        if (source.isEmpty()) {
            source = hostAndPort(request.headers().get("referer"));
        }
        String origin = source;
        boolean valid =
                !origin.isEmpty()
                        && (origin.equals(request.authority())
                                || policy.origins().stream()
                                        .anyMatch(match -> match.matches(origin)));
        return valid
                ? FilterResult.proceed()
                : new FilterResult.Reply(
                        LocalReply.of(403, "Invalid origin", "csrf_origin_mismatch"));
    }

    /** Of an absolute URL its host and port; other text as it is. */
    private static String hostAndPort(@org.jspecify.annotations.Nullable String url) {
        if (url == null) {
            return "";
        }
        int scheme = url.indexOf("://");
        if (scheme < 0) {
            return url;
        }
        int end = scheme + 3;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(scheme + 3, end);
    }
}
