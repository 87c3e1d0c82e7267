package dev.meshdojo.simulator.apiserver.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.function.Function;

/** Sends what a virtual thread writes as frames of a connection; waits while it is congested. */
final class ChannelOutput extends OutputStream {

    private static final int MAX_FRAME = 32 << 10;

    private final Channel channel;
    private final Function<ByteBuf, Object> framing;

    ChannelOutput(Channel channel, Function<ByteBuf, Object> framing) {
        this.channel = channel;
        this.framing = framing;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; ) {
            if (!channel.isActive()) {
                throw new IOException("the client has gone");
            }
            int count = Math.min(MAX_FRAME, length - sent);
            ByteBuf copy = Unpooled.copiedBuffer(bytes, offset + sent, count);
            ChannelFuture written = channel.writeAndFlush(framing.apply(copy));
            sent += count;
            if (!channel.isWritable()) {
                await(written);
            }
        }
    }

    private static void await(ChannelFuture written) throws InterruptedIOException {
        try {
            written.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException().initCause(e);
        }
    }
}
