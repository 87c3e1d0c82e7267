package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.route.RateLimitActions;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.LocalRateLimitDescriptor;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets through as many requests as a token bucket holds; a route with settings of its own draws
 * from a bucket of its own, and descriptors of the request draw from theirs. Source: Envoy "Local
 * rate limit".
 *
 * <p>Not modelled: buckets shared among a cluster's proxies or kept for each connection.
 */
public final class LocalRateLimitFilter implements HttpFilter {

    private static final String BODY = "local_rate_limited";

    private final String name;
    private final Limit listenerLimit;

    /** A filter with the listener's own limit. */
    public LocalRateLimitFilter(String name, Limit listenerLimit) {
        this.name = name;
        this.listenerLimit = listenerLimit;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        Limit limit = limit(context);
        if (!limit.enabled.includes(context.random()) || limit.take(context)) {
            return FilterResult.proceed();
        }
        if (!limit.enforced.includes(context.random())) {
            limit.whenNotEnforced.applyToRequest(context.request(), context.streamInfo());
            return FilterResult.proceed();
        }
        HeaderMap headers = new HeaderMap(4);
        limit.addLimitHeaders(headers, context);
        limit.responseHeaders.applyToResponse(headers, context.request(), context.streamInfo());
        return new FilterResult.Reply(
                new LocalReply(
                        limit.status,
                        BODY,
                        headers,
                        BODY,
                        Set.of(ResponseFlag.RATE_LIMITED),
                        limit.resourceExhausted ? 8 : null));
    }

    @Override
    public void onResponse(FilterContext context, ResponseHead response) {
        limit(context).addLimitHeaders(response.headers(), context);
    }

    private Limit limit(FilterContext context) {
        return context.routeConfig(name) instanceof Limit own ? own : listenerLimit;
    }

    /** A compiled {@code LocalRateLimit} and its bucket. Thread-safe. */
    public static final class Limit {

        private final @Nullable TokenBucket bucket;
        private final Map<List<RateLimitActions.Entry>, TokenBucket> buckets = new HashMap<>();
        private final RateLimitActions own;
        private final boolean alwaysDefault;
        private final int stage;
        private final Fraction enabled;
        private final Fraction enforced;
        private final int status;
        private final boolean resourceExhausted;
        private final boolean limitHeaders;
        private final HeaderOperations responseHeaders;
        private final HeaderOperations whenNotEnforced;

        /**
         * Compiles {@code proto}; the bucket starts full.
         *
         * @throws InvalidConfigException when it is invalid or asks for what is not modelled
         */
        public Limit(LocalRateLimit proto, InstantSource clock) {
            for (LocalRateLimitDescriptor descriptor : proto.getDescriptorsList()) {
                List<RateLimitActions.Entry> entries =
                        descriptor.getEntriesList().stream()
                                .map(
                                        entry ->
                                                new RateLimitActions.Entry(
                                                        entry.getKey(), entry.getValue()))
                                .toList();
                if (buckets.put(entries, TokenBucket.compile(descriptor.getTokenBucket(), clock))
                        != null) {
                    throw new InvalidConfigException(
                            "duplicate descriptor in the local rate descriptor: " + text(entries));
                }
            }
            stage = proto.getStage();
            own = RateLimitActions.compile(proto.getRateLimitsList());
            alwaysDefault =
                    !proto.hasAlwaysConsumeDefaultTokenBucket()
                            || proto.getAlwaysConsumeDefaultTokenBucket().getValue();
            bucket =
                    proto.hasTokenBucket()
                            ? TokenBucket.compile(proto.getTokenBucket(), clock)
                            : null;
            enabled =
                    proto.hasFilterEnabled()
                            ? Fraction.of(proto.getFilterEnabled())
                            : Fraction.NONE;
            enforced =
                    proto.hasFilterEnforced()
                            ? Fraction.of(proto.getFilterEnforced())
                            : Fraction.NONE;
            int configured = proto.getStatus().getCodeValue();
            status = configured >= 400 ? configured : 429;
            resourceExhausted = proto.getRateLimitedAsResourceExhausted();
            limitHeaders =
                    proto.getEnableXRatelimitHeaders()
                            == XRateLimitHeadersRFCVersion.DRAFT_VERSION_03;
            responseHeaders =
                    HeaderOperations.compile(proto.getResponseHeadersToAddList(), List.of());
            whenNotEnforced =
                    HeaderOperations.compile(
                            proto.getRequestHeadersToAddWhenNotEnforcedList(), List.of());
        }

        private static String text(List<RateLimitActions.Entry> entries) {
            return entries.stream()
                    .map(entry -> entry.key() + "=" + entry.value())
                    .collect(Collectors.joining(", "));
        }

        private boolean take(FilterContext context) {
            List<TokenBucket> matched = matched(context);
            for (TokenBucket each : matched) {
                if (!each.take()) {
                    return false;
                }
            }
            return bucket == null || !(matched.isEmpty() || alwaysDefault) || bucket.take();
        }

        /** The buckets of the request's descriptors, slowest first. */
        private List<TokenBucket> matched(FilterContext context) {
            if (buckets.isEmpty()) {
                return List.of();
            }
            RateLimitActions actions = own;
            if (actions.isEmpty() && context.route() instanceof RouteDecision.Matched route) {
                actions = route.route().rateLimits();
            }
            List<TokenBucket> matched = new ArrayList<>();
            for (var entries :
                    actions.descriptors(stage, context.request(), context.streamInfo())) {
                TokenBucket found = buckets.get(entries);
                if (found != null) {
                    matched.add(found);
                }
            }
            matched.sort(Comparator.comparingDouble(TokenBucket::rate));
            return matched;
        }

        private void addLimitHeaders(HeaderMap headers, FilterContext context) {
            if (!limitHeaders) {
                return;
            }
            List<TokenBucket> matched = matched(context);
            TokenBucket shown = matched.isEmpty() ? bucket : matched.getFirst();
            if (shown != null) {
                headers.set("x-ratelimit-limit", String.valueOf(shown.max()));
                headers.set("x-ratelimit-remaining", String.valueOf(shown.remaining()));
                headers.set("x-ratelimit-reset", String.valueOf(shown.secondsToRefill()));
            }
        }
    }
}
