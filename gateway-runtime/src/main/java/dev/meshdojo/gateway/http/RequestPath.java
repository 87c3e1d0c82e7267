package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A request on its way through the filters to its router: filters that wait, bodies that they hold
 * back or rewrite, and what arrives before the router is there. Used on the connection's loop only.
 */
final class RequestPath {

    private static final int BUFFER_LIMIT = 1024 * 1024;

    private final Exchange exchange;
    private final RequestHead request;
    private final HttpFilterChain.Run run;
    private final BodyBuffer early = new BodyBuffer();
    private FilterResult.@Nullable Body wanted;
    private @Nullable Router router;
    private @Nullable HeaderMap trailers;

    RequestPath(Exchange exchange, HttpFilterChain.Run run) {
        this.exchange = exchange;
        this.request = exchange.request();
        this.run = run;
    }

    void begin() {
        handle(run.proceed(), false);
    }

    /** What the filters do with the response, too. */
    HttpFilterChain.Run run() {
        return run;
    }

    @Nullable Router router() {
        return router;
    }

    /** What came so far, for the router. */
    BodyBuffer early() {
        return early;
    }

    /** Does what a filter wants. */
    private void handle(FilterResult result, boolean waited) {
        if (exchange.answered()) {
            return;
        }
        switch (result) {
            case FilterResult.Continue go -> {
                if (waited) {
                    handle(run.resume(), false);
                } else {
                    exchange.dispatch();
                }
            }
            case FilterResult.Reply answer -> exchange.response().reply(answer.reply());
            case FilterResult.Delay delay ->
                    exchange.timers()
                            .schedule(
                                    () -> handle(delay.then(), true),
                                    delay.delay().toMillis(),
                                    TimeUnit.MILLISECONDS);
            case FilterResult.Await await -> await.start().accept(then -> handle(then, true));
            case FilterResult.Body body -> {
                wanted = body;
                exchange.readRequest(true);
                hold(body);
            }
        }
    }

    /** Sees whether the request's body that a filter waits for is there, or too large. */
    private void hold(FilterResult.Body body) {
        if (early.bytes() > Math.min(BUFFER_LIMIT, body.limit())) {
            wanted = null;
            exchange.response()
                    .reply(LocalReply.of(413, "Payload Too Large", "request_payload_too_large"));
        } else if (exchange.requestEnded()) {
            wanted = null;
            boolean absent = early.isEmpty();
            handle(body.then().apply(new WholeBody(early, request.headers(), absent)), true);
        }
    }

    /** Hands over to a router what came and what comes. */
    void forward(Router started) {
        if (!run.requestBodies().isEmpty() && !early.isEmpty()) {
            List<ByteBuf> parts = early.take();
            for (int i = 0; i < parts.size(); i++) {
                boolean last = exchange.requestEnded() && i == parts.size() - 1;
                early.add(transform(parts.get(i), last));
            }
        }
        router = started;
        started.start(exchange.requestEnded(), trailers);
    }

    private ByteBuf transform(ByteBuf data, boolean end) {
        ByteBuf rest = data;
        for (BodyTransform transform : run.requestBodies()) {
            rest = transform.apply(rest, end);
        }
        return rest;
    }

    void data(ByteBuf data, boolean end) {
        if (router != null) {
            router.onRequestData(transform(data, end), end);
        } else {
            early.add(data);
            awaitRouter();
        }
    }

    void trailers(HeaderMap arrived) {
        if (router != null) {
            ByteBuf rest = transform(Unpooled.EMPTY_BUFFER, true);
            if (rest.isReadable()) {
                router.onRequestData(rest, false);
            }
            router.onRequestTrailers(arrived);
        } else {
            trailers = arrived;
            awaitRouter();
        }
    }

    private void awaitRouter() {
        FilterResult.Body body = wanted;
        if (body != null) {
            hold(body);
        } else {
            exchange.readRequest(early.bytes() < BUFFER_LIMIT);
        }
    }

    /** Gives up the router, if there is one, and what waits for it. */
    void cancel() {
        if (router != null) {
            router.cancel();
        }
        early.release();
    }

    /** Ends the filters' work on the request's body. */
    void close() {
        run.requestBodies().forEach(BodyTransform::close);
    }
}
