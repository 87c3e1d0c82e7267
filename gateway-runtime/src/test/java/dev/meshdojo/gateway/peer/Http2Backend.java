package dev.meshdojo.gateway.peer;

import dev.meshdojo.gateway.codec.DownstreamReset;
import dev.meshdojo.gateway.codec.Http2Server;
import dev.meshdojo.gateway.codec.Refusal;
import dev.meshdojo.gateway.codec.RequestSink;
import dev.meshdojo.gateway.codec.ResetCode;
import dev.meshdojo.gateway.codec.ServerOptions;
import dev.meshdojo.gateway.codec.ServerSide;
import dev.meshdojo.gateway.codec.ServerStream;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/2 upstream, prior knowledge, that answers as the path says: {@code /status/N}, {@code
 * /reset/CODE}, {@code /late-reset/CODE} after the head, {@code /trailers}, {@code /grpc/STATUS},
 * {@code /close}, {@code /goaway}, {@code /silent}, {@code /hint} (103 first), {@code /early}
 * (before the body is read), {@code /refuse-once}; anything else gets the method, path and body.
 */
final class Http2Backend implements AutoCloseable {

    private final EventLoops loops = EventLoops.start(1);
    private final Channel server;
    private final Set<Channel> open = ConcurrentHashMap.newKeySet();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();

    Http2Backend() {
        server =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.serverChannel())
                        .childHandler(
                                new ChannelInitializer<Channel>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        serve(channel);
                                    }
                                })
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .syncUninterruptibly()
                        .channel();
    }

    private void serve(Channel channel) {
        open.add(channel);
        Side side = new Side(channel);
        Http2Server codec =
                Http2Server.create(loops.worker(channel.eventLoop()), side, ServerOptions.DEFAULT);
        side.codec = codec;
        channel.pipeline().addLast(codec);
    }

    int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    List<String> take() {
        List<String> taken = List.copyOf(received);
        received.clear();
        refusals.set(0);
        return taken;
    }

    @Override
    public void close() {
        server.close().syncUninterruptibly();
        open.forEach(Channel::close);
        loops.close();
    }

    private final class Side implements ServerSide {
        private final Channel channel;
        private @Nullable Http2Server codec;

        Side(Channel channel) {
            this.channel = channel;
        }

        @Override
        public RequestSink onRequest(ServerStream stream, RequestHead head, boolean end) {
            Request request = new Request(this, stream, head);
            String first = head.path().split("[/?]", 3)[1];
            if (first.equals("early")) {
                request.answer();
            } else if (end) {
                request.complete("");
            }
            return request;
        }

        @Override
        public void onRefused(ServerStream stream, @Nullable RequestHead head, Refusal refusal) {
            stream.reset(ResetCode.PROTOCOL_ERROR);
        }

        @Override
        public void onAborted(
                String protocol, @Nullable RequestHead head, DownstreamReset reason) {}

        @Override
        public void onClosed() {
            open.remove(channel);
        }
    }

    private final class Request implements RequestSink {
        private final Side side;
        private final ServerStream stream;
        private final RequestHead head;
        private final StringBuilder body = new StringBuilder();

        Request(Side side, ServerStream stream, RequestHead head) {
            this.side = side;
            this.stream = stream;
            this.head = head;
        }

        @Override
        public void onData(ByteBuf data, boolean end) {
            body.append(data.toString(StandardCharsets.ISO_8859_1));
            data.release();
            if (end) {
                complete("");
            }
        }

        @Override
        public void onTrailers(HeaderMap trailers) {
            complete(" trailers " + trailers);
        }

        void complete(String trailers) {
            List<String> lines = new ArrayList<>();
            head.headers().forEach((name, value) -> lines.add(name + ": " + value));
            lines.add(":scheme: " + head.scheme());
            lines.add(":authority: " + head.authority());
            Collections.sort(lines);
            received.add(
                    "h2 "
                            + head.method()
                            + " "
                            + head.path()
                            + "\r\n"
                            + String.join("\r\n", lines)
                            + "\r\n\r\n"
                            + (head.path().startsWith("/envoy.service.auth")
                                    ? AuthzAnswers.describe(
                                            body.toString().getBytes(StandardCharsets.ISO_8859_1))
                                    : body)
                            + trailers);
            if (!head.path().startsWith("/early")) {
                answer();
            }
        }

        void answer() {
            String path = head.path().split("\\?", 2)[0];
            String[] parts = path.split("/", -1);
            switch (parts.length > 1 ? parts[1] : "") {
                case "status" -> send(Integer.parseInt(parts[2]), "h2");
                case "reset" -> stream.reset(ResetCode.valueOf(parts[2]));
                case "late-reset" -> {
                    stream.sendHead(head(200), false);
                    stream.sendData(text("part"), false);
                    stream.reset(ResetCode.valueOf(parts[2]));
                }
                case "trailers" -> {
                    stream.sendHead(head(200), false);
                    stream.sendData(text("body"), false);
                    stream.sendTrailers(HeaderMap.of("x-last", "1"));
                }
                case "grpc" -> {
                    ResponseHead first = head(200);
                    first.headers().set("content-type", "application/grpc");
                    stream.sendHead(first, false);
                    stream.sendTrailers(HeaderMap.of("grpc-status", parts[2]));
                }
                case "grpc-only" -> {
                    ResponseHead first = head(200);
                    first.headers().set("content-type", "application/grpc");
                    first.headers().set("grpc-status", parts[2]);
                    stream.sendHead(first, true);
                }
                case "envoy.service.auth.v3.Authorization" -> authorize();
                case "close" -> side.channel.close();
                case "goaway" -> {
                    java.util.Objects.requireNonNull(side.codec).drain();
                    send(200, "last");
                }
                case "silent" -> {}
                case "hint" -> {
                    stream.sendInterim(103, HeaderMap.of("link", "</a>"));
                    send(200, "hinted");
                }
                case "refuse-once" -> {
                    if (refusals.getAndIncrement() == 0) {
                        stream.reset(ResetCode.REFUSED_STREAM);
                    } else {
                        send(200, "second");
                    }
                }
                default -> send(200, head.method() + " " + head.path() + " " + body);
            }
        }

        private void authorize() {
            byte[] answer =
                    AuthzAnswers.answer(body.toString().getBytes(StandardCharsets.ISO_8859_1));
            ResponseHead first = head(200);
            first.headers().set("content-type", "application/grpc");
            if (answer == null) {
                first.headers().set("grpc-status", "14");
                stream.sendHead(first, true);
                return;
            }
            stream.sendHead(first, false);
            stream.sendData(Unpooled.wrappedBuffer(answer), false);
            stream.sendTrailers(HeaderMap.of("grpc-status", "0"));
        }

        private ResponseHead head(int status) {
            return new ResponseHead(status, HeaderMap.of("content-type", "text/plain"));
        }

        private ByteBuf text(String text) {
            return Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        }

        private void send(int status, String text) {
            boolean bodiless = status == 204 || status == 304;
            stream.sendHead(head(status), bodiless);
            if (!bodiless) {
                stream.sendData(text(text), true);
            }
        }

        @Override
        public void onReset(DownstreamReset reason) {}

        @Override
        public void onWritable() {}

        @Override
        public void onBroken(Refusal refusal) {}
    }
}
