package dev.meshdojo.gateway.filter;

import dev.meshdojo.gateway.route.FilterConfigs;
import dev.meshdojo.gateway.stream.ResponseHead;
import java.util.List;

/** The HTTP filters of one connection manager, router excluded, in order. Immutable. */
public final class HttpFilterChain {

    private final List<HttpFilter> filters;

    /** A chain of {@code filters}, first run first. */
    public HttpFilterChain(List<HttpFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    /** The filters. */
    public List<HttpFilter> filters() {
        return filters;
    }

    /** Starts running the chain for one request. */
    public Run begin(FilterContext context) {
        return new Run(filters, context);
    }

    /** The chain's progress with one request. Owned by one stream. */
    public static final class Run {

        private final List<HttpFilter> filters;
        private final FilterContext context;
        private int passed;

        private Run(List<HttpFilter> filters, FilterContext context) {
            this.filters = filters;
            this.context = context;
        }

        /**
         * Runs filters until one wants something else than to go on. After a {@link
         * FilterResult.Delay} that ends in {@link FilterResult.Continue}, call this again.
         *
         * @return Continue when the router's turn has come
         */
        public FilterResult proceed() {
            while (passed < filters.size()) {
                if (disabled(filters.get(passed))) {
                    passed++;
                    continue;
                }
                FilterResult result = filters.get(passed).onRequest(context);
                switch (result) {
                    case FilterResult.Continue go -> passed++;
                    case FilterResult.Delay delay -> {
                        if (delay.then() instanceof FilterResult.Continue) {
                            passed++;
                        }
                        return delay;
                    }
                    case FilterResult.Reply reply -> {
                        return reply;
                    }
                }
            }
            return FilterResult.proceed();
        }

        /** Shows the response head to the filters that let the request pass, last one first. */
        public void onResponse(ResponseHead response) {
            for (int i = passed - 1; i >= 0; i--) {
                if (!disabled(filters.get(i))) {
                    filters.get(i).onResponse(context, response);
                }
            }
        }

        private boolean disabled(HttpFilter filter) {
            return context.routeConfig(filter.name()) instanceof FilterConfigs.Disabled;
        }
    }
}
