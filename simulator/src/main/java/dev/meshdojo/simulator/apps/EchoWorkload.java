package dev.meshdojo.simulator.apps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apps.http.AppServer;
import dev.meshdojo.simulator.apps.http.HttpApp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code meshdojo/echo}: tells the client what the pod received.
 *
 * <p>HTTP/1 and HTTP/2 on 8080, a TCP echo on 9000, TLS on 8443. Each request is one line of JSON
 * in the container's log, with the same fields as the answer. The TLS certificate is that of the
 * Secret {@code <app>-pod} of the pod's namespace, or one of its own for {@code <app>.example.com}.
 */
public final class EchoWorkload implements Workload {

    private static final int HTTP_PORT = 8080;
    private static final int TLS_PORT = 8443;
    private static final int TCP_PORT = 9000;

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        Echo echo = new Echo(container);
        var addressing = container.network().addressing();
        var loops = container.eventLoops().group();
        try (AppServer _ = AppServer.http(addressing, loops, any(HTTP_PORT), echo);
                AppServer _ = AppServer.https(addressing, loops, any(TLS_PORT), echo::tls, echo);
                AppServer _ =
                        AppServer.open(
                                addressing,
                                loops,
                                any(TCP_PORT),
                                channel -> channel.pipeline().addLast(echo.new TcpEcho()))) {
            container.started();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static InetSocketAddress any(int port) {
        return new InetSocketAddress("0.0.0.0", port);
    }

    /** One pod's echo. */
    private static final class Echo implements HttpApp {

        private static final ObjectMapper JSON = new ObjectMapper();
        private static final Pattern STATUS = Pattern.compile("/status/(\\d{3})");
        private static final Pattern DELAY = Pattern.compile("/delay/(\\d{1,7})");

        private final Container container;
        private final String service;
        private final String version;
        private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();
        private @Nullable Served served;

        /** A context and the certificate it was made from; empty for one of our own. */
        @SuppressWarnings("ArrayRecordComponent") // compared by content below
        private record Served(byte[] certificate, SslContext context) {}

        Echo(Container container) {
            this.container = container;
            this.service =
                    container.pod().namespace()
                            + "/"
                            + container.pod().label("app", container.pod().name());
            this.version = container.pod().label("version", "v1");
        }

        @Override
        public CompletionStage<Reply> answer(Request request) {
            String told = describe(request);
            container.log(told);
            Reply reply =
                    Reply.of(status(request), "application/json", told).with("server", "echo");
            Matcher delay = DELAY.matcher(request.path());
            if (!delay.lookingAt()) {
                return CompletableFuture.completedFuture(reply);
            }
            CompletableFuture<Reply> later = new CompletableFuture<>();
            container
                    .eventLoops()
                    .group()
                    .schedule(
                            () -> later.complete(reply),
                            Long.parseLong(delay.group(1)),
                            TimeUnit.MILLISECONDS);
            return later;
        }

        private int status(Request request) {
            String first = request.header("x-echo-fail-first");
            String key = request.header("x-echo-key");
            if (first != null && key != null && first.matches("\\d{1,9}")) {
                AtomicInteger seen = failures.computeIfAbsent(key, k -> new AtomicInteger());
                if (seen.incrementAndGet() <= Integer.parseInt(first)) {
                    return 503;
                }
            }
            Matcher status = STATUS.matcher(request.path());
            if (!status.lookingAt()) {
                return 200;
            }
            int code = Integer.parseInt(status.group(1));
            return code < 200 ? 200 : code;
        }

        private String describe(Request request) {
            ObjectNode node = JSON.createObjectNode();
            node.put("service", service);
            node.put("version", version);
            node.put("method", request.method());
            node.put("path", request.target());
            node.put("protocol", request.protocol());
            ArrayNode headers = node.putArray("headers");
            for (Header header : request.headers()) {
                headers.addArray().add(header.name()).add(header.value());
            }
            node.put("body", new String(request.body(), StandardCharsets.UTF_8));
            return text(node);
        }

        private static String text(ObjectNode node) {
            try {
                return JSON.writeValueAsString(node);
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The context for the certificate that the Secret holds now; may block. */
        synchronized SslContext tls() {
            String app = container.pod().label("app", container.pod().name());
            Map<String, byte[]> secret = container.secret(app + "-pod");
            byte[] certificate =
                    secret == null ? new byte[0] : secret.getOrDefault("tls.crt", new byte[0]);
            byte[] key = secret == null ? null : secret.get("tls.key");
            Served last = served;
            if (last != null && Arrays.equals(last.certificate(), certificate)) {
                return last.context();
            }
            try {
                SslContext context =
                        key == null
                                ? TlsCertificates.selfSigned(
                                        app + ".example.com", container.clock())
                                : TlsCertificates.fromPem(certificate, key);
                served = new Served(certificate, context);
                return context;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Sends each chunk back behind its name. */
        private final class TcpEcho extends ChannelInboundHandlerAdapter {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                ByteBuf chunk = (ByteBuf) message;
                ObjectNode node = JSON.createObjectNode();
                node.put("service", service);
                node.put("version", version);
                node.put("protocol", "TCP");
                node.put(
                        "data",
                        new String(ByteBufUtil.getBytes(chunk), StandardCharsets.ISO_8859_1));
                container.log(text(node));
                String prefix = "tcp-echo-" + version + ":";
                Channel channel = ctx.channel();
                channel.write(Unpooled.copiedBuffer(prefix, StandardCharsets.US_ASCII));
                channel.writeAndFlush(chunk);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                ctx.close();
            }
        }
    }
}
