package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.filter.BodyTransform;
import dev.meshdojo.gateway.filter.FilterResult;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Takes one response through filters that may hold or rewrite it, last filter first. Owned by one
 * exchange, used on its event loop.
 */
final class ResponsePath {

    private static final int BUFFER_LIMIT = 1024 * 1024;
    private static final LocalReply TOO_LARGE =
            LocalReply.of(500, "Internal Server Error", "response_payload_too_large");

    private final ResponseSender response;
    private final EventLoop timers;
    private final HttpFilterChain.Run filters;
    private final ResponseHead head;
    private final List<BodyTransform> transforms = new ArrayList<>(1);
    private final BodyBuffer held = new BodyBuffer();
    private @Nullable HeaderMap trailers;
    private FilterResult.@Nullable Body wanted;
    private boolean bodiless;
    private boolean ended;
    private int next;
    private boolean delivered;
    private boolean discarded;

    ResponsePath(
            ResponseSender response,
            EventLoop timers,
            HttpFilterChain.Run filters,
            ResponseHead head,
            boolean end) {
        this.response = response;
        this.timers = timers;
        this.filters = filters;
        this.head = head;
        this.bodiless = end;
        this.ended = end;
        this.next = filters.size() - 1;
    }

    void begin() {
        if (next < 0) {
            deliver();
        } else {
            handle(filters.onResponse(next, head, bodiless));
        }
    }

    private void handle(FilterResult result) {
        if (discarded) {
            return;
        }
        switch (result) {
            case FilterResult.Continue go -> passed();
            case FilterResult.Reply answer -> {
                discard();
                response.reply(answer.reply());
            }
            case FilterResult.Body body -> {
                wanted = body;
                completeBody();
            }
            case FilterResult.Await await -> await.start().accept(this::handle);
            case FilterResult.Delay delay ->
                    timers.schedule(
                            () -> handle(delay.then()),
                            delay.delay().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void passed() {
        BodyTransform transform = filters.responseBody(next);
        next--;
        if (transform != null) {
            transforms.add(transform);
            if (!bodiless) {
                List<ByteBuf> parts = held.take();
                for (int i = 0; i < parts.size(); i++) {
                    held.add(transform.apply(parts.get(i), false));
                }
                if (ended) {
                    held.add(transform.apply(Unpooled.EMPTY_BUFFER, true));
                }
            }
        }
        begin();
    }

    private void completeBody() {
        FilterResult.Body body = wanted;
        if (body != null && ended) {
            wanted = null;
            handle(
                    body.then()
                            .apply(
                                    new WholeBody(
                                            held, head.headers(), bodiless && held.isEmpty())));
        }
    }

    private void deliver() {
        delivered = true;
        boolean headOnly = ended && held.isEmpty() && trailers == null;
        response.deliver(head, headOnly);
        if (headOnly) {
            return;
        }
        List<ByteBuf> parts = held.take();
        for (int i = 0; i < parts.size(); i++) {
            response.deliverData(parts.get(i), ended && trailers == null && i == parts.size() - 1);
        }
        if (trailers != null) {
            response.deliverTrailers(trailers);
        } else if (ended && parts.isEmpty()) {
            response.deliverData(Unpooled.EMPTY_BUFFER, true);
        }
        response.onWritable();
    }

    void data(ByteBuf data, boolean end) {
        if (discarded) {
            data.release();
            return;
        }
        ended |= end;
        ByteBuf rest = data;
        for (BodyTransform transform : transforms) {
            rest = transform.apply(rest, end);
        }
        if (delivered) {
            if (rest.isReadable() || end) {
                response.deliverData(rest, end);
            } else {
                rest.release();
            }
            return;
        }
        held.add(rest);
        if (held.bytes() > BUFFER_LIMIT && wanted != null) {
            discard();
            response.reply(TOO_LARGE);
        } else if (end) {
            completeBody();
        }
    }

    void trailers(HeaderMap lines) {
        if (discarded) {
            return;
        }
        ByteBuf rest = Unpooled.EMPTY_BUFFER;
        for (BodyTransform transform : transforms) {
            rest = transform.apply(rest, true);
        }
        ended = true;
        trailers = lines;
        if (!delivered) {
            held.add(rest);
            completeBody();
            return;
        }
        if (rest.isReadable()) {
            response.deliverData(rest, false);
        } else {
            rest.release();
        }
        response.deliverTrailers(lines);
    }

    /** Whether more of the body may come. */
    boolean writable() {
        return delivered || wanted != null || held.bytes() < BUFFER_LIMIT;
    }

    /** Drops the response: another one takes its place, or the exchange is over. */
    void discard() {
        if (!discarded) {
            discarded = true;
            held.release();
            transforms.forEach(BodyTransform::close);
        }
    }
}
