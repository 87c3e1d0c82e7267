package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;

/**
 * Stands for a filter whose work a client or backend of this proxy cannot see, such as gRPC
 * statistics or Istio's metadata exchange.
 *
 * @param name the filter's configured name
 */
public record PassThroughFilter(String name) implements HttpFilter {

    @Override
    public FilterResult onRequest(FilterContext context) {
        return FilterResult.proceed();
    }
}
