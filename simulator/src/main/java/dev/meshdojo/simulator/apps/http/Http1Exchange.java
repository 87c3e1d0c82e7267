package dev.meshdojo.simulator.apps.http;

import dev.meshdojo.gateway.listener.SocketAddressing;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Collects HTTP/1 requests and answers them one after another, in the order they came. */
final class Http1Exchange extends SimpleChannelInboundHandler<HttpObject> {

    private final HttpApp app;
    private final SocketAddressing addressing;
    private final boolean tls;
    private final Queue<Pending> waiting = new ArrayDeque<>();
    private @Nullable HttpRequest head;
    private @Nullable CompositeByteBuf body;
    private boolean busy;

    private record Pending(HttpApp.Request request, boolean keepAlive, HttpVersion version) {}

    Http1Exchange(HttpApp app, SocketAddressing addressing, boolean tls) {
        this.app = app;
        this.addressing = addressing;
        this.tls = tls;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message.decoderResult().isFailure()) {
            FullHttpResponse bad = response(HttpVersion.HTTP_1_1, 400, new byte[0]);
            bad.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
            bad.headers().set(HttpHeaderNames.CONNECTION, "close");
            ctx.writeAndFlush(bad).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (message instanceof HttpRequest request) {
            head = request;
            if (request.headers().contains(HttpHeaderNames.EXPECT)) {
                // Whatever is expected: so the recorded echo does it.
                ctx.writeAndFlush(response(HttpVersion.HTTP_1_1, 100, new byte[0]));
            }
        }
        if (message instanceof HttpContent content) {
            if (body == null) {
                body = ctx.alloc().compositeBuffer(1024);
            }
            body.addComponent(true, content.content().retain());
            if (message instanceof LastHttpContent) {
                complete(ctx);
            }
        }
    }

    private void complete(ChannelHandlerContext ctx) {
        HttpRequest request = head;
        CompositeByteBuf bytes = body;
        head = null;
        body = null;
        if (request == null || bytes == null) {
            return;
        }
        byte[] content = ByteBufUtil.getBytes(bytes);
        bytes.release();
        List<HttpApp.Header> headers = new ArrayList<>();
        for (Map.Entry<String, String> header : request.headers()) {
            headers.add(new HttpApp.Header(header.getKey(), header.getValue()));
        }
        waiting.add(
                new Pending(
                        new HttpApp.Request(
                                request.method().name(),
                                request.uri(),
                                request.protocolVersion().text(),
                                headers,
                                content,
                                tls,
                                peer(ctx, addressing)),
                        HttpUtil.isKeepAlive(request),
                        request.protocolVersion()));
        next(ctx);
    }

    /** What the cluster calls the other end of the connection. */
    static String peer(ChannelHandlerContext ctx, SocketAddressing addressing) {
        return addressing
                .peerAddress((InetSocketAddress) ctx.channel().remoteAddress())
                .getAddress()
                .getHostAddress();
    }

    private void next(ChannelHandlerContext ctx) {
        Pending pending = busy ? null : waiting.poll();
        if (pending == null) {
            return;
        }
        busy = true;
        app.answer(pending.request())
                .whenComplete(
                        (reply, failure) -> {
                            HttpApp.Reply answer =
                                    failure == null
                                            ? reply
                                            : new HttpApp.Reply(500, List.of(), new byte[0]);
                            if (ctx.executor().inEventLoop()) {
                                write(ctx, pending, answer);
                            } else {
                                ctx.executor().execute(() -> write(ctx, pending, answer));
                            }
                        });
    }

    private void write(ChannelHandlerContext ctx, Pending pending, HttpApp.Reply reply) {
        boolean head = pending.request().method().equals(HttpMethod.HEAD.name());
        boolean withBody = reply.bodyAllowed() && !head;
        FullHttpResponse response =
                response(pending.version(), reply.status(), withBody ? reply.body() : new byte[0]);
        for (HttpApp.Header header : reply.headers()) {
            response.headers().add(header.name(), header.value());
        }
        if (reply.bodyAllowed() && !reply.has("content-length")) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, reply.body().length);
        }
        boolean keepAlive = pending.keepAlive() && !"close".equals(value(reply, "connection"));
        if (!keepAlive && !reply.has("connection")) {
            response.headers().set(HttpHeaderNames.CONNECTION, "close");
        } else if (keepAlive && pending.version().equals(HttpVersion.HTTP_1_0)) {
            response.headers().set(HttpHeaderNames.CONNECTION, "keep-alive");
        }
        ChannelFuture written = ctx.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        busy = false;
        next(ctx);
    }

    private static @Nullable String value(HttpApp.Reply reply, String name) {
        return reply.headers().stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HttpApp.Header::value)
                .findFirst()
                .orElse(null);
    }

    private static FullHttpResponse response(HttpVersion version, int status, byte[] body) {
        return new DefaultFullHttpResponse(
                version,
                HttpResponseStatus.valueOf(status),
                Unpooled.wrappedBuffer(body),
                DefaultHttpHeadersFactory.headersFactory().withValidation(false),
                DefaultHttpHeadersFactory.trailersFactory().withValidation(false));
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (body != null) {
            body.release();
            body = null;
        }
        waiting.clear();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
