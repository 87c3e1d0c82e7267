package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's HTTP/1 connection: one request at a time, the next one waits in the reader. After a
 * response that ends the connection the output is shut down and input dropped for a second, so that
 * the client reads the answer before it sees the close.
 */
public final class Http1Server extends ChannelInboundHandlerAdapter
        implements Worker.Flushable, ServerConnection {

    private static final Logger LOG = LoggerFactory.getLogger(Http1Server.class);

    private static final int PIPELINE_BYTES = 64 * 1024;

    private final Worker worker;
    private final ServerSide side;
    private final ServerOptions options;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Reader reader;
    private @Nullable Stream current;
    private @Nullable ScheduledFuture<?> headTimer;
    private boolean dirty;
    private boolean closing;
    private boolean draining;
    private boolean bodyPaused;

    /** A connection whose requests go to {@code side}. */
    public Http1Server(Worker worker, ServerSide side, ServerOptions options) {
        this.worker = worker;
        this.side = side;
        this.options = options;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        reader = new Reader();
    }

    private ChannelHandlerContext context() {
        return java.util.Objects.requireNonNull(context);
    }

    private Reader reader() {
        return java.util.Objects.requireNonNull(reader);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf data = (ByteBuf) msg;
        if (closing) {
            data.release();
            return;
        }
        reader().feed(data);
        timeHead();
        throttle();
    }

    /** While a head is incomplete its time runs. */
    private void timeHead() {
        ServerOptions.HeadDeadline deadline = options.headDeadline();
        if (deadline == null) {
            return;
        }
        boolean begun = current == null && !closing && !reader().idle();
        if (begun && headTimer == null) {
            headTimer =
                    worker.loop()
                            .schedule(
                                    () -> {
                                        if (current == null && !closing && !reader().idle()) {
                                            reader().fail(deadline.refusal());
                                        }
                                    },
                                    deadline.millis(),
                                    TimeUnit.MILLISECONDS);
        } else if (!begun) {
            stopHeadTimer();
        }
    }

    private void stopHeadTimer() {
        if (headTimer != null) {
            headTimer.cancel(false);
            headTimer = null;
        }
    }

    /** Keeps memory bounded: while a body or the next request must wait, the socket is not read. */
    private void throttle() {
        if (closing) {
            return;
        }
        boolean read = !bodyPaused && reader().buffered() < PIPELINE_BYTES;
        if (context().channel().config().isAutoRead() != read) {
            context().channel().config().setAutoRead(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        boolean answered = closing;
        closing = true;
        stopHeadTimer();
        Stream stream = current;
        current = null;
        Reader reading = reader();
        boolean begun = stream == null && !reading.idle();
        reading.release();
        if (stream != null) {
            stream.over = true;
            if (stream.sink != null) {
                stream.sink.onReset(DownstreamReset.DISCONNECT);
            }
        } else if (begun && !answered) {
            side.onAborted("HTTP/1.1", null, DownstreamReset.DISCONNECT);
        }
        side.onClosed();
        ctx.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Stream stream = current;
        if (stream != null && stream.sink != null && ctx.channel().isWritable()) {
            stream.sink.onWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!(cause instanceof java.io.IOException)) {
            LOG.warn("closing {}: a request could not be served", ctx.channel(), cause);
        }
        ctx.close();
    }

    @Override
    public void drain() {
        draining = true;
        if (current == null && reader().idle() && !closing) {
            context().close();
        }
    }

    @Override
    public void retire() {
        draining = true;
    }

    @Override
    public boolean multiplexed() {
        return false;
    }

    @Override
    public void flushNow() {
        dirty = false;
        context().flush();
    }

    private void write(ByteBuf data) {
        context().write(data, context().voidPromise());
        if (!dirty) {
            dirty = true;
            worker.flushLater(this);
        }
    }

    private void finish() {
        current = null;
        if (closing) {
            return;
        }
        bodyPaused = false;
        Reader reading = reader();
        reading.nextMessage();
        reading.resume();
        timeHead();
        throttle();
        if (draining && current == null && reading.idle()) {
            closeGently();
        }
    }

    private void closeGently() {
        closing = true;
        current = null;
        reader().release();
        Channel channel = context().channel();
        channel.config().setAutoRead(true);
        context()
                .writeAndFlush(Unpooled.EMPTY_BUFFER)
                .addListener(
                        done -> {
                            if (channel instanceof SocketChannel socket
                                    && !options.secure()
                                    && options.delayedCloseMillis() > 0) {
                                socket.shutdownOutput();
                                worker.loop()
                                        .schedule(
                                                () -> channel.close(),
                                                options.delayedCloseMillis(),
                                                TimeUnit.MILLISECONDS);
                            } else {
                                channel.close();
                            }
                        });
    }

    private final class Reader extends Http1RequestReader {

        Reader() {
            super(options.limits(), options.secure());
        }

        @Override
        void onRequest(RequestHead head, boolean end) {
            Stream stream = new Stream(head.method());
            stream.requestComplete = end;
            stream.keepAlive = !close();
            stream.upgrade = upgrade();
            current = stream;
            RequestSink sink = side.onRequest(stream, head, end);
            if (!stream.over) {
                stream.sink = sink;
            }
        }

        @Override
        void onRefused(@Nullable RequestHead head, Refusal refusal) {
            Stream stream = current;
            if (stream != null) {
                if (stream.sink != null) {
                    stream.sink.onBroken(refusal);
                } else {
                    closeGently();
                }
                return;
            }
            stream = new Stream(head == null ? "" : head.method());
            stream.keepAlive = false;
            current = stream;
            side.onRefused(stream, head, refusal);
        }

        @Override
        void onBody(ByteBuf data) {
            Stream stream = current;
            if (stream == null || stream.sink == null) {
                data.release();
                return;
            }
            boolean end = lastBytes();
            stream.requestComplete = end;
            stream.sink.onData(data, end);
        }

        @Override
        void onMessageEnd() {
            Stream stream = current;
            if (stream == null) {
                return;
            }
            if (!stream.requestComplete) {
                stream.requestComplete = true;
                if (stream.sink != null) {
                    stream.sink.onData(Unpooled.EMPTY_BUFFER, true);
                }
            }
        }
    }

    private final class Stream implements ServerStream {

        private final String method;
        private @Nullable RequestSink sink;
        private boolean requestComplete;
        private boolean keepAlive = true;
        private boolean upgrade;
        private boolean chunked;
        private boolean raw;
        private boolean over;

        Stream(String method) {
            this.method = method;
        }

        @Override
        public String protocol() {
            return "HTTP/1.1";
        }

        @Override
        public boolean multiplexed() {
            return false;
        }

        @Override
        public boolean requestComplete() {
            return requestComplete;
        }

        @Override
        public void sendInterim(int status, HeaderMap headers) {
            if (!over) {
                write(Http1Writer.responseHead(context().alloc(), status, headers));
            }
        }

        @Override
        public void sendHead(ResponseHead head, boolean end) {
            if (over) {
                return;
            }
            HeaderMap headers = head.headers();
            int status = head.status();
            boolean tunnel =
                    upgrade && (status == 101 || (method.equals("CONNECT") && status < 300));
            if (tunnel) {
                raw = true;
                keepAlive = false;
                if (status == 101 && !headers.contains("connection")) {
                    headers.set("connection", "upgrade");
                }
            } else {
                keepAlive &= requestComplete && !draining && !upgrade;
                boolean bodiless = status == 204 || status == 304 || status < 200;
                if (!headers.contains("content-length")) {
                    boolean toHead = method.equals("HEAD");
                    if (end && !toHead) {
                        if (!bodiless) {
                            headers.add("content-length", "0");
                        }
                    } else if (!bodiless) {
                        chunked = !toHead;
                        headers.add("transfer-encoding", "chunked");
                    }
                }
                if (!keepAlive) {
                    headers.set("connection", "close");
                }
            }
            write(Http1Writer.responseHead(context().alloc(), status, headers));
            if (end) {
                end();
            }
        }

        @Override
        public void sendData(ByteBuf data, boolean end) {
            if (over || (method.equals("HEAD") && !raw)) {
                data.release();
            } else if (data.isReadable()) {
                if (chunked) {
                    write(Http1Writer.chunkStart(context().alloc(), data.readableBytes()));
                    write(data);
                    write(Http1Writer.chunkEnd());
                } else {
                    write(data);
                }
            } else {
                data.release();
            }
            if (end && !over) {
                if (chunked) {
                    write(Http1Writer.lastChunk());
                }
                end();
            }
        }

        @Override
        public void sendTrailers(HeaderMap trailers) {
            sendData(Unpooled.EMPTY_BUFFER, true);
        }

        private void end() {
            over = true;
            if (keepAlive && requestComplete) {
                finish();
            } else {
                closeGently();
            }
        }

        @Override
        public void reset(ResetCode code) {
            if (!over) {
                over = true;
                current = null;
                closing = true;
                context().flush();
                context().close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            }
        }

        @Override
        public boolean writable() {
            return context().channel().isWritable();
        }

        @Override
        public void readBody(boolean enabled) {
            if (over || current != this || requestComplete) {
                return;
            }
            bodyPaused = !enabled;
            if (enabled) {
                reader().resume();
            } else {
                reader().pause();
            }
            throttle();
        }

        @Override
        public void closeAfterResponse() {
            keepAlive = false;
        }
    }
}
