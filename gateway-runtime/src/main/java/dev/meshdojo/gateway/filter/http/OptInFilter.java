package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.ResponseHead;

/**
 * A filter that the listener switches off and only routes with a configuration for it switch on.
 *
 * @param inner the filter
 */
public record OptInFilter(HttpFilter inner) implements HttpFilter {

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        return context.routeConfig(name()) == null
                ? FilterResult.proceed()
                : inner.onRequest(context);
    }

    @Override
    public void onResponse(FilterContext context, ResponseHead response) {
        if (context.routeConfig(name()) != null) {
            inner.onResponse(context, response);
        }
    }
}
