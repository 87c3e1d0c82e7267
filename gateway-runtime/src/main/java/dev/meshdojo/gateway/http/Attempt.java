package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.StreamRequest;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** One try of a request at one endpoint. Owned by one router. */
final class Attempt implements ResponseSink, StreamRequest.Listener {

    private final Router router;
    private final Endpoint endpoint;
    private final long startTick;
    private @Nullable StreamRequest request;
    private @Nullable ClientStream stream;
    private @Nullable AttemptClocks clocks;
    private boolean over;
    private boolean answered;
    private int status;
    private @Nullable String failure;

    Attempt(Router router, Endpoint endpoint, long startTick) {
        this.router = router;
        this.endpoint = endpoint;
        this.startTick = startTick;
    }

    void request(StreamRequest opened) {
        request = opened;
        if (over) {
            opened.cancel();
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    long startTick() {
        return startTick;
    }

    @Nullable ClientStream stream() {
        return stream;
    }

    boolean answered() {
        return answered;
    }

    /** The upstream's status; 0 when it did not answer. */
    int status() {
        return status;
    }

    @Nullable String failure() {
        return failure;
    }

    /** The clocks of this try, made when first asked for. */
    AttemptClocks clocks() {
        AttemptClocks known = clocks;
        if (known == null) {
            known = router.clocks(this);
            clocks = known;
        }
        return known;
    }

    private void touch() {
        if (clocks != null) {
            clocks.touch();
        }
    }

    private boolean close(boolean success) {
        if (over) {
            return false;
        }
        over = true;
        if (clocks != null) {
            clocks.stop();
        }
        if (request != null) {
            request.end(success);
        }
        return true;
    }

    /** Gives the try up. */
    void cancel(@Nullable String why) {
        if (close(false)) {
            failure = why;
            if (request != null) {
                request.cancel();
            }
        }
    }

    /** Gives the try up because its time is over. */
    void timeOut() {
        if (!over && request != null) {
            request.timedOut();
        }
        cancel("timeout");
    }

    @Override
    public void onStream(ClientStream ready, @Nullable String localAddress) {
        if (over) {
            ready.cancel();
            return;
        }
        stream = ready;
        router.onStream(this, ready, localAddress);
    }

    @Override
    public void onNoStream(UpstreamReset reason, @Nullable String transportFailure) {
        if (close(false)) {
            failure = reason.words();
            if (reason != UpstreamReset.OVERFLOW) {
                endpoint.requestNeverSent();
            }
            router.onReset(this, reason, transportFailure, false);
        }
    }

    @Override
    public void onInterim(ResponseHead head) {
        if (!over) {
            router.onInterim(head);
        }
    }

    @Override
    public void onHead(ResponseHead head, boolean end) {
        if (over) {
            return;
        }
        answered = true;
        status = head.status();
        if (clocks != null) {
            clocks.answered();
            clocks.touch();
        }
        if (end) {
            close(status < 500);
        }
        router.onHead(this, head, end);
    }

    @Override
    public void onData(ByteBuf data, boolean end) {
        if (over) {
            data.release();
            return;
        }
        touch();
        if (end) {
            close(status < 500);
        }
        router.onData(this, data, end);
    }

    @Override
    public void onTrailers(HeaderMap trailers) {
        if (close(status < 500)) {
            router.onTrailers(trailers);
        }
    }

    @Override
    public void onReset(UpstreamReset reason) {
        if (close(false)) {
            failure = reason.words();
            router.onReset(this, reason, null, true);
        }
    }

    @Override
    public void onWritable() {
        if (!over) {
            router.onUpstreamWritable();
        }
    }
}
