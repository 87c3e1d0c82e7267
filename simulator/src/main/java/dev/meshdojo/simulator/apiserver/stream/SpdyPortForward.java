package dev.meshdojo.simulator.apiserver.stream;

import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Port-forward over SPDY: each connection is a pair of streams with the same {@code requestid}, one
 * for data and one that carries an error's text.
 */
final class SpdyPortForward extends SpdyStreams {

    private final PodStreams streams;
    private final PodName pod;
    private final Map<String, Pair> pairs = new HashMap<>();

    SpdyPortForward(PodStreams streams, PodName pod) {
        this.streams = streams;
        this.pod = pod;
    }

    private static final class Pair {
        private @org.jspecify.annotations.Nullable Stream data;
        private @org.jspecify.annotations.Nullable Stream error;
    }

    @Override
    void opened(ChannelHandlerContext context, Stream stream) {
        String id = stream.header("requestid");
        Pair pair = pairs.computeIfAbsent(id, i -> new Pair());
        if (stream.header("streamtype").equals("error")) {
            pair.error = stream;
        } else {
            pair.data = stream;
        }
        Stream data = pair.data;
        Stream error = pair.error;
        if (data != null && error != null) {
            pairs.remove(id);
            Thread.startVirtualThread(() -> forward(context, data, error));
        }
    }

    private void forward(ChannelHandlerContext context, Stream data, Stream error) {
        try {
            int port = Integer.parseInt(data.header("port"));
            SocketRelay.run(
                    streams.dial(pod, port), data.input(), data.output(), context.channel());
        } catch (IOException | RuntimeException e) {
            tell(error.output(), String.valueOf(e.getMessage()));
        } finally {
            data.finish();
            error.finish();
        }
    }

    private static void tell(OutputStream error, String message) {
        try {
            error.write(message.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the client has gone; nobody is left to tell
            Thread.currentThread().interrupt();
        }
    }
}
