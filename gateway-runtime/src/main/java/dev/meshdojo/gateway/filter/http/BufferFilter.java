package dev.meshdojo.gateway.filter.http;

import dev.meshdojo.gateway.filter.FilterContext;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilter;
import dev.meshdojo.gateway.filter.MessageBody;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;

/**
 * Lets a request on when all of it is there; one that is too large gets 413. Source: Envoy
 * "Buffer".
 */
public final class BufferFilter implements HttpFilter {

    private final String name;
    private final Limit listenerLimit;

    /** A filter with the listener's own limit. */
    public BufferFilter(String name, Limit listenerLimit) {
        this.name = name;
        this.listenerLimit = listenerLimit;
    }

    /**
     * How much is kept.
     *
     * @param bytes of the body
     */
    public record Limit(long bytes) {

        /** Compiles {@code proto}. */
        public static Limit compile(Buffer proto) {
            return new Limit(Integer.toUnsignedLong(proto.getMaxRequestBytes().getValue()));
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FilterResult onRequest(FilterContext context) {
        if (context.requestEnded()) {
            return FilterResult.proceed();
        }
        Limit limit = context.routeConfig(name) instanceof Limit own ? own : listenerLimit;
        return new FilterResult.Body(limit.bytes(), body -> complete(context, body));
    }

    private static FilterResult complete(FilterContext context, MessageBody body) {
        if (!context.request().headers().contains("content-length")) {
            context.request()
                    .headers()
                    .set("content-length", Integer.toString(body.bytes().length));
            context.request().headers().remove("transfer-encoding");
        }
        return FilterResult.proceed();
    }
}
