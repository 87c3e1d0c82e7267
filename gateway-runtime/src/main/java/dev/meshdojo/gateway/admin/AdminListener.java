package dev.meshdojo.gateway.admin;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.http.HttpDate;
import dev.meshdojo.gateway.listener.HttpPort;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * An open port that serves pages. Pages are made on virtual threads, since a dump of a large
 * configuration takes longer than an event loop should be kept. Thread-safe.
 */
public final class AdminListener implements AutoCloseable {

    /** Makes pages. Called on virtual threads. */
    @FunctionalInterface
    public interface Pages {
        /** Answers a request; {@code target} is path and query. */
        AdminResponse page(String method, String target);
    }

    private final HttpPort port;

    private AdminListener(HttpPort port) {
        this.port = port;
    }

    /**
     * Opens {@code address}; {@code what} names the port in the failure's text.
     *
     * @throws InvalidConfigException when it cannot be bound
     */
    public static AdminListener start(
            EventLoops loops,
            InstantSource clock,
            String what,
            InetSocketAddress address,
            Pages pages) {
        return new AdminListener(
                HttpPort.open(loops, what, address, loop -> new Side(clock, pages, loop)));
    }

    /** The real address. */
    public InetSocketAddress bound() {
        return port.bound();
    }

    @Override
    public void close() {
        port.close();
    }

    private record Side(InstantSource clock, Pages pages, EventLoop loop) implements ServerSide {

        @Override
        public RequestSink onRequest(ServerStream stream, RequestHead head, boolean end) {
            Request request = new Request(this, stream, head);
            if (end) {
                request.answer();
            }
            return request;
        }

        private void send(ServerStream stream, AdminResponse page) {
            byte[] body = page.body().getBytes(StandardCharsets.UTF_8);
            HeaderMap headers = new HeaderMap(8);
            headers.add("content-type", page.contentType());
            headers.add("cache-control", "no-cache, max-age=0");
            headers.add("x-content-type-options", "nosniff");
            headers.add("date", HttpDate.now(clock));
            headers.add("server", "envoy");
            stream.sendHead(new ResponseHead(page.status(), headers), body.length == 0);
            if (body.length > 0) {
                stream.sendData(Unpooled.wrappedBuffer(body), true);
            }
        }

        @Override
        public void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal) {
            stream.closeAfterResponse();
            send(stream, AdminResponse.text(refusal.status(), refusal.body()));
        }

        @Override
        public void onAborted(
                String protocol, @Nullable RequestHead head, DownstreamReset reason) {}

        @Override
        public void onClosed() {}
    }

    private static final class Request implements RequestSink {
        private final Side side;
        private final ServerStream stream;
        private final RequestHead head;
        private boolean gone;

        Request(Side side, ServerStream stream, RequestHead head) {
            this.side = side;
            this.stream = stream;
            this.head = head;
        }

        private void answer() {
            String method = head.method();
            String target = head.path();
            Thread.ofVirtual()
                    .name("admin-page")
                    .start(
                            () -> {
                                AdminResponse page = side.pages().page(method, target);
                                side.loop()
                                        .execute(
                                                () -> {
                                                    if (!gone) {
                                                        side.send(stream, page);
                                                    }
                                                });
                            });
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
            if (end) {
                answer();
            }
        }

        @Override
        public void onTrailers(HeaderMap trailers) {
            answer();
        }

        @Override
        public void onReset(DownstreamReset reason) {
            gone = true;
        }

        @Override
        public void onWritable() {}

        @Override
        public void onBroken(Refusal refusal) {
            gone = true;
            stream.reset(dev.meshdojo.gateway.codec.ResetCode.PROTOCOL_ERROR);
        }
    }
}
