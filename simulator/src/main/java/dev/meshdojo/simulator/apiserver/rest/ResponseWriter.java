package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Writes one answer to one connection, from a virtual thread. */
final class ResponseWriter implements WatchSink {

    private static final int GZIP_FROM = 128 * 1024;
    private static final int CHUNK = 8192;
    private static final String JSON = "application/json";

    private final Channel channel;
    private final boolean keepAlive;
    private final Runnable done;

    ResponseWriter(Channel channel, boolean keepAlive, Runnable done) {
        this.channel = channel;
        this.keepAlive = keepAlive;
        this.done = done;
    }

    @Override
    public void onDisconnect(Runnable action) {
        channel.closeFuture().addListener(_ -> action.run());
    }

    void write(ApiRequest request, ApiResponse response) {
        switch (response.body()) {
            case ApiResponse.Bytes bytes -> whole(request, response, bytes.bytes());
            case ApiResponse.Json json -> {
                boolean yaml = wantsYaml(request) && response.contentType().equals(JSON);
                whole(
                        request,
                        yaml ? yaml(response) : response,
                        yaml
                                ? YamlText.print(json.json()).getBytes(StandardCharsets.UTF_8)
                                : encode(request, json));
            }
            case ApiResponse.Stream stream -> stream(response, stream.stream());
        }
    }

    private static ApiResponse yaml(ApiResponse response) {
        return new ApiResponse(
                response.status(), "application/yaml", response.headers(), response.body());
    }

    /** Whether the first form that can be had is YAML. */
    private static boolean wantsYaml(ApiRequest request) {
        for (String option : request.header("accept").split(",")) {
            String type = option.strip().split(";", 2)[0].strip();
            switch (type) {
                case "application/yaml" -> {
                    return true;
                }
                case "application/json", "*/*", "application/*" -> {
                    return false;
                }
                default -> {}
            }
        }
        return false;
    }

    private static byte[] encode(ApiRequest request, ApiResponse.Json json) {
        try {
            if (!Requests.pretty(request)) {
                byte[] bytes = Json.write(json.json());
                byte[] line = Arrays.copyOf(bytes, bytes.length + 1);
                line[bytes.length] = '\n';
                return line;
            }
            return Json.pretty(json.json()).getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void whole(ApiRequest request, ApiResponse response, byte[] body) {
        byte[] bytes = body;
        boolean gzip =
                body.length >= GZIP_FROM && request.header("accept-encoding").contains("gzip");
        if (gzip) {
            bytes = gzip(body);
        }
        FullHttpResponse message =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(response.status()),
                        Unpooled.wrappedBuffer(bytes));
        head(message, response);
        message.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        if (gzip) {
            message.headers().set(HttpHeaderNames.CONTENT_ENCODING, HttpHeaderValues.GZIP);
            message.headers().add("Vary", "Accept-Encoding");
        }
        if (request.method().equals("HEAD")) {
            message.content().clear();
        }
        finish(channel.writeAndFlush(message));
    }

    private static byte[] gzip(byte[] body) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    private void head(HttpResponse message, ApiResponse response) {
        message.headers().set(HttpHeaderNames.CONTENT_TYPE, response.contentType());
        message.headers().set("Audit-Id", UUID.randomUUID().toString());
        message.headers().set("Cache-Control", "no-cache, private");
        response.headers()
                .forEach(
                        (name, values) -> {
                            if (name.equalsIgnoreCase("Cache-Control")) {
                                message.headers().set(name, values);
                            } else {
                                message.headers().add(name, values);
                            }
                        });
        if (!keepAlive) {
            message.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }

    @Override
    public void begin() {
        begin(
                new ApiResponse(
                        200, "application/json", Map.of(), new ApiResponse.Bytes(new byte[0])));
    }

    private void begin(ApiResponse response) {
        HttpResponse message =
                new DefaultHttpResponse(
                        HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(response.status()));
        head(message, response);
        message.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeAndFlush(message);
    }

    @Override
    public boolean part(byte[] bytes) throws InterruptedException {
        ChannelFuture sent =
                channel.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
        if (!channel.isWritable()) {
            sent.await();
        }
        return channel.isActive();
    }

    @Override
    public void end() {
        finish(channel.writeAndFlush(new DefaultLastHttpContent()));
    }

    @Override
    public void abort() {
        channel.close();
        done.run();
    }

    private void stream(ApiResponse response, InputStream stream) {
        onDisconnect(() -> closeQuietly(stream));
        begin(response);
        byte[] buffer = new byte[CHUNK];
        try (stream) {
            for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
                if (n > 0 && !part(Arrays.copyOf(buffer, n))) {
                    break;
                }
            }
            end();
        } catch (IOException _) {
            abort();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            abort();
        }
    }

    private static void closeQuietly(InputStream stream) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        stream.close();
                    } catch (IOException _) {
                        // the client is gone; nobody is left to tell
                    }
                });
    }

    private void finish(ChannelFuture last) {
        if (!keepAlive) {
            last.addListener(ChannelFutureListener.CLOSE);
        }
        done.run();
    }
}
