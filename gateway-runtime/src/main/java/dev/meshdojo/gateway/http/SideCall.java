package dev.meshdojo.gateway.http;

import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.filter.SideResponse;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.StreamRequest;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that a filter sends on its own, and its answer. Used on one loop only. */
final class SideCall implements ResponseSink, StreamRequest.Listener, UpstreamCluster.Choice {

    private static final int ANSWER_LIMIT = 1024 * 1024;

    private final RequestHead head;
    private final byte[] body;
    private final long random;
    private final Consumer<@Nullable SideResponse> done;
    private final BodyBuffer answer = new BodyBuffer();
    private @Nullable StreamRequest request;
    private @Nullable ScheduledFuture<?> deadline;
    private @Nullable ResponseHead response;
    private final long begun = System.nanoTime();
    private boolean over;

    SideCall(RequestHead head, byte[] body, long random, Consumer<@Nullable SideResponse> done) {
        this.head = head;
        this.body = body;
        this.random = random;
        this.done = done;
    }

    void start(Worker worker, UpstreamCluster cluster, Duration timeout) {
        Endpoint endpoint = cluster.choose(worker, this);
        if (endpoint == null) {
            end(null, false);
            return;
        }
        if (timeout.isPositive()) {
            deadline =
                    worker.loop().schedule(this::giveUp, timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        request = cluster.open(worker, endpoint, head.authority(), false, false, this, this);
    }

    private void giveUp() {
        StreamRequest open = request;
        if (!over && open != null) {
            open.cancel();
        }
        end(null, false);
    }

    private void end(@Nullable SideResponse result, boolean success) {
        if (over) {
            return;
        }
        over = true;
        if (deadline != null) {
            deadline.cancel(false);
        }
        if (request != null) {
            request.end(success);
        }
        answer.release();
        done.accept(result);
    }

    private void complete() {
        ResponseHead got = response;
        if (got != null) {
            got.headers()
                    .set(
                            "x-envoy-upstream-service-time",
                            Long.toString((System.nanoTime() - begun) / 1_000_000));
            SideResponse result =
                    new SideResponse(
                            got.status(), got.headers(), ByteString.copyFrom(answer.copy()));
            end(result, got.status() < 500);
        }
    }

    @Override
    public void onStream(ClientStream stream, @Nullable String localAddress) {
        if (over) {
            stream.cancel();
            return;
        }
        stream.sendHead(head, body.length == 0);
        if (body.length > 0) {
            stream.sendData(Unpooled.wrappedBuffer(body), true);
        }
    }

    @Override
    public void onNoStream(UpstreamReset reason, @Nullable String transportFailure) {
        end(null, false);
    }

    @Override
    public void onInterim(ResponseHead interim) {}

    @Override
    public void onHead(ResponseHead received, boolean ended) {
        response = received;
        if (ended) {
            complete();
        }
    }

    @Override
    public void onData(ByteBuf data, boolean ended) {
        if (over) {
            data.release();
            return;
        }
        answer.add(data);
        if (answer.bytes() > ANSWER_LIMIT) {
            giveUp();
        } else if (ended) {
            complete();
        }
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        complete();
    }

    @Override
    public void onReset(UpstreamReset reason) {
        end(null, false);
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
