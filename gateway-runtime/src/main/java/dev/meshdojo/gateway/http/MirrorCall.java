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
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One copy of a request; what comes back is dropped. Used on the exchange's loop only. */
final class MirrorCall implements ResponseSink, StreamRequest.Listener, UpstreamCluster.Choice {

    private static final long WITHOUT_TIMEOUT_MILLIS = 60_000;

    private final RequestHead head;
    private final List<ByteBuf> body;
    private final long random;
    private @Nullable StreamRequest request;
    private @Nullable ScheduledFuture<?> deadline;
    private boolean over;

    private MirrorCall(RequestHead head, List<ByteBuf> body, long random) {
        this.head = head;
        this.body = body;
        this.random = random;
    }

    /** Sends the copies that the route asks for, once the request is complete. */
    static void send(
            Exchange exchange, ForwardAction action, RequestHead original, BodyBuffer body) {
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
            if (cluster == null) {
                continue;
            }
            RequestHead copy = original.copy();
            HeaderMap headers = copy.headers();
            headers.remove("transfer-encoding");
            headers.set("x-envoy-internal", "true");
            if (headers.contains("x-envoy-attempt-count")) {
                headers.set("x-envoy-attempt-count", "1");
            }
            String forwarded = headers.get("x-forwarded-for");
            String own = RequestRules.ip(exchange.record().connection().local());
            headers.set("x-forwarded-for", forwarded == null ? own : forwarded + "," + own);
            if (action.timeout() != null && !headers.contains("x-envoy-expected-rq-timeout-ms")) {
                headers.set(
                        "x-envoy-expected-rq-timeout-ms",
                        Long.toString(action.timeout().toMillis()));
            }
            if (mirror.appendShadowSuffix()) {
                copy.authority(shadow(copy.authority()));
            }
            new MirrorCall(copy, body.duplicates(), random)
                    .start(exchange.record().connection().worker(), cluster, action);
        }
    }

    private static String shadow(String authority) {
        int colon = authority.lastIndexOf(':');
        return colon < 0 || authority.endsWith("]")
                ? authority + "-shadow"
                : authority.substring(0, colon) + "-shadow" + authority.substring(colon);
    }

    private void start(Worker worker, UpstreamCluster cluster, ForwardAction action) {
        Endpoint endpoint = cluster.choose(worker, this);
        if (endpoint == null) {
            close();
            return;
        }
        deadline =
                worker.loop()
                        .schedule(
                                this::giveUp,
                                action.timeout() == null
                                        ? WITHOUT_TIMEOUT_MILLIS
                                        : action.timeout().toMillis(),
                                TimeUnit.MILLISECONDS);
        request =
                cluster.open(
                        worker,
                        endpoint,
                        head.authority(),
                        false,
                        action.highPriority(),
                        this,
                        this);
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
            body.forEach(ByteBuf::release);
            body.clear();
        }
    }

    private void end(boolean success) {
        if (!over) {
            if (request != null) {
                request.end(success);
            }
            close();
        }
    }

    @Override
    public void onStream(ClientStream stream) {
        if (over) {
            stream.cancel();
            return;
        }
        stream.sendHead(head, body.isEmpty());
        for (int i = 0; i < body.size(); i++) {
            stream.sendData(body.get(i), i == body.size() - 1);
        }
        body.clear();
    }

    @Override
    public void onNoStream(UpstreamReset reason, @Nullable String transportFailure) {
        end(false);
    }

    @Override
    public void onInterim(ResponseHead response) {}

    @Override
    public void onHead(ResponseHead response, boolean end) {
        if (end) {
            end(response.status() < 500);
        }
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        data.release();
        if (end) {
            end(true);
        }
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        end(true);
    }

    @Override
    public void onReset(UpstreamReset reason) {
        end(false);
    }

    @Override
    public void onWritable() {}

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
