package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.Fraction;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.stream.format.HeaderOperations;
import io.envoyproxy.envoy.extensions.common.ratelimit.v3.XRateLimitHeadersRFCVersion;
import io.envoyproxy.envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit;
import java.time.InstantSource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets through as many requests as a token bucket holds; a route with settings of its own draws
 * from a bucket of its own. Source: Envoy "Local rate limit".
 *
 * <p>Not modelled: descriptors; every request draws from the default bucket.
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
        if (limit.bucket == null || !limit.enabled.includes(context.random())) {
            return FilterResult.proceed();
        }
        if (limit.bucket.take()) {
            return FilterResult.proceed();
        }
        if (!limit.enforced.includes(context.random())) {
            limit.whenNotEnforced.applyToRequest(context.request(), context.streamInfo());
            return FilterResult.proceed();
        }
        HeaderMap headers = new HeaderMap(4);
        limit.addLimitHeaders(headers);
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
        limit(context).addLimitHeaders(response.headers());
    }

    private Limit limit(FilterContext context) {
        return context.routeConfig(name) instanceof Limit own ? own : listenerLimit;
    }

    /** A compiled {@code LocalRateLimit} and its bucket. Thread-safe. */
    public static final class Limit {

        private final @Nullable TokenBucket bucket;
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
            if (proto.getDescriptorsCount() > 0) {
                throw new InvalidConfigException(
                        "local_ratelimit descriptors are not supported here; use one token_bucket a"
                                + " route");
            }
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
                    HeaderOperations.compile(
                            proto.getResponseHeadersToAddList(), java.util.List.of());
            whenNotEnforced =
                    HeaderOperations.compile(
                            proto.getRequestHeadersToAddWhenNotEnforcedList(), java.util.List.of());
        }

        private void addLimitHeaders(HeaderMap headers) {
            if (limitHeaders && bucket != null) {
                headers.set("x-ratelimit-limit", String.valueOf(bucket.max()));
                headers.set("x-ratelimit-remaining", String.valueOf(bucket.remaining()));
                headers.set("x-ratelimit-reset", String.valueOf(bucket.secondsToRefill()));
            }
        }
    }
}
