package dev.meshdojo.gateway.codec;

import dev.meshdojo.gateway.stream.HeaderMap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTTP/1 messages from bytes as they come, as strictly as Envoy's parser does: no folded
 * lines, no blank before a colon, no control characters. Body bytes are passed on as slices of what
 * was read. Subclasses know start lines and framing.
 *
 * <p>Source: RFC 9112; Envoy's BalsaParser settings.
 */
abstract class Http1Reader {

    private static final byte LF = '\n';
    private static final int MAX_CHUNK_LINE = 4096;

    private static final FastThreadLocal<byte[][]> SCRATCH =
            new FastThreadLocal<>() {
                @Override
                protected byte[][] initialValue() {
                    return new byte[][] {new byte[4096]};
                }
            };

    private enum State {
        START,
        HEADERS,
        FIXED_BODY,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILERS,
        UNTIL_CLOSE,
        BETWEEN,
        FAILED
    }

    private final HeadLimits limits;
    private final byte[][] scratch = SCRATCH.get();
    private State state = State.START;
    private @Nullable ByteBuf in;
    private HeaderMap headers = newHeaders();
    private int lineLength;
    private int scanned;
    private int headBytes;
    private long remaining;
    private boolean paused;
    private boolean parsing;
    private boolean endOfBody;

    Http1Reader(HeadLimits limits) {
        this.limits = limits;
    }

    /** An empty map for the next head. */
    abstract HeaderMap newHeaders();

    /** Takes the bytes of a start line; false when it refused them. */
    abstract boolean onStartLine(byte[] line, int length);

    /** One more header; false when it refused it. */
    abstract boolean onHeader(HeaderMap headers, String name, String value);

    /** The head is complete: call one of the {@code expect} methods, or {@link #fail}. */
    abstract void onHeadComplete(HeaderMap headers);

    /** Body bytes, handed over. */
    abstract void onBody(ByteBuf data);

    /** The message is over; {@link #nextMessage} starts the next. */
    abstract void onMessageEnd();

    /** The bytes are refused; nothing more is read. */
    abstract void onFailure(Refusal refusal);

    /** Whether a first byte may begin a message. */
    abstract boolean mayBegin(byte first);

    final void feed(ByteBuf data) {
        if (state == State.FAILED) {
            data.release();
            return;
        }
        ByteBuf held = in;
        if (held == null || !held.isReadable()) {
            if (held != null) {
                held.release();
            }
            in = data;
        } else if (!parsing && held.refCnt() == 1 && held.isWritable(data.readableBytes())) {
            held.writeBytes(data);
            data.release();
        } else {
            ByteBuf joined =
                    data.alloc()
                            .buffer(Math.max(1024, held.readableBytes() + data.readableBytes()));
            joined.writeBytes(held).writeBytes(data);
            held.release();
            data.release();
            in = joined;
        }
        parse();
    }

    /** Stops reading; body and further messages wait. */
    final void pause() {
        paused = true;
    }

    final void resume() {
        paused = false;
        parse();
    }

    final boolean paused() {
        return paused;
    }

    /** How many bytes wait to be read. */
    final int buffered() {
        return in == null ? 0 : in.readableBytes();
    }

    /** In {@link #onBody}: whether these bytes are known to be the last. */
    final boolean lastBytes() {
        return endOfBody;
    }

    /** Whether nothing of a message was read yet. */
    final boolean idle() {
        return state == State.BETWEEN || (state == State.START && scanned == 0 && buffered() == 0);
    }

    /** Whether the body ends where the connection does. */
    final boolean untilClose() {
        return state == State.UNTIL_CLOSE;
    }

    final void release() {
        state = State.FAILED;
        if (in != null && !parsing) {
            in.release();
            in = null;
        }
    }

    /** Hands out what was read beyond the message, for another protocol. */
    final ByteBuf takeRest() {
        ByteBuf rest = in == null ? Unpooled.EMPTY_BUFFER : in;
        in = null;
        return rest;
    }

    final void expectLength(long length) {
        remaining = length;
        state = length == 0 ? State.BETWEEN : State.FIXED_BODY;
        endOfBody = length == 0;
    }

    final void expectChunks() {
        state = State.CHUNK_SIZE;
    }

    final void expectUntilClose() {
        state = State.UNTIL_CLOSE;
    }

    /** The head had no message of its own (an interim response): the next start line follows. */
    final void expectAnotherHead() {
        nextHead();
    }

    final void nextMessage() {
        nextHead();
    }

    private void nextHead() {
        state = State.START;
        headers = newHeaders();
        headBytes = 0;
        scanned = 0;
        endOfBody = false;
    }

    final void fail(Refusal refusal) {
        if (state != State.FAILED) {
            state = State.FAILED;
            onFailure(refusal);
        }
    }

    final void parse() {
        if (parsing) {
            return;
        }
        parsing = true;
        try {
            while (!paused && step()) {}
        } finally {
            parsing = false;
        }
        ByteBuf held = in;
        if (held != null && (!held.isReadable() || state == State.FAILED)) {
            held.release();
            in = null;
        }
    }

    private boolean step() {
        if (endOfBody) {
            endOfBody = false;
            onMessageEnd();
            return state != State.BETWEEN;
        }
        ByteBuf buffer = in;
        if (buffer == null || !buffer.isReadable()) {
            return false;
        }
        return switch (state) {
            case START -> startLine(buffer);
            case HEADERS -> header(buffer, false);
            case TRAILERS -> header(buffer, true);
            case FIXED_BODY -> fixedBody(buffer);
            case CHUNK_SIZE -> chunkSize(buffer);
            case CHUNK_DATA -> chunkData(buffer);
            case CHUNK_END -> chunkEnd(buffer);
            case UNTIL_CLOSE -> {
                onBody(buffer.readRetainedSlice(buffer.readableBytes()));
                yield true;
            }
            case BETWEEN, FAILED -> false;
        };
    }

    private boolean startLine(ByteBuf buffer) {
        while (scanned == 0 && blankLine(buffer)) {
            buffer.skipBytes(1);
        }
        if (!buffer.isReadable()) {
            return false;
        }
        if (scanned == 0 && !mayBegin(buffer.getByte(buffer.readerIndex()))) {
            fail(Refusal.CODEC_ERROR);
            return false;
        }
        if (!line(buffer, limits.maxBytes())) {
            return false;
        }
        state = State.HEADERS;
        if (!onStartLine(scratch[0], lineLength)) {
            fail(Refusal.CODEC_ERROR);
        }
        return state != State.FAILED;
    }

    private static boolean blankLine(ByteBuf buffer) {
        if (!buffer.isReadable()) {
            return false;
        }
        byte first = buffer.getByte(buffer.readerIndex());
        return first == '\r' || first == LF;
    }

    private boolean header(ByteBuf buffer, boolean trailer) {
        if (!line(buffer, limits.maxBytes())) {
            return false;
        }
        if (lineLength == 0) {
            if (trailer) {
                state = State.BETWEEN;
                endOfBody = true;
            } else {
                onHeadComplete(headers);
            }
            return state != State.FAILED;
        }
        byte[] line = scratch[0];
        if (blank(line[0])) {
            return continuation(line, trailer);
        }
        int colon = 0;
        while (colon < lineLength && line[colon] != ':') {
            colon++;
        }
        String name = colon == lineLength ? null : HeaderNames.read(line, 0, colon);
        if (name == null) {
            fail(Refusal.CODEC_ERROR);
            return false;
        }
        int from = colon + 1;
        int to = lineLength;
        while (from < to && blank(line[from])) {
            from++;
        }
        while (to > from && blank(line[to - 1])) {
            to--;
        }
        to = withoutReturns(line, from, to);
        for (int i = from; i < to; i++) {
            byte b = line[i];
            if ((b >= 0 && b < ' ' && b != '\t') || b == 0x7f) {
                fail(Refusal.INVALID_CHARACTERS);
                return false;
            }
        }
        if (trailer) {
            return true;
        }
        String value = new String(line, from, to - from, StandardCharsets.ISO_8859_1);
        if (!onHeader(headers, name, value)) {
            return false;
        }
        return state != State.FAILED;
    }

    /** A folded line, whose text goes on where the line before ended. */
    private boolean continuation(byte[] line, boolean trailer) {
        String more = new String(line, 0, lineLength, StandardCharsets.ISO_8859_1).stripTrailing();
        for (int i = 0; i < more.length(); i++) {
            char c = more.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                fail(Refusal.INVALID_CHARACTERS);
                return false;
            }
        }
        if (!trailer && !onContinuation(headers, more)) {
            fail(Refusal.CODEC_ERROR);
            return false;
        }
        return true;
    }

    /** A folded line; false when there is none before it. */
    boolean onContinuation(HeaderMap headers, String more) {
        return headers.continueLast(more);
    }

    /** Drops carriage returns, as Envoy does; the new end. */
    private static int withoutReturns(byte[] line, int from, int to) {
        int kept = from;
        for (int i = from; i < to; i++) {
            if (line[i] != '\r') {
                line[kept++] = line[i];
            }
        }
        return kept;
    }

    final int maxLines() {
        return limits.maxLines();
    }

    private static boolean blank(byte b) {
        return b == ' ' || b == '\t';
    }

    private boolean fixedBody(ByteBuf buffer) {
        int length = (int) Math.min(remaining, buffer.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            state = State.BETWEEN;
            endOfBody = true;
        }
        onBody(buffer.readRetainedSlice(length));
        return true;
    }

    private boolean chunkSize(ByteBuf buffer) {
        headBytes = 0;
        if (!line(buffer, MAX_CHUNK_LINE)) {
            return false;
        }
        byte[] line = scratch[0];
        long size = 0;
        int i = 0;
        for (; i < lineLength; i++) {
            int digit = Character.digit(line[i], 16);
            if (digit < 0) {
                break;
            }
            size = size << 4 | digit;
            if (i > 14) {
                fail(Refusal.CODEC_ERROR);
                return false;
            }
        }
        boolean valid = i > 0;
        while (i < lineLength && blank(line[i])) {
            i++;
        }
        valid &= i == lineLength || line[i] == ';';
        for (; i < lineLength; i++) {
            valid &= line[i] != '\r';
        }
        if (!valid) {
            fail(Refusal.CODEC_ERROR);
            return false;
        }
        remaining = size;
        state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
        headBytes = 0;
        return true;
    }

    private boolean chunkData(ByteBuf buffer) {
        int length = (int) Math.min(remaining, buffer.readableBytes());
        remaining -= length;
        if (remaining == 0) {
            state = State.CHUNK_END;
        }
        onBody(buffer.readRetainedSlice(length));
        return state != State.FAILED;
    }

    private boolean chunkEnd(ByteBuf buffer) {
        if (!line(buffer, 1)) {
            return false;
        }
        if (lineLength != 0) {
            fail(Refusal.CODEC_ERROR);
            return false;
        }
        state = State.CHUNK_SIZE;
        return true;
    }

    /** Reads one line into the scratch bytes, without its end; false when it is not complete. */
    private boolean line(ByteBuf buffer, int limit) {
        int start = buffer.readerIndex();
        int end = buffer.indexOf(start + scanned, buffer.writerIndex(), LF);
        if (end < 0) {
            scanned = buffer.readableBytes();
            if (headBytes + scanned > limit) {
                fail(limit == limits.maxBytes() ? Refusal.HEADERS_TOO_LARGE : Refusal.CODEC_ERROR);
            }
            return false;
        }
        int length = end - start;
        headBytes += length + 1;
        if (headBytes > limit && limit == limits.maxBytes()) {
            fail(Refusal.HEADERS_TOO_LARGE);
            return false;
        }
        byte[] line = scratch[0];
        if (line.length < length) {
            line = new byte[Math.max(length, line.length * 2)];
            scratch[0] = line;
        }
        buffer.readBytes(line, 0, length).skipBytes(1);
        scanned = 0;
        lineLength = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
        return true;
    }
}
