package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apps.shell.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * The standard streams of a container's program: what it writes goes to the log and to everyone who
 * is attached; what they type goes to the program. Thread-safe.
 */
final class ContainerConsole {

    private static final byte[] END = new byte[0];

    private final ContainerLog log;
    private final @Nullable Terminal terminal;
    private final List<OutputStream> attached = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Typed input = new Typed();

    /**
     * @param terminal whether the streams are those of a terminal
     */
    ContainerConsole(ContainerLog log, boolean terminal) {
        this.log = log;
        this.terminal = terminal ? new Terminal(screen()) : null;
    }

    /** The terminal, or null. */
    @Nullable Terminal terminal() {
        return terminal;
    }

    /** What the program writes to; a last line without line feed is logged when it is closed. */
    OutputStream output() {
        return terminal == null ? screen() : terminal.output();
    }

    private OutputStream screen() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                print(bytes, offset, length);
            }

            @Override
            public void close() {
                endLine();
            }
        };
    }

    /** What the program reads from. */
    InputStream input() {
        return terminal == null ? input : terminal.input();
    }

    void println(String text) {
        byte[] bytes = (text + (terminal == null ? "\n" : "\r\n")).getBytes(StandardCharsets.UTF_8);
        print(bytes, 0, bytes.length);
    }

    private synchronized void print(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] == '\n') {
                log.append(line.toString(StandardCharsets.UTF_8));
                line.reset();
            } else {
                line.write(bytes[i]);
            }
        }
        for (OutputStream sink : List.copyOf(attached)) {
            try {
                sink.write(bytes, offset, length);
                sink.flush();
            } catch (IOException _) {
                attached.remove(sink);
            }
        }
    }

    private synchronized void endLine() {
        if (line.size() > 0) {
            log.append(line.toString(StandardCharsets.UTF_8));
            line.reset();
        }
    }

    /** Sends what is written from now on to {@code sink} too, until the result is closed. */
    AutoCloseable attach(OutputStream sink) {
        attached.add(sink);
        return () -> attached.remove(sink);
    }

    /** Passes on what somebody typed. */
    void type(byte[] bytes) throws IOException {
        if (terminal != null) {
            terminal.type(bytes, 0, bytes.length);
        } else if (bytes.length > 0) {
            input.chunks.add(bytes);
        }
    }

    /** Nothing more will be typed. */
    void endInput() {
        if (terminal != null) {
            terminal.hangUp();
        } else {
            input.chunks.add(END);
        }
    }

    private static final class Typed extends InputStream {
        private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();
        private byte[] current = END;
        private int at;
        private boolean ended;

        @Override
        public synchronized int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (at == current.length && !ended) {
                try {
                    current = chunks.take();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new java.io.InterruptedIOException();
                }
                at = 0;
                ended = current.length == 0;
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, current.length - at);
            System.arraycopy(current, at, into, offset, count);
            at += count;
            return count;
        }
    }
}
