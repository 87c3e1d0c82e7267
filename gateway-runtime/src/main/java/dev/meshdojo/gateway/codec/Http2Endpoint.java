package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What both ends of an HTTP/2 connection share: stream look-up, flow control and flushing. Received
 * bytes count as consumed only while the stream's reader wants more, so a slow reader stops the
 * peer by its window.
 *
 * @param <S> what is kept for each stream
 */
abstract class Http2Endpoint<S extends Http2Endpoint.Flow> extends Http2ConnectionHandler
        implements Worker.Flushable {

    /** The part of a stream's state that flow control needs. */
    abstract static class Flow {
        final Http2Stream stream;
        int unconsumed;
        boolean paused;

        Flow(Http2Stream stream) {
            this.stream = stream;
        }

        abstract void onWritable();

        abstract void onData(ByteBuf data, boolean end);

        abstract void onClosed();
    }

    static final int STREAM_WINDOW = 256 * 1024;
    static final int CONNECTION_WINDOW = 1024 * 1024;

    private final Worker worker;
    private final Http2Connection.PropertyKey key;
    private @Nullable ChannelHandlerContext context;
    private boolean dirty;

    Http2Endpoint(
            Worker worker,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(decoder, encoder, settings);
        this.worker = worker;
        this.key = connection().newKey();
        connection()
                .addListener(
                        new Http2ConnectionAdapter() {
                            @Override
                            public void onStreamRemoved(Http2Stream stream) {
                                S flow = flow(stream);
                                if (flow != null) {
                                    stream.removeProperty(key);
                                    flow.onClosed();
                                }
                            }
                        });
        connection()
                .remote()
                .flowController()
                .listener(
                        stream -> {
                            S flow = flow(stream);
                            if (flow != null
                                    && connection().remote().flowController().isWritable(stream)) {
                                flow.onWritable();
                            }
                        });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        super.handlerAdded(ctx);
        if (ctx.channel().isActive()) {
            widen();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        super.channelActive(ctx);
        widen();
    }

    private void widen() {
        try {
            Http2Stream all = connection().connectionStream();
            int more = CONNECTION_WINDOW - connection().local().flowController().windowSize(all);
            if (more > 0) {
                connection().local().flowController().incrementWindowSize(all, more);
                flushSoon();
            }
        } catch (Http2Exception e) {
            throw new IllegalStateException("HTTP/2 window of a fresh connection", e);
        }
    }

    final ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    final Http2Connection.PropertyKey key() {
        return key;
    }

    final @Nullable S flow(@Nullable Http2Stream stream) {
        return stream == null ? null : stream.<S>getProperty(key);
    }

    final @Nullable S flow(int id) {
        return flow(connection().stream(id));
    }

    /** Has what was written flushed in this round of the loop. */
    final void flushSoon() {
        if (!dirty) {
            dirty = true;
            worker.flushLater(this);
        }
    }

    @Override
    public final void flushNow() {
        dirty = false;
        flush(context());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        ctx.fireChannelReadComplete();
        flushSoon();
    }

    final boolean writable(Http2Stream stream) {
        return connection().remote().flowController().isWritable(stream);
    }

    /** Passes data on; the answer is how many bytes count as consumed by now. */
    final int receive(int id, ByteBuf data, int padding, boolean end) {
        S flow = flow(id);
        int size = data.readableBytes() + padding;
        if (flow == null) {
            return size;
        }
        flow.onData(data.retain(), end);
        if (flow.paused && !end) {
            flow.unconsumed += size;
            return 0;
        }
        return size;
    }

    final void pause(S flow, boolean paused) {
        flow.paused = paused;
        if (!paused && flow.unconsumed > 0) {
            int size = flow.unconsumed;
            flow.unconsumed = 0;
            try {
                if (connection().local().flowController().consumeBytes(flow.stream, size)) {
                    flushSoon();
                }
            } catch (Http2Exception e) {
                onError(context(), false, e);
            }
        }
    }

    final ChannelFuture sendHeaders(Http2Stream stream, Http2Headers headers, boolean end) {
        ChannelPromise written = context().newPromise();
        encoder().writeHeaders(context(), stream.id(), headers, 0, end, written);
        flushSoon();
        return written;
    }

    final ChannelFuture sendBody(Http2Stream stream, ByteBuf data, boolean end) {
        ChannelPromise written = context().newPromise();
        encoder().writeData(context(), stream.id(), data, 0, end, written);
        flushSoon();
        return written;
    }

    final void sendReset(Http2Stream stream, ResetCode code) {
        encoder().writeRstStream(context(), stream.id(), code.code(), context().newPromise());
        flushSoon();
    }

    /** Adds header lines without pseudo-headers; cookie crumbs are joined. */
    static HeaderMap lines(Http2Headers headers, HeaderMap lines) {
        String cookie = null;
        for (Map.Entry<CharSequence, CharSequence> line : headers) {
            String name = line.getKey().toString();
            if (name.charAt(0) == ':') {
                continue;
            }
            String value = line.getValue().toString();
            if (name.equals("cookie")) {
                cookie = cookie == null ? value : cookie + "; " + value;
            } else {
                lines.add(name, value);
            }
        }
        if (cookie != null && !cookie.isEmpty()) {
            lines.add("cookie", cookie);
        }
        return lines;
    }

    static void copyLines(HeaderMap lines, DefaultHttp2Headers to) {
        for (int i = 0, n = lines.size(); i < n; i++) {
            String name = lines.name(i);
            switch (name) {
                case "connection",
                        "keep-alive",
                        "proxy-connection",
                        "transfer-encoding",
                        "upgrade",
                        "host" -> {}
                default -> to.add(name, lines.value(i));
            }
        }
    }

    static @Nullable String text(@Nullable CharSequence value) {
        return value == null ? null : value.toString();
    }

    /** Frames that neither end cares about. */
    abstract static class Frames extends Http2EventAdapter {}
}
