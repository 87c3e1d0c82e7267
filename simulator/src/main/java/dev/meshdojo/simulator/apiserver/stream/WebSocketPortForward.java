package dev.meshdojo.simulator.apiserver.stream;

import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Port-forward over a plain WebSocket, as Java clients use it: two channels a port, data and error,
 * each beginning with the port's number in two bytes, low byte first.
 */
final class WebSocketPortForward extends WebSocketChannels {

    private final PodStreams streams;
    private final PodName pod;
    private final List<Integer> ports;
    private final AtomicInteger open;

    WebSocketPortForward(PodStreams streams, PodName pod, List<Integer> ports, String protocol) {
        super(protocol);
        this.streams = streams;
        this.pod = pod;
        this.ports = List.copyOf(ports);
        this.open = new AtomicInteger(ports.size());
    }

    @Override
    void begin(ChannelHandlerContext context) {
        for (int i = 0; i < ports.size(); i++) {
            int port = ports.get(i);
            int data = 2 * i;
            for (int channel = data; channel <= data + 1; channel++) {
                context.write(
                        frame(
                                channel,
                                Unpooled.wrappedBuffer(
                                        new byte[] {(byte) port, (byte) (port >> 8)})));
            }
            ChannelInput input = input(context, data);
            Thread.startVirtualThread(() -> forward(context.channel(), port, data, input));
        }
        context.flush();
    }

    private void forward(Channel channel, int port, int data, ChannelInput input) {
        try {
            SocketRelay.run(streams.dial(pod, port), input, output(channel, data), channel);
        } catch (IOException | RuntimeException e) {
            byte[] message = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
            channel.writeAndFlush(frame(data + 1, Unpooled.wrappedBuffer(message)));
        } finally {
            if (open.decrementAndGet() == 0) {
                finish(channel);
            }
        }
    }
}
