package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.stream.ResponseHead;
import org.jspecify.annotations.Nullable;

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
    @SuppressWarnings("ReferenceEquality") // a filter without state answers with itself
    public HttpFilter forExchange(FilterContext context) {
        HttpFilter own = inner.forExchange(context);
        return own == inner ? this : new OptInFilter(own);
    }

    @Override
    public boolean holdsResponses() {
        return inner.holdsResponses();
    }

    @Override
    public @Nullable BodyTransform requestBody() {
        return inner.requestBody();
    }

    @Override
    public @Nullable BodyTransform responseBody() {
        return inner.responseBody();
    }

    @Override
    public FilterResult onResponse(FilterContext context, ResponseHead response, boolean end) {
        return context.routeConfig(name()) == null
                ? FilterResult.proceed()
                : inner.onResponse(context, response, end);
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
