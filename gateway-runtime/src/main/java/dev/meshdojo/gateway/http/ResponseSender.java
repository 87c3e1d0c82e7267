package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ResetCode;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.filter.HttpFilterChain;
import dev.meshdojo.gateway.filter.LocalReply;
import dev.meshdojo.gateway.route.RouteAction;
import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The response of one exchange, the upstream's or a local reply: through the filters to the client.
 * Used on the connection's loop only.
 */
final class ResponseSender {

    /** Upstream headers that a declined upgrade loses with its body. */
    private static final String[] DECLINED_UPGRADE = {
        "content-type", "content-length", "x-envoy-upstream-service-time"
    };

    private final Exchange exchange;
    private final HttpSide side;
    private final HttpConfig config;
    private final ServerStream stream;
    private final RequestHead request;
    private final StreamRecord record;
    private final StreamRoute route;
    private final boolean grpc;
    private @Nullable ResponsePath path;
    private @Nullable ResponseHead head;
    private @Nullable HeaderMap trailers;

    ResponseSender(Exchange exchange, HttpSide side, ServerStream stream, StreamRoute route) {
        this.exchange = exchange;
        this.side = side;
        this.config = side.config();
        this.stream = stream;
        this.request = exchange.request();
        this.record = exchange.record();
        this.route = route;
        this.grpc = request.grpc();
    }

    /** Whether its head was sent. */
    boolean begun() {
        return head != null;
    }

    /** As sent; null before. */
    @Nullable ResponseHead head() {
        return head;
    }

    /** As sent; null when there are none. */
    @Nullable HeaderMap trailers() {
        return trailers;
    }

    /** Whether more of the body may come. */
    boolean writable() {
        return stream.writable() && (path == null || path.writable());
    }

    void onWritable() {
        exchange.onWritable();
    }

    /** Drops what filters hold. */
    void discard() {
        if (path != null) {
            path.discard();
        }
    }

    /** What a route answers itself. */
    void direct(RouteAction.DirectResponse direct) {
        byte[] body = direct.body() == null ? new byte[0] : direct.body();
        LocalReply answer = LocalReply.of(direct.status(), "", "direct_response");
        String location = direct.location(request);
        if (location != null) {
            answer.headers().add("location", location);
        }
        if (grpc) {
            String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
            reply(
                    new LocalReply(
                            direct.status(),
                            text,
                            answer.headers(),
                            answer.details(),
                            answer.flags(),
                            null));
        } else {
            reply(answer, body);
        }
    }

    void interim(ResponseHead head) {
        if (!exchange.over()
                && this.head == null
                && (head.status() != 100 || config.proxy100Continue())) {
            exchange.touch();
            ResponseRules.stripHopByHop(head.headers(), false);
            stream.sendInterim(head.status(), head.headers());
        }
    }

    /** The upstream's response head. */
    void respond(ResponseHead head, boolean end) {
        if (exchange.over()) {
            return;
        }
        record.responseStarted();
        boolean switching = head.status() == 101;
        if (request.headers().contains("upgrade") && !switching && !stream.multiplexed()) {
            declineUpgrade(head);
            return;
        }
        record.answered(head.status(), "via_upstream");
        if (route.decided() instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(head.headers(), request, record);
        }
        ResponseRules.stripHopByHop(head.headers(), switching);
        send(head, end);
    }

    private void declineUpgrade(ResponseHead head) {
        record.details("websocket_handshake_unsuccessful");
        HeaderMap headers = head.headers();
        for (String name : DECLINED_UPGRADE) {
            headers.remove(name);
        }
        ResponseRules.stripHopByHop(headers, false);
        if (route.decided() instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(headers, request, record);
        }
        record.answered(head.status(), "websocket_handshake_unsuccessful");
        stream.closeAfterResponse();
        send(head, true);
        exchange.cancelRequest();
    }

    private void send(ResponseHead head, boolean end) {
        exchange.touch();
        HttpFilterChain.Run run = exchange.filters();
        if (run != null && run.holdsResponses() && head.status() != 101) {
            ResponsePath held = new ResponsePath(this, exchange.timers(), run, head, end);
            path = held;
            held.begin();
            return;
        }
        if (run != null) {
            run.onResponse(head);
        }
        deliver(head, end);
    }

    /** Sends a head that passed the filters. */
    void deliver(ResponseHead head, boolean end) {
        if (head.status() != record.responseCode()) {
            record.answered(head.status(), record.responseCodeDetails());
        }
        ResponseRules.apply(config, head, request, side.dateText());
        this.head = head;
        stream.sendHead(head, end);
        if (end) {
            exchange.finish();
        }
    }

    void respondData(ByteBuf data, boolean end) {
        if (exchange.over()) {
            data.release();
            return;
        }
        exchange.touch();
        if (path != null) {
            path.data(data, end);
        } else {
            deliverData(data, end);
        }
    }

    /** Sends body bytes that passed the filters. */
    void deliverData(ByteBuf data, boolean end) {
        record.sent(data.readableBytes());
        stream.sendData(data, end);
        if (end) {
            exchange.finish();
        }
    }

    void respondTrailers(HeaderMap trailers) {
        if (path != null && !exchange.over()) {
            path.trailers(trailers);
        } else {
            deliverTrailers(trailers);
        }
    }

    /** Sends trailers behind a body that passed the filters. */
    void deliverTrailers(HeaderMap trailers) {
        if (!exchange.over()) {
            this.trailers = trailers;
            stream.sendTrailers(trailers);
            exchange.finish();
        }
    }

    /** Answers the request here; the client sees what the reply says. */
    void reply(LocalReply answer) {
        reply(answer, LocalReplies.body(answer, grpc));
    }

    /** Answers with a body of bytes. */
    void reply(LocalReply answer, byte[] body) {
        if (exchange.over() || head != null) {
            return;
        }
        if (path != null) {
            path.discard();
            path = null;
        }
        answer.flags().forEach(record::raise);
        boolean toGrpc = grpc && body.length == 0;
        boolean toHead = request.method().equals("HEAD");
        ResponseHead answered = LocalReplies.head(answer, toGrpc);
        // Formatters do not see the status of a local reply yet, as in Envoy.
        record.details(answer.details());
        if (route.decided() instanceof RouteDecision.Matched matched) {
            matched.finalizeResponse(answered.headers(), request, record);
        }
        if (toGrpc) {
            LocalReplies.describeGrpc(answered.headers(), answer, toHead);
        } else {
            LocalReplies.describeBody(answered.headers(), body.length);
        }
        record.answered(answered.status(), answer.details());
        if (body.length == 0 || toHead) {
            send(answered, true);
        } else {
            send(answered, false);
            respondData(Unpooled.wrappedBuffer(body), true);
        }
        exchange.cancelRequest();
    }

    /** Ends a response that had begun and cannot be completed. */
    void breakOff(String details) {
        if (!exchange.over()) {
            record.details(details);
            stream.reset(ResetCode.INTERNAL_ERROR);
            exchange.finish();
        }
    }
}
