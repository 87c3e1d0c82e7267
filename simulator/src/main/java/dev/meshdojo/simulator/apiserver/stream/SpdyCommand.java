package dev.meshdojo.simulator.apiserver.stream;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Exec and attach over SPDY: one stream each for error, stdin, stdout, stderr and resize. */
final class SpdyCommand extends SpdyStreams {

    private final PodStreams streams;
    private final CommandRequest request;
    private final String protocol;
    private final Set<String> awaited = new HashSet<>();
    private final Map<String, Stream> types = new HashMap<>();
    private boolean started;

    SpdyCommand(PodStreams streams, CommandRequest request, String protocol) {
        this.streams = streams;
        this.request = request;
        this.protocol = protocol;
        awaited.add("error");
        if (request.stdin()) {
            awaited.add("stdin");
        }
        if (request.stdout()) {
            awaited.add("stdout");
        }
        if (request.stderr()) {
            awaited.add("stderr");
        }
        boolean resizes = !protocol.startsWith("v2") && !protocol.equals("channel.k8s.io");
        if (request.tty() && resizes && !protocol.isEmpty()) {
            awaited.add("resize");
        }
    }

    @Override
    void opened(ChannelHandlerContext context, Stream stream) {
        String type = stream.header("streamtype");
        types.put(type, stream);
        awaited.remove(type);
        if (awaited.isEmpty() && !started) {
            started = true;
            Thread.startVirtualThread(session(context));
        }
    }

    private CommandSession session(ChannelHandlerContext context) {
        Stream stdin = types.get("stdin");
        Stream resize = types.get("resize");
        CommandStreams client =
                new CommandStreams(
                        stdin == null ? null : stdin.input(),
                        output("stdout"),
                        output("stderr"),
                        resize == null ? null : resize.input(),
                        java.util.Objects.requireNonNull(output("error")),
                        () -> context.executor().execute(this::finish));
        boolean json = protocol.startsWith("v4") || protocol.startsWith("v5");
        return new CommandSession(
                streams,
                request,
                client,
                context.channel(),
                json ? CommandSession.StatusForm.JSON : CommandSession.StatusForm.TEXT);
    }

    private @Nullable OutputStream output(String type) {
        Stream stream = types.get(type);
        return stream == null ? null : stream.output();
    }

    /** Ends each stream, the one for errors last, and then the connection. */
    private void finish() {
        Stream error = types.remove("error");
        types.values().forEach(Stream::finish);
        if (error != null) {
            error.finish().addListener(ChannelFutureListener.CLOSE);
        }
    }
}
