package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An HTTP/2 connection to an upstream. */
public final class Http2Client extends Http2Endpoint<Http2Client.Response>
        implements ClientConnection {

    private final Owner owner;
    private final int maxStreams;
    private boolean unusable;
    private boolean closed;
    private int open;

    private Http2Client(
            Worker worker,
            Owner owner,
            int maxStreams,
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        super(worker, decoder, encoder, settings);
        this.owner = owner;
        this.maxStreams = maxStreams;
    }

    /** A connection that tells {@code owner} when a stream ends or it is over. */
    public static Http2Client create(
            Worker worker, HeadLimits limits, int maxStreams, Owner owner) {
        Listener listener = new Listener();
        Http2Client client = new Builder(worker, owner, maxStreams, limits, listener).build();
        listener.client = client;
        return client;
    }

    private static final class Builder
            extends AbstractHttp2ConnectionHandlerBuilder<Http2Client, Builder> {
        private final Worker worker;
        private final Owner owner;
        private final int maxStreams;

        Builder(Worker worker, Owner owner, int maxStreams, HeadLimits limits, Listener listener) {
            this.worker = worker;
            this.owner = owner;
            this.maxStreams = maxStreams;
            server(false);
            validateHeaders(true);
            frameListener(listener);
            gracefulShutdownTimeoutMillis(0);
            initialSettings(
                    new Http2Settings()
                            .pushEnabled(false)
                            .initialWindowSize(STREAM_WINDOW)
                            .maxHeaderListSize(limits.maxBytes()));
        }

        @Override
        protected Http2Client build() {
            return super.build();
        }

        @Override
        protected Http2Client build(
                Http2ConnectionDecoder decoder,
                Http2ConnectionEncoder encoder,
                Http2Settings settings) {
            return new Http2Client(worker, owner, maxStreams, decoder, encoder, settings);
        }
    }

    private static final class Listener extends Frames {
        private @Nullable Http2Client client;

        private Http2Client client() {
            return Objects.requireNonNull(client);
        }

        @Override
        public int onDataRead(
                ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean end) {
            return client().receive(id, data, padding, end);
        }

        @Override
        public void onHeadersRead(
                ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean end) {
            Response response = client().flow(id);
            if (response != null) {
                response.onHeaders(headers, end);
            }
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
            onHeadersRead(ctx, id, headers, padding, end);
        }

        @Override
        public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
            Response response = client().flow(id);
            if (response != null) {
                response.fail(reset(code));
            }
        }

        private static UpstreamReset reset(long code) {
            if (code == Http2Error.REFUSED_STREAM.code()) {
                return UpstreamReset.REMOTE_REFUSED;
            }
            return code == Http2Error.PROTOCOL_ERROR.code()
                    ? UpstreamReset.PROTOCOL_ERROR
                    : UpstreamReset.REMOTE_RESET;
        }

        @Override
        public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
            client().unusable = true;
        }

        @Override
        public void onGoAwayRead(
                ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData) {
            client().unusable = true;
            if (client().open == 0) {
                client().close();
            }
        }
    }

    @Override
    public ClientStream open(ResponseSink sink) {
        Request request = new Request(sink);
        open++;
        return request;
    }

    @Override
    public boolean reusable() {
        return !unusable
                && !closed
                && context().channel().isActive()
                && connection().local().lastStreamCreated() < Integer.MAX_VALUE - 2;
    }

    @Override
    public int streams() {
        return open;
    }

    @Override
    public int maxStreams() {
        return Math.min(maxStreams, connection().local().maxActiveStreams());
    }

    @Override
    public void drain() {
        unusable = true;
        if (open == 0) {
            close();
        }
    }

    @Override
    public void close() {
        unusable = true;
        context().close();
    }

    @Override
    public Channel channel() {
        return context().channel();
    }

    private void streamEnded() {
        open--;
        if (!closed) {
            owner.onStreamEnd(this);
            if (unusable && open == 0) {
                context().executor().execute(this::close);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        closed = true;
        super.channelInactive(ctx);
        owner.onClosed(this);
    }

    @Override
    protected void onStreamError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            Http2Exception.StreamException error) {
        Response response = flow(error.streamId());
        if (response != null) {
            response.fail(UpstreamReset.PROTOCOL_ERROR);
        }
        super.onStreamError(ctx, outbound, cause, error);
        flushSoon();
    }

    @Override
    protected void onConnectionError(
            ChannelHandlerContext ctx,
            boolean outbound,
            Throwable cause,
            @Nullable Http2Exception error) {
        unusable = true;
        try {
            connection()
                    .forEachActiveStream(
                            stream -> {
                                Response response = flow(stream);
                                if (response != null) {
                                    response.fail(UpstreamReset.PROTOCOL_ERROR);
                                }
                                return true;
                            });
        } catch (Http2Exception e) {
            throw new IllegalStateException(e);
        }
        super.onConnectionError(ctx, outbound, cause, error);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
        if (cause instanceof java.io.IOException) {
            ctx.close();
        } else {
            super.exceptionCaught(ctx, cause);
        }
    }

    /** One request; its stream exists once the head is sent. */
    private final class Request implements ClientStream {

        private final ResponseSink sink;
        private @Nullable Response response;
        private boolean cancelled;

        Request(ResponseSink sink) {
            this.sink = sink;
        }

        @Override
        public void sendHead(RequestHead head, boolean end) {
            if (cancelled || response != null) {
                return;
            }
            DefaultHttp2Headers headers = new DefaultHttp2Headers(false, head.headers().size() + 4);
            headers.method(head.method()).scheme(head.scheme()).authority(head.authority());
            if (!head.method().equals("CONNECT")) {
                headers.path(head.path());
            }
            copyLines(head.headers(), headers);
            int id = connection().local().incrementAndGetNextStreamId();
            encoder().writeHeaders(context(), id, headers, 0, end, context().newPromise());
            flushSoon();
            Http2Stream stream = connection().stream(id);
            if (stream == null) {
                cancelled = true;
                open--;
                sink.onReset(UpstreamReset.REMOTE_REFUSED);
                return;
            }
            response = new Response(stream, sink, end);
            stream.setProperty(key(), response);
        }

        private boolean live() {
            return response != null && !response.over;
        }

        @Override
        public void sendData(ByteBuf data, boolean end) {
            Response answer = response;
            if (answer == null || answer.over || answer.sent) {
                data.release();
                return;
            }
            answer.sent = end;
            sendBody(answer.stream, data, end);
        }

        @Override
        public void sendTrailers(HeaderMap trailers) {
            Response answer = response;
            if (answer != null && live() && !answer.sent) {
                answer.sent = true;
                DefaultHttp2Headers lines = new DefaultHttp2Headers(false, trailers.size());
                copyLines(trailers, lines);
                sendHeaders(answer.stream, lines, true);
            }
        }

        @Override
        public void cancel() {
            Response answer = response;
            if (answer == null) {
                if (!cancelled) {
                    cancelled = true;
                    streamEnded();
                }
            } else if (!answer.over) {
                answer.over = true;
                sendReset(answer.stream, ResetCode.NO_ERROR);
            }
        }

        @Override
        public boolean writable() {
            return response != null && !response.over && Http2Client.this.writable(response.stream);
        }

        @Override
        public void readBody(boolean enabled) {
            if (response != null && !response.over) {
                pause(response, !enabled);
            }
        }
    }

    /** What is known of one stream once it exists. */
    final class Response extends Flow {

        private final ResponseSink sink;
        private boolean answered;
        private boolean sent;
        private boolean over;

        Response(Http2Stream stream, ResponseSink sink, boolean sent) {
            super(stream);
            this.sink = sink;
            this.sent = sent;
        }

        void onHeaders(Http2Headers headers, boolean end) {
            if (over) {
                return;
            }
            CharSequence status = headers.status();
            if (answered) {
                finishIf(true);
                sink.onTrailers(lines(headers, new HeaderMap(headers.size())));
            } else {
                int code = Integer.parseInt(String.valueOf(status));
                ResponseHead head =
                        new ResponseHead(
                                code, lines(headers, HeaderMap.ofResponse(headers.size())));
                if (code < 200 && !end) {
                    sink.onInterim(head);
                } else {
                    answered = true;
                    finishIf(end);
                    sink.onHead(head, end);
                }
            }
        }

        private void finishIf(boolean end) {
            if (end) {
                over = true;
                if (!sent) {
                    sendReset(stream, ResetCode.NO_ERROR);
                }
            }
        }

        void fail(UpstreamReset reason) {
            if (!over) {
                over = true;
                sink.onReset(reason);
            }
        }

        @Override
        void onWritable() {
            if (!over) {
                sink.onWritable();
            }
        }

        @Override
        void onData(ByteBuf data, boolean end) {
            if (over) {
                data.release();
                return;
            }
            finishIf(end);
            sink.onData(data, end);
        }

        @Override
        void onClosed() {
            fail(
                    connection().goAwayReceived() && !closed
                            ? UpstreamReset.REMOTE_REFUSED
                            : UpstreamReset.CONNECTION_TERMINATION);
            streamEnded();
        }
    }
}
