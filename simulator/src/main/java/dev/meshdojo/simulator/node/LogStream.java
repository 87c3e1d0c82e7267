package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.stream.PodStreams.LogOptions;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A container's log as bytes, following it if asked. One reader at a time; any thread may close.
 */
final class LogStream extends InputStream {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private final ContainerLog log;
    private final LogOptions options;
    private final @Nullable Instant since;
    private final long end;
    private long next;
    private long left;
    private byte[] buffer = new byte[0];
    private int at;
    private volatile boolean closed;
    private volatile @Nullable Thread reader;

    LogStream(ContainerLog log, LogOptions options, Instant now) {
        this.log = log;
        this.options = options;
        this.since = options.since() != null ? now.minus(options.since()) : options.sinceTime();
        this.left = options.limitBytes() == null ? Long.MAX_VALUE : options.limitBytes();
        this.end = log.next();
        Integer tail = options.tailLines();
        this.next = tail == null ? 0 : Math.max(0, end - tail);
    }

    @Override
    public int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws InterruptedIOException {
        if (at == buffer.length && !fill()) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, buffer.length - at), left);
        if (count <= 0) {
            return -1;
        }
        System.arraycopy(buffer, at, into, offset, count);
        at += count;
        left -= count;
        return count;
    }

    @Override
    public int available() {
        return buffer.length - at;
    }

    private boolean fill() throws InterruptedIOException {
        at = 0;
        buffer = new byte[0];
        while (buffer.length == 0) {
            List<ContainerLog.Line> lines = nextLines();
            if (lines == null || closed || left <= 0) {
                return false;
            }
            StringBuilder text = new StringBuilder();
            for (ContainerLog.Line line : lines) {
                if (since == null || !line.time().isBefore(since)) {
                    if (options.timestamps()) {
                        text.append(stamp(line.time())).append(' ');
                    }
                    text.append(line.text()).append('\n');
                }
            }
            buffer = text.toString().getBytes(StandardCharsets.UTF_8);
        }
        return true;
    }

    private @Nullable List<ContainerLog.Line> nextLines() throws InterruptedIOException {
        List<ContainerLog.Line> lines;
        if (options.follow()) {
            reader = Thread.currentThread();
            try {
                lines = closed ? null : log.await(next);
            } catch (InterruptedException e) {
                if (closed) {
                    return null;
                }
                throw (InterruptedIOException) new InterruptedIOException().initCause(e);
            } finally {
                reader = null;
            }
        } else {
            lines = next < end ? log.from(next) : null;
        }
        if (lines != null) {
            next = log.next();
        }
        return lines;
    }

    /** RFC 3339 with nine digits, as container runtimes write it. */
    private static String stamp(Instant time) {
        return STAMP.format(time);
    }

    @Override
    public void close() {
        closed = true;
        Thread waiting = reader;
        if (waiting != null) {
            waiting.interrupt();
        }
    }
}
