package dev.meshdojo.simulator.apiserver;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.FullHttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers paths that are no plain resource verbs: discovery, OpenAPI, a pod's logs, exec, attach
 * and port-forward. Asked before the resource verbs, in order of registration. Thread-safe.
 */
public interface HttpExtension {

    /**
     * Answers a request on a virtual thread; may block.
     *
     * @return null when the path is not this extension's
     */
    default @Nullable ApiResponse answer(ApiRequest request) {
        return null;
    }

    /**
     * Refuses a request that its user may not make, before a connection is upgraded for it. Must
     * not block.
     *
     * @throws ApiException with the refusal
     */
    default void authorize(ApiRequest request) {}

    /**
     * Takes over a connection whose client asked for another protocol ({@code Upgrade: websocket}
     * or {@code SPDY/3.1}, HTTP/1.1 only). Called on the connection's event loop, so it must not
     * block; when it answers true it owns the channel and has to reply itself. {@code raw} is
     * released when this method returns.
     *
     * @param context the API server's own last handler, to be replaced in the pipeline
     * @return false when the path is not this extension's
     */
    default boolean upgrade(
            ApiRequest request, ChannelHandlerContext context, FullHttpRequest raw) {
        return false;
    }
}
