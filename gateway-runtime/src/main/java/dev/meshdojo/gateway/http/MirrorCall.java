package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.route.Mirror;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.StreamRequest;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a request, sent while the request comes in; what comes back is dropped. Used on the
 * exchange's loop only.
 *
 * <p>Source: Envoy's streaming shadow.
 */
final class MirrorCall implements ResponseSink, StreamRequest.Listener, UpstreamCluster.Choice {

    private static final long WITHOUT_TIMEOUT_MILLIS = 60_000;
    private static final int LIMIT = 1024 * 1024;

    private final RequestHead head;
    private final ForwardAction action;
    private final long random;
    private final BodyBuffer waiting = new BodyBuffer();
    private @Nullable EventLoop loop;
    private @Nullable StreamRequest request;
    private @Nullable ClientStream stream;
    private @Nullable HeaderMap trailers;
    private boolean headSent;
    private boolean complete;
    private boolean sent;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;

    private MirrorCall(RequestHead head, ForwardAction action, long random) {
        this.head = head;
        this.action = action;
        this.random = random;
    }

    /**
     * The copies that the route asks for, on their way.
     *
     * @param body what came of it so far
     * @param ended whether the request is complete
     * @param last its trailers, if it has any
     */
    static List<MirrorCall> start(
            Exchange exchange,
            ForwardAction action,
            RequestHead original,
            BodyBuffer body,
            boolean ended,
            @Nullable HeaderMap last) {
        if (action.mirrors().isEmpty()) {
            return List.of();
        }
        List<MirrorCall> calls = new ArrayList<>();
        for (Mirror mirror : action.mirrors()) {
            long random = exchange.environment().random().nextLong();
            if (!mirror.fraction().includes(random)) {
                continue;
            }
            String name =
                    mirror.clusterHeader() == null
                            ? mirror.cluster()
                            : String.valueOf(original.first(mirror.clusterHeader()));
            UpstreamCluster cluster = exchange.live().cluster(name);
            if (cluster != null) {
                MirrorCall call =
                        new MirrorCall(copy(exchange, action, mirror, original), action, random);
                calls.add(call);
                body.duplicates().forEach(call::data);
                if (ended) {
                    call.end(last);
                }
                call.open(exchange.record().connection().worker(), cluster);
            }
        }
        return calls;
    }

    private static RequestHead copy(
            Exchange exchange, ForwardAction action, Mirror mirror, RequestHead original) {
        RequestHead copy = original.copy();
        HeaderMap headers = copy.headers();
        headers.remove("transfer-encoding");
        headers.set("x-envoy-internal", "true");
        String forwarded = headers.get("x-forwarded-for");
        String own = RequestRules.ip(exchange.record().connection().local());
        headers.set("x-forwarded-for", forwarded == null ? own : forwarded + "," + own);
        if (action.timeout() != null && !headers.contains("x-envoy-expected-rq-timeout-ms")) {
            headers.set(
                    "x-envoy-expected-rq-timeout-ms", Long.toString(action.timeout().toMillis()));
        }
        if (mirror.appendShadowSuffix()) {
            copy.authority(shadow(copy.authority()));
        }
        return copy;
    }

    private static String shadow(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]")
                ? authority + "-shadow"
                : authority.substring(0, colon) + "-shadow" + authority.substring(colon);
    }

    private void open(Worker worker, UpstreamCluster cluster) {
        loop = worker.loop();
        Endpoint endpoint = cluster.choose(worker, this);
        if (endpoint == null) {
            close();
            return;
        }
        if (complete) {
            limitTime();
        }
        StreamRequest opened =
                cluster.open(
                        worker,
                        endpoint,
                        head.authority(),
                        false,
                        action.highPriority(),
                        this,
                        this);
        request = opened;
        if (over) {
            opened.end(false);
        }
    }

    /** Body bytes of the request, handed over; a mirror that is too slow for them is given up. */
    void data(ByteBuf data) {
        if (over) {
            data.release();
            return;
        }
        waiting.add(data);
        proceed();
        if (waiting.bytes() > LIMIT) {
            giveUp();
        }
    }

    /** The request is complete, with these trailers or none. */
    void end(@Nullable HeaderMap last) {
        if (over || complete) {
            return;
        }
        complete = true;
        trailers = last == null ? null : last.copy();
        limitTime();
        proceed();
    }

    private void limitTime() {
        EventLoop timers = loop;
        if (timers != null) {
            deadline =
                    timers.schedule(
                            this::giveUp,
                            action.timeout() == null
                                    ? WITHOUT_TIMEOUT_MILLIS
                                    : action.timeout().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    /** The request ends without being complete, and so does its copy. */
    void abandon() {
        if (!complete) {
            giveUp();
        }
    }

    /** Sends what came so far. */
    private void proceed() {
        ClientStream to = stream;
        if (to == null || sent) {
            return;
        }
        if (!headSent) {
            headSent = true;
            sent = complete && waiting.isEmpty() && trailers == null;
            to.sendHead(head, sent);
        }
        if (sent || !to.writable()) {
            return;
        }
        for (ByteBuf part : waiting.take()) {
            to.sendData(part, false);
        }
        if (complete) {
            sent = true;
            if (trailers == null) {
                to.sendData(Unpooled.EMPTY_BUFFER, true);
            } else {
                to.sendTrailers(trailers);
            }
        }
    }

    private void giveUp() {
        if (!over) {
            if (request != null) {
                request.cancel();
                request.end(false);
            }
            close();
        }
    }

    private void close() {
        if (!over) {
            over = true;
            if (deadline != null) {
                deadline.cancel(false);
            }
            waiting.release();
        }
    }

    private void finish(boolean success) {
        if (!over) {
            if (request != null) {
                request.end(success);
            }
            close();
        }
    }

    @Override
    public void onStream(ClientStream opened, @Nullable String localAddress) {
        if (over) {
            opened.cancel();
            return;
        }
        stream = opened;
        proceed();
    }

    @Override
    public void onNoStream(UpstreamReset reason, @Nullable String transportFailure) {
        finish(false);
    }

    @Override
    public void onInterim(ResponseHead response) {}

    @Override
    public void onHead(ResponseHead response, boolean end) {
        if (end) {
            finish(response.status() < 500);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
        if (end) {
            finish(true);
        }
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        finish(true);
    }

    @Override
    public void onReset(UpstreamReset reason) {
        finish(false);
    }

    @Override
    public void onWritable() {
        proceed();
    }

    @Override
    public long hash() {
        return random;
    }

    @Override
    public boolean avoid(Endpoint endpoint) {
        return false;
    }

    @Override
    public int attempts() {
        return 1;
    }
}
