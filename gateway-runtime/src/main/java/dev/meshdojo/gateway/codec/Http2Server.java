package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;

/** A client's HTTP/2 connection. */
public final class Http2Server extends Http2Endpoint<Http2Server.Stream>
        implements ServerConnection {

    private static final long MAX_STREAMS = 1024;

    private final ServerSide side;
    private final ServerOptions options;
    private boolean retiring;
    private boolean draining;
    private int open;

    private Http2Server(
            Worker worker,
            ServerSide side,
            ServerOptions options,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(worker, decoder, encoder, settings);
        this.side = side;
        this.options = options;
    }

    /** A connection whose requests go to {@code side}. */
    public static Http2Server create(Worker worker, ServerSide side, ServerOptions options) {
        Listener listener = new Listener();
        Http2Server server = new Builder(worker, side, options, listener).build();
        listener.server = server;
        return server;
    }

    private static final class Builder
            extends AbstractHttp2ConnectionHandlerBuilder<Http2Server, Builder> {
        private final Worker worker;
        private final ServerSide side;
        private final ServerOptions options;

        Builder(Worker worker, ServerSide side, ServerOptions options, Listener listener) {
            this.worker = worker;
            this.side = side;
            this.options = options;
            server(true);
            validateHeaders(true);
            frameListener(listener);
            gracefulShutdownTimeoutMillis(0);
            initialSettings(
                    new Http2Settings()
                            .maxConcurrentStreams(MAX_STREAMS)
                            .initialWindowSize(STREAM_WINDOW)
                            .maxHeaderListSize(options.limits().maxBytes()));
        }

        @Override
        protected Http2Server build() {
            return super.build();
        }

        @Override
        protected Http2Server build(
                Http2ConnectionDecoder decoder,
                Http2ConnectionEncoder encoder,
                Http2Settings settings) {
            return new Http2Server(worker, side, options, decoder, encoder, settings);
        }
    }

    private static final class Listener extends Frames {
        private @Nullable Http2Server server;

        private Http2Server server() {
            return java.util.Objects.requireNonNull(server);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            return server().receive(id, data, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
            server().head(id, headers, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx,
                int id,
                Http2Headers headers,
                int dependency,
                short weight,
                boolean exclusive,
                int padding,
                boolean end) {
            server().head(id, headers, end);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            Stream stream = server().flow(id);
            if (stream != null) {
                stream.abort(
                        code == Http2Error.REFUSED_STREAM.code()
                                ? DownstreamReset.REMOTE_REFUSE
                                : DownstreamReset.REMOTE_RESET);
            }
        }
    }

    private void head(int id, Http2Headers headers, boolean end) {
        Http2Stream http2 = connection().stream(id);
        if (http2 == null) {
            return;
        }
        Stream stream = flow(http2);
        if (stream != null) {
            stream.requestComplete = true;
            if (stream.sink != null) {
                stream.sink.onTrailers(lines(headers, new HeaderMap(headers.size())));
            }
            return;
        }
        boolean connect = "CONNECT".contentEquals(orEmpty(headers.method()));
        if (headers.method() == null || (!connect && !targetIsValid(headers))) {
            side.onAborted("HTTP/2", null, DownstreamReset.INVALID_HTTP2);
            refuse(context(), null, Http2Error.PROTOCOL_ERROR, "a pseudo-header is wrong");
            return;
        }
        if (!RequestTarget.validAuthority(orEmpty(headers.authority()).toString())) {
            side.onAborted("HTTP/2", null, DownstreamReset.INVALID_HEADER);
            refuse(context(), null, Http2Error.PROTOCOL_ERROR, "an authority has wrong characters");
            return;
        }
        HeaderMap lines = lines(headers, HeaderMap.ofRequest(headers.size() + 8));
        String host = text(headers.authority());
        boolean named = host != null || lines.contains("host");
        if (host == null) {
            host = lines.get("host");
        }
        lines.remove("host");
        String path = text(headers.path());
        RequestHead head =
                new RequestHead(
                        String.valueOf(headers.method()),
                        scheme(headers),
                        host,
                        path == null ? "" : path,
                        lines);
        stream = new Stream(http2, head.method());
        stream.requestComplete = end;
        http2.setProperty(key(), stream);
        open++;
        if (headers.size() > options.limits().maxLines() + 3) {
            stream.sink = null;
            stream.over = true;
            side.onAborted("HTTP/2", head, DownstreamReset.TOO_MANY_HEADERS);
            sendReset(http2, ResetCode.INTERNAL_ERROR);
            return;
        }
        if (!named) {
            side.onRefused(stream, head, Refusal.MISSING_HOST);
            return;
        }
        RequestSink sink = side.onRequest(stream, head, end);
        if (!stream.over) {
            stream.sink = sink;
        }
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        Stream stream = flow(error.streamId());
        boolean tooLarge = error instanceof Http2Exception.HeaderListSizeException;
        boolean closed = error.error() == Http2Error.STREAM_CLOSED;
        if (!outbound && closed && stream == null) {
            return; // what was on its way to a stream that has ended
        }
        if (!outbound && !tooLarge && endsConnection(error)) {
            refuse(ctx, stream, error.error(), String.valueOf(error.getMessage()));
            return;
        }
        if (stream == null) {
            if (tooLarge) {
                side.onAborted("HTTP/2", null, DownstreamReset.HEADER_LIST_TOO_LARGE);
            }
        } else {
            stream.abort(DownstreamReset.INVALID_HTTP2);
        }
        resetStream(
                ctx,
                error.streamId(),
                (tooLarge ? Http2Error.INTERNAL_ERROR : error.error()).code(),
                ctx.newPromise());
        flushSoon();
    }

    /**
     * Whether a wrong frame of one stream ends them all, as in Envoy by default
     * (stream_error_on_invalid_http_message). A body of the wrong length concerns nobody else.
     */
    private static boolean endsConnection(Http2Exception.StreamException error) {
        return error.error() != Http2Error.REFUSED_STREAM
                && !String.valueOf(error.getMessage()).contains("content-length");
    }

    private void refuse(
            ChannelHandlerContext ctx, @Nullable Stream stream, Http2Error error, String reason) {
        if (stream != null) {
            stream.abort(DownstreamReset.INVALID_HTTP2);
        }
        Http2Exception all = Http2Exception.connectionError(error, "%s", reason);
        onConnectionError(ctx, false, all, all);
        flushSoon();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        side.onClosed();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof java.io.IOException) {
            ctx.close();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    private static boolean targetIsValid(Http2Headers headers) {
        CharSequence path = orEmpty(headers.path());
        boolean all = "*".contentEquals(path) && "OPTIONS".contentEquals(orEmpty(headers.method()));
        return headers.scheme() != null && (all || (!path.isEmpty() && path.charAt(0) == '/'));
    }

    private static String scheme(Http2Headers headers) {
        return orEmpty(headers.scheme()).toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static CharSequence orEmpty(@Nullable CharSequence text) {
        return text == null ? "" : text;
    }

    @Override
    public void retire() {
        if (!retiring && !draining) {
            retiring = true;
            goAway(
                    context(),
                    Integer.MAX_VALUE,
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    context().newPromise());
            flushSoon();
        }
    }

    @Override
    public boolean multiplexed() {
        return true;
    }

    @Override
    public void drain() {
        if (!draining) {
            draining = true;
            goAway(
                    context(),
                    connection().remote().lastStreamCreated(),
                    Http2Error.NO_ERROR.code(),
                    Unpooled.EMPTY_BUFFER,
                    context().newPromise());
            flushSoon();
            closeWhenIdle();
        }
    }

    private void closeWhenIdle() {
        if (draining && open == 0) {
            context().executor().execute(() -> context().close());
        }
    }

    /** One request. */
    final class Stream extends Flow implements ServerStream {

        private final String method;
        private @Nullable RequestSink sink;
        private boolean requestComplete;
        private boolean over;

        Stream(Http2Stream stream, String method) {
            super(stream);
            this.method = method;
        }

        void abort(DownstreamReset reason) {
            if (!over) {
                over = true;
                if (sink != null) {
                    sink.onReset(reason);
                }
            }
        }

        @Override
        void onWritable() {
            if (!over && sink != null) {
                sink.onWritable();
            }
        }

        @Override
        void onData(ByteBuf data, boolean end) {
            requestComplete |= end;
            if (over || sink == null) {
                data.release();
            } else {
                sink.onData(data, end);
            }
        }

        @Override
        void onClosed() {
            open--;
            abort(DownstreamReset.DISCONNECT);
            closeWhenIdle();
        }

        @Override
        public String protocol() {
            return "HTTP/2";
        }

        @Override
        public boolean multiplexed() {
            return true;
        }

        @Override
        public boolean requestComplete() {
            return requestComplete;
        }

        @Override
        public void sendInterim(int status, HeaderMap headers) {
            if (!over) {
                sendHeaders(stream, head(status, headers), false);
            }
        }

        private DefaultHttp2Headers head(int status, HeaderMap headers) {
            DefaultHttp2Headers head = new DefaultHttp2Headers(false, headers.size() + 1);
            head.status(Integer.toString(status));
            copyLines(headers, head);
            return head;
        }

        @Override
        public void sendHead(ResponseHead head, boolean end) {
            if (!over) {
                boolean last = end || method.equals("HEAD");
                ChannelFuture written =
                        sendHeaders(stream, head(head.status(), head.headers()), last);
                if (end) {
                    end(written);
                }
            }
        }

        @Override
        public void sendData(ByteBuf data, boolean end) {
            if (over || method.equals("HEAD")) {
                data.release();
                if (end) {
                    end(context().newSucceededFuture());
                }
                return;
            }
            ChannelFuture written = sendBody(stream, data, end);
            if (end) {
                end(written);
            }
        }

        @Override
        public void sendTrailers(HeaderMap trailers) {
            if (!over) {
                DefaultHttp2Headers lines = new DefaultHttp2Headers(false, trailers.size());
                copyLines(trailers, lines);
                end(sendHeaders(stream, lines, true));
            }
        }

        /** The response is complete: once it is written, nobody wants the rest of the request. */
        private void end(ChannelFuture written) {
            if (!over) {
                over = true;
                if (!requestComplete) {
                    written.addListener(done -> stopRequest());
                }
            }
        }

        private void stopRequest() {
            if (!requestComplete) {
                sendReset(stream, ResetCode.NO_ERROR);
            }
        }

        @Override
        public void reset(ResetCode code) {
            if (!over) {
                over = true;
                sendReset(stream, code);
            }
        }

        @Override
        public boolean writable() {
            return Http2Server.this.writable(stream);
        }

        @Override
        public void readBody(boolean enabled) {
            if (!over) {
                pause(this, !enabled);
            }
        }

        @Override
        public void closeAfterResponse() {}
    }
}
