package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 connection to an upstream: one request at a time. */
public final class Http1Client extends ChannelInboundHandlerAdapter
        implements ClientConnection, Worker.Flushable {

    private final Worker worker;
    private final HeadLimits limits;
    private final Owner owner;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Reader reader;
    private @Nullable Stream current;
    private boolean dirty;
    private boolean unusable;
    private boolean closed;

    /** A connection that tells {@code owner} when it is free or over. */
    public Http1Client(Worker worker, HeadLimits limits, Owner owner) {
        this.worker = worker;
        this.limits = limits;
        this.owner = owner;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        reader = new Reader();
    }

    private ChannelHandlerContext context() {
        return Objects.requireNonNull(context);
    }

    private Reader reader() {
        return Objects.requireNonNull(reader);
    }

    @Override
    public ClientStream open(ResponseSink sink) {
        if (current != null) {
            throw new IllegalStateException("one request at a time");
        }
        Stream stream = new Stream(sink);
        current = stream;
        return stream;
    }

    @Override
    public boolean reusable() {
        return !unusable && !closed && context().channel().isActive();
    }

    @Override
    public int streams() {
        return current == null ? 0 : 1;
    }

    @Override
    public int maxStreams() {
        return 1;
    }

    @Override
    public void drain() {
        unusable = true;
        if (current == null) {
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

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf data = (ByteBuf) msg;
        if (current == null || closed) {
            data.release();
            close();
            return;
        }
        reader().feed(data);
        throttle();
    }

    private void throttle() {
        boolean read = !reader().paused();
        if (!closed && context().channel().config().isAutoRead() != read) {
            context().channel().config().setAutoRead(read);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        Stream stream = current;
        if (stream != null) {
            if (reader().paused()) {
                reader().resume();
            }
            stream = current;
        }
        if (stream != null) {
            if (reader().untilClose() && stream.answered && !stream.upgrade) {
                stream.finish(true);
            } else {
                stream.fail(
                        stream.answered && !stream.upgrade
                                ? UpstreamReset.PROTOCOL_ERROR
                                : UpstreamReset.CONNECTION_TERMINATION);
            }
        }
        reader().release();
        owner.onClosed(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        Stream stream = current;
        if (stream != null && ctx.channel().isWritable()) {
            stream.sink.onWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
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

    private final class Reader extends Http1ResponseReader {

        Reader() {
            super(limits);
        }

        @Override
        String method() {
            return current == null ? "" : current.method;
        }

        @Override
        boolean upgradeRequested() {
            return current != null && current.upgrade;
        }

        @Override
        void onInterim(ResponseHead head) {
            if (current != null) {
                current.sink.onInterim(head);
            }
        }

        @Override
        void onResponse(ResponseHead head, boolean end) {
            Stream stream = current;
            if (stream != null) {
                stream.answered = true;
                if (!end) {
                    stream.sink.onHead(head, false);
                } else {
                    stream.pendingHead = head;
                }
            }
        }

        @Override
        void onBody(ByteBuf data) {
            Stream stream = current;
            if (stream == null) {
                data.release();
            } else if (lastBytes()) {
                stream.lastData = data;
            } else {
                stream.sink.onData(data, false);
            }
        }

        @Override
        void onMessageEnd() {
            if (current != null) {
                current.finish(keepAlive());
            }
        }

        @Override
        void onFailure(Refusal refusal) {
            unusable = true;
            if (current != null) {
                current.fail(UpstreamReset.PROTOCOL_ERROR);
            }
            close();
        }
    }

    private final class Stream implements ClientStream {

        private final ResponseSink sink;
        private String method = "";
        private boolean upgrade;
        private boolean chunked;
        private boolean sent;
        private boolean answered;
        private @Nullable ResponseHead pendingHead;
        private @Nullable ByteBuf lastData;

        Stream(ResponseSink sink) {
            this.sink = sink;
        }

        @Override
        public void sendHead(RequestHead head, boolean end) {
            if (current != this) {
                return;
            }
            method = head.method();
            HeaderMap headers = head.headers();
            upgrade = headers.contains("upgrade") || method.equals("CONNECT");
            if (upgrade) {
                sent = end;
            } else if (end) {
                sent = true;
                if (!headers.contains("content-length") && mayHaveBody(method)) {
                    headers.add("content-length", "0");
                }
            } else if (!headers.contains("content-length")) {
                chunked = true;
                headers.set("transfer-encoding", "chunked");
            }
            write(Http1Writer.requestHead(context().alloc(), head));
        }

        private static boolean mayHaveBody(String method) {
            return switch (method) {
                case "GET", "HEAD", "DELETE", "TRACE", "CONNECT" -> false;
                default -> true;
            };
        }

        @Override
        public void sendData(ByteBuf data, boolean end) {
            if (current != this || sent) {
                data.release();
                return;
            }
            if (!data.isReadable()) {
                data.release();
            } else if (chunked) {
                write(Http1Writer.chunkStart(context().alloc(), data.readableBytes()));
                write(data);
                write(Http1Writer.chunkEnd());
            } else {
                write(data);
            }
            if (end) {
                sent = true;
                if (chunked) {
                    write(Http1Writer.lastChunk());
                }
            }
        }

        @Override
        public void sendTrailers(HeaderMap trailers) {
            sendData(Unpooled.EMPTY_BUFFER, true);
        }

        @Override
        public void cancel() {
            if (current == this) {
                current = null;
                unusable = true;
                if (lastData != null) {
                    lastData.release();
                    lastData = null;
                }
                owner.onStreamEnd(Http1Client.this);
                close();
            }
        }

        @Override
        public boolean writable() {
            return context().channel().isWritable();
        }

        @Override
        public void readBody(boolean enabled) {
            if (current != this || closed) {
                return;
            }
            if (enabled) {
                reader().resume();
            } else {
                reader().pause();
            }
            throttle();
        }

        /** The response is complete: frees the connection first, then tells the sink. */
        void finish(boolean keepAlive) {
            current = null;
            if (!keepAlive || !sent || upgrade) {
                unusable = true;
            }
            ResponseHead head = pendingHead;
            ByteBuf data = lastData;
            pendingHead = null;
            lastData = null;
            if (!closed) {
                reader().nextMessage();
                if (reader().paused()) {
                    reader().resume();
                    throttle();
                }
                owner.onStreamEnd(Http1Client.this);
                if (unusable) {
                    close();
                }
            }
            if (head != null) {
                sink.onHead(head, true);
            } else {
                sink.onData(data == null ? Unpooled.EMPTY_BUFFER : data, true);
            }
        }

        void fail(UpstreamReset reason) {
            current = null;
            unusable = true;
            if (lastData != null) {
                lastData.release();
                lastData = null;
            }
            if (!closed) {
                owner.onStreamEnd(Http1Client.this);
            }
            sink.onReset(reason);
        }
    }
}
