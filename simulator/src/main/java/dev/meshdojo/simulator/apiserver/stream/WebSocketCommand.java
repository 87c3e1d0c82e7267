package dev.meshdojo.simulator.apiserver.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;

/** Exec and attach over a WebSocket: channels 0 to 4 are stdin, stdout, stderr, error, resize. */
final class WebSocketCommand extends WebSocketChannels {

    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;

    private final PodStreams streams;
    private final CommandRequest request;
    private final String protocol;

    WebSocketCommand(PodStreams streams, CommandRequest request, String protocol) {
        super(protocol);
        this.streams = streams;
        this.request = request;
        this.protocol = protocol;
    }

    /**
     * Clients close as soon as they have sent the input and still wait for the exit code: fabric8's
     * upload does.
     */
    @Override
    Duration lingering() {
        return Duration.ofSeconds(1);
    }

    @Override
    void begin(ChannelHandlerContext context) {
        Channel channel = context.channel();
        int first = request.stdout() ? STDOUT : request.stderr() ? STDERR : ERROR;
        context.writeAndFlush(frame(first, Unpooled.buffer(0)));
        CommandStreams client =
                new CommandStreams(
                        request.stdin() ? input(context, STDIN) : null,
                        request.stdout() ? output(channel, STDOUT) : null,
                        request.stderr() ? output(channel, STDERR) : null,
                        request.tty() ? input(context, RESIZE) : null,
                        output(channel, ERROR),
                        () -> finish(channel));
        boolean json = protocol.startsWith("v4") || protocol.startsWith("v5");
        Thread.startVirtualThread(
                new CommandSession(
                        streams,
                        request,
                        client,
                        channel,
                        json ? CommandSession.StatusForm.JSON : CommandSession.StatusForm.TEXT));
    }
}
