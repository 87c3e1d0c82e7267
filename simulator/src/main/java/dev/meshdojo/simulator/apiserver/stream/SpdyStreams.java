package dev.meshdojo.simulator.apiserver.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of SPDY/3.1 as Kubernetes clients speak it: they open streams, we accept each
 * and carry data both ways. Neither side of Kubernetes minds SPDY's flow control, so it is not
 * used; the TCP connection's own does.
 */
abstract class SpdyStreams extends SimpleChannelInboundHandler<SpdyFrame> {

    private final Map<Integer, Stream> open = new HashMap<>();

    /** One stream. */
    static final class Stream {
        private final int id;
        private final Map<String, String> headers;
        private final Channel channel;
        private final ChannelInput input;

        private Stream(int id, Map<String, String> headers, Channel channel) {
            this.id = id;
            this.headers = Map.copyOf(headers);
            this.channel = channel;
            this.input = new ChannelInput(channel);
        }

        /** A header of the stream's start; empty when missing. */
        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        /** What the client sends. */
        ChannelInput input() {
            return input;
        }

        /** Where to send to the client. */
        OutputStream output() {
            return new ChannelOutput(channel, bytes -> new DefaultSpdyDataFrame(id, bytes));
        }

        /** Says that we send no more. */
        ChannelFuture finish() {
            DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(id, Unpooled.EMPTY_BUFFER);
            last.setLast(true);
            return channel.writeAndFlush(last);
        }
    }

    /** A client opened a stream; called on the event loop. */
    abstract void opened(ChannelHandlerContext context, Stream stream);

    @Override
    protected void channelRead0(ChannelHandlerContext context, SpdyFrame frame) {
        switch (frame) {
            case SpdySynStreamFrame start -> start(context, start);
            case SpdyDataFrame data -> data(data);
            case SpdyPingFrame ping -> context.writeAndFlush(new DefaultSpdyPingFrame(ping.id()));
            case SpdyRstStreamFrame reset -> end(open.remove(reset.streamId()));
            case SpdyGoAwayFrame _ -> open.values().forEach(SpdyStreams::end);
            default -> {
                // settings and window updates ask for nothing
            }
        }
    }

    private void start(ChannelHandlerContext context, SpdySynStreamFrame frame) {
        Map<String, String> headers = new HashMap<>();
        for (Map.Entry<CharSequence, CharSequence> header : frame.headers()) {
            headers.putIfAbsent(
                    header.getKey().toString().toLowerCase(Locale.ROOT),
                    header.getValue().toString());
        }
        Stream stream = new Stream(frame.streamId(), headers, context.channel());
        open.put(frame.streamId(), stream);
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(frame.streamId());
        // The codec leaves an empty header block out, which Go's framer takes for a cut frame.
        reply.headers().set("status", "200");
        context.writeAndFlush(reply);
        if (frame.isLast()) {
            end(stream);
        }
        opened(context, stream);
    }

    private void data(SpdyDataFrame frame) {
        Stream stream = open.get(frame.streamId());
        if (stream == null) {
            return;
        }
        stream.input().add(frame.content());
        if (frame.isLast()) {
            end(stream);
        }
    }

    private static void end(@Nullable Stream stream) {
        if (stream != null) {
            stream.input().end();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        open.values().forEach(SpdyStreams::end);
        open.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
