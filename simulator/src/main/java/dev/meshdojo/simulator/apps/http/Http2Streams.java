package dev.meshdojo.simulator.apps.http;

import dev.meshdojo.gateway.listener.SocketAddressing;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the request of one HTTP/2 stream and answers it. */
final class Http2Streams extends ChannelInboundHandlerAdapter {

    private final HttpApp app;
    private final String peer;
    private final boolean tls;
    private @Nullable Http2Headers head;
    private @Nullable CompositeByteBuf body;

    private Http2Streams(HttpApp app, String peer, boolean tls) {
        this.app = app;
        this.peer = peer;
        this.tls = tls;
    }

    static void install(
            ChannelPipeline pipeline, HttpApp app, SocketAddressing addressing, boolean tls) {
        pipeline.addLast(
                Http2FrameCodecBuilder.forServer()
                        .validateHeaders(false)
                        .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(1000))
                        .build());
        pipeline.addLast(
                new Http2MultiplexHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel stream) {
                                String peer =
                                        Http1Exchange.peer(
                                                stream.parent().pipeline().firstContext(),
                                                addressing);
                                stream.pipeline().addLast(new Http2Streams(app, peer, tls));
                            }
                        }));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
        boolean end = false;
        if (frame instanceof Http2HeadersFrame headers) {
            if (head == null) {
                head = headers.headers();
            }
            end = headers.isEndStream();
        } else if (frame instanceof Http2DataFrame data) {
            if (body == null) {
                body = ctx.alloc().compositeBuffer(1024);
            }
            body.addComponent(true, data.content().retain());
            end = data.isEndStream();
        }
        ReferenceCountUtil.release(frame);
        if (end) {
            answer(ctx);
        }
    }

    private void answer(ChannelHandlerContext ctx) {
        Http2Headers request = head;
        if (request == null) {
            return;
        }
        byte[] content = body == null ? new byte[0] : ByteBufUtil.getBytes(body);
        releaseBody();
        List<HttpApp.Header> headers = new ArrayList<>();
        if (request.authority() != null) {
            headers.add(new HttpApp.Header("host", request.authority().toString()));
        }
        for (Map.Entry<CharSequence, CharSequence> header : request) {
            if (header.getKey().charAt(0) != ':') {
                headers.add(
                        new HttpApp.Header(
                                header.getKey().toString(), header.getValue().toString()));
            }
        }
        String method = String.valueOf(request.method());
        app.answer(
                        new HttpApp.Request(
                                method,
                                request.path() == null ? "" : request.path().toString(),
                                "HTTP/2",
                                headers,
                                content,
                                tls,
                                peer))
                .whenComplete(
                        (reply, failure) -> {
                            HttpApp.Reply answer =
                                    failure == null
                                            ? reply
                                            : new HttpApp.Reply(500, List.of(), new byte[0]);
                            ctx.executor().execute(() -> write(ctx, method, answer));
                        });
    }

    private static void write(ChannelHandlerContext ctx, String method, HttpApp.Reply reply) {
        Http2Headers headers = new DefaultHttp2Headers(false);
        headers.status(Integer.toString(reply.status()));
        for (HttpApp.Header header : reply.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!name.equals("connection") && !name.equals("transfer-encoding")) {
                headers.add(name, header.value());
            }
        }
        boolean withBody = reply.bodyAllowed() && !method.equals("HEAD") && reply.body().length > 0;
        if (reply.bodyAllowed() && !reply.has("content-length")) {
            headers.set("content-length", Integer.toString(reply.body().length));
        }
        ctx.write(new DefaultHttp2HeadersFrame(headers, !withBody));
        if (withBody) {
            ctx.write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(reply.body()), true));
        }
        ctx.flush();
    }

    private void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseBody();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
