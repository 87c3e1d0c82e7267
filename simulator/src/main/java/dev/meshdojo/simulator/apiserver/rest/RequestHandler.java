package dev.meshdojo.simulator.apiserver.rest;

import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpUtil;
import java.util.ArrayDeque;
import java.util.Deque;

/** Hands each request of a connection to a virtual thread, one after the other. */
final class RequestHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    private final Dispatcher dispatcher;
    private final boolean upgradable;
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private boolean busy;

    RequestHandler(Dispatcher dispatcher, boolean upgradable) {
        this.dispatcher = dispatcher;
        this.upgradable = upgradable;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest raw) {
        boolean keepAlive = HttpUtil.isKeepAlive(raw);
        ResponseWriter writer =
                new ResponseWriter(context.channel(), keepAlive, () -> next(context));
        ApiRequest request;
        try {
            request =
                    Requests.read(
                            raw,
                            ByteBufUtil.getBytes(raw.content()),
                            dispatcher.authenticate(
                                    raw.headers(),
                                    HttpsServer.clientCertificate(context.channel())));
        } catch (ApiException e) {
            run(
                    () ->
                            writer.write(
                                    Requests.read(raw, new byte[0], Requests.ANONYMOUS),
                                    ApiResponse.json(e.code(), e.status())));
            return;
        }
        if (upgradable && isUpgrade(raw) && dispatcher.upgrade(request, context, raw)) {
            return;
        }
        run(() -> dispatcher.dispatch(request, writer));
    }

    private static boolean isUpgrade(FullHttpRequest raw) {
        return raw.headers()
                        .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
                && raw.headers().contains(HttpHeaderNames.UPGRADE);
    }

    private void run(Runnable work) {
        if (busy) {
            waiting.add(work);
            return;
        }
        busy = true;
        dispatcher.executor().execute(work);
    }

    private void next(ChannelHandlerContext context) {
        context.channel()
                .eventLoop()
                .execute(
                        () -> {
                            Runnable work = waiting.poll();
                            if (work == null) {
                                busy = false;
                            } else {
                                dispatcher.executor().execute(work);
                            }
                        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}
