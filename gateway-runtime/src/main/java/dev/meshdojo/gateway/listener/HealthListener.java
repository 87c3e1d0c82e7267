package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.http.HttpDate;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The readiness port (15021): {@code /healthz/ready} answers 200, anything else 404. A gateway is
 * ready as soon as it runs; routes play no role.
 */
public final class HealthListener implements AutoCloseable {

    private final SocketAddressing addressing;
    private final InetSocketAddress configured;
    private final HttpPort port;

    private HealthListener(
            SocketAddressing addressing, InetSocketAddress configured, HttpPort port) {
        this.addressing = addressing;
        this.configured = configured;
        this.port = port;
    }

    /**
     * Opens the port.
     *
     * @throws InvalidConfigException when it cannot be bound
     */
    public static HealthListener start(
            EventLoops loops,
            SocketAddressing addressing,
            InstantSource clock,
            InetSocketAddress configured) {
        HttpPort port =
                HttpPort.open(
                        loops,
                        "health",
                        addressing.bindAddress(configured),
                        loop -> new Side(clock));
        addressing.bound(configured, port.bound());
        return new HealthListener(addressing, configured, port);
    }

    /** The real address. */
    public InetSocketAddress bound() {
        return port.bound();
    }

    @Override
    public void close() {
        addressing.unbound(configured);
        port.close();
    }

    private record Side(InstantSource clock) implements ServerSide {

        @Override
        public RequestSink onRequest(ServerStream stream, RequestHead head, boolean end) {
            boolean ready = head.pathWithoutQuery().equals("/healthz/ready");
            answer(stream, ready ? 200 : 404, ready);
            return new Drop();
        }

        private void answer(ServerStream stream, int status, boolean proxied) {
            HeaderMap headers = new HeaderMap(6);
            headers.add("date", HttpDate.now(clock));
            headers.add("server", "envoy");
            if (proxied) {
                headers.add("x-envoy-upstream-service-time", "0");
            }
            stream.sendHead(new ResponseHead(status, headers), true);
        }

        @Override
        public void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal) {
            stream.closeAfterResponse();
            answer(stream, refusal.status(), false);
        }

        @Override
        public void onAborted(
                String protocol, @Nullable RequestHead head, DownstreamReset reason) {}

        @Override
        public void onClosed() {}
    }

    private static final class Drop implements RequestSink {
        @Override
        public void onData(ByteBuf data, boolean end) {
            data.release();
        }

        @Override
        public void onTrailers(HeaderMap trailers) {}

        @Override
        public void onReset(DownstreamReset reason) {}

        @Override
        public void onWritable() {}

        @Override
        public void onBroken(Refusal refusal) {}
    }
}
