package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.route.FilterConfigs;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The HTTP filters of one connection manager, router excluded, in order. Immutable. */
public final class HttpFilterChain {

    private final List<HttpFilter> filters;
    private final boolean holdsResponses;

    /** A chain of {@code filters}, first run first. */
    public HttpFilterChain(List<HttpFilter> filters) {
        this.filters = List.copyOf(filters);
        this.holdsResponses = filters.stream().anyMatch(HttpFilter::holdsResponses);
    }

    /** The filters. */
    public List<HttpFilter> filters() {
        return filters;
    }

    /** Starts running the chain for one request. */
    public Run begin(FilterContext context) {
        return new Run(this, context);
    }

    /** The chain's progress with one request. Owned by one stream. */
    public static final class Run {

        private final HttpFilterChain chain;
        private final FilterContext context;
        private final HttpFilter[] filters;
        private final List<BodyTransform> requestBodies = new ArrayList<>(0);
        private int passed;

        private Run(HttpFilterChain chain, FilterContext context) {
            this.chain = chain;
            this.context = context;
            this.filters = chain.filters.toArray(new HttpFilter[0]);
            for (int i = 0; i < filters.length; i++) {
                filters[i] = filters[i].forExchange(context);
            }
        }

        /**
         * Runs filters until one wants something else than to go on. When a {@link
         * FilterResult.Delay}, {@link FilterResult.Body} or {@link FilterResult.Await} ends in
         * {@link FilterResult.Continue}, call {@link #resume}.
         *
         * @return Continue when the router's turn has come
         */
        public FilterResult proceed() {
            while (passed < filters.length) {
                if (!disabled(filters[passed])) {
                    FilterResult result = filters[passed].onRequest(context);
                    if (!(result instanceof FilterResult.Continue)) {
                        return result;
                    }
                    passRequestBody();
                }
                passed++;
            }
            return FilterResult.proceed();
        }

        /** Goes on behind the filter that wanted something else. */
        public FilterResult resume() {
            passRequestBody();
            passed++;
            return proceed();
        }

        private void passRequestBody() {
            BodyTransform transform = filters[passed].requestBody();
            if (transform != null) {
                requestBodies.add(transform);
            }
        }

        /** What rewrites the request's body, first one first. */
        public List<BodyTransform> requestBodies() {
            return requestBodies;
        }

        /**
         * Whether responses go filter by filter, see {@link #onResponse(int, ResponseHead,
         * boolean)}.
         */
        public boolean holdsResponses() {
            return chain.holdsResponses;
        }

        /** How many filters there are. */
        public int size() {
            return filters.length;
        }

        /** Shows the response head to all filters, last one first. */
        public void onResponse(ResponseHead response) {
            for (int i = filters.length - 1; i >= 0; i--) {
                if (!disabled(filters[i])) {
                    filters[i].onResponse(context, response);
                }
            }
        }

        /** Shows the response head to filter {@code index}. */
        public FilterResult onResponse(int index, ResponseHead response, boolean end) {
            return disabled(filters[index])
                    ? FilterResult.proceed()
                    : filters[index].onResponse(context, response, end);
        }

        /** What filter {@code index} does to the response's body, once the head passed it. */
        public @Nullable BodyTransform responseBody(int index) {
            return disabled(filters[index]) ? null : filters[index].responseBody();
        }

        private boolean disabled(HttpFilter filter) {
            return context.routeConfig(filter.name()) instanceof FilterConfigs.Disabled;
        }
    }
}
