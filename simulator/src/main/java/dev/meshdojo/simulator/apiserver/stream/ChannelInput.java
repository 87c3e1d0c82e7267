package dev.meshdojo.simulator.apiserver.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes that an event loop receives, for a virtual thread to read. When too many wait, the
 * connection is not read on until the reader has caught up.
 */
final class ChannelInput extends InputStream {

    private static final int HIGH = 1 << 20;
    private static final int LOW = 1 << 18;

    private final Channel channel;
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int at;
    private int waiting;
    private boolean paused;
    private boolean ended;

    ChannelInput(Channel channel) {
        this.channel = channel;
    }

    /** Takes bytes; never blocks. The buffer stays the caller's. */
    synchronized void add(ByteBuf bytes) {
        if (ended || !bytes.isReadable()) {
            return;
        }
        byte[] chunk = new byte[bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), chunk);
        chunks.addLast(chunk);
        waiting += chunk.length;
        if (waiting > HIGH && !paused) {
            paused = true;
            channel.config().setAutoRead(false);
        }
        notifyAll();
    }

    /** No more bytes will come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public synchronized int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] into, int offset, int length)
            throws InterruptedIOException {
        while (chunks.isEmpty()) {
            if (ended) {
                return -1;
            }
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (InterruptedIOException) new InterruptedIOException().initCause(e);
            }
        }
        byte[] chunk = chunks.getFirst();
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, into, offset, count);
        at += count;
        waiting -= count;
        if (at == chunk.length) {
            chunks.removeFirst();
            at = 0;
        }
        if (paused && waiting < LOW) {
            paused = false;
            channel.config().setAutoRead(true);
        }
        return count;
    }

    @Override
    public synchronized int available() {
        return waiting;
    }
}
