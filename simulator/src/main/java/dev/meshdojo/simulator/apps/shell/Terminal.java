package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pseudo-terminal between a person and programs, with Linux' line discipline: what is typed is
 * echoed and can be edited until Enter (Backspace, Ctrl-U, Ctrl-W), Ctrl-C interrupts the command
 * in the foreground, Ctrl-D ends the input, line feeds go out as CR LF. A program that edits lines
 * itself turns that off. Thread-safe; typing never waits for the program.
 */
public final class Terminal {

    private static final int INTERRUPT = 3;
    private static final int END_OF_INPUT = 4;
    private static final int BACKSPACE = 8;
    private static final int KILL_LINE = 21;
    private static final int ERASE_WORD = 23;
    private static final int ERASE = 127;
    private static final int END = -1;

    private final OutputStream screen;
    private final Deque<Integer> readable = new ArrayDeque<>();
    private final StringBuilder line = new StringBuilder();
    private final Utf8Reader typed = new Utf8Reader();
    private final InputStream input = new Readable();
    private final OutputStream output = new Screen();
    private @Nullable Runnable foreground;
    private boolean raw;
    private boolean echo = true;
    private boolean interrupted;
    private boolean hungUp;
    private int columns;
    private int rows;

    /**
     * @param screen takes what is shown
     */
    public Terminal(OutputStream screen) {
        this.screen = screen;
    }

    /** What programs read from. Interruptible. */
    public InputStream input() {
        return input;
    }

    /** What programs write to. */
    public OutputStream output() {
        return output;
    }

    /** Character cells in a row; 0 while nobody has said. */
    public synchronized int columns() {
        return columns;
    }

    /** Rows; 0 while nobody has said. */
    public synchronized int rows() {
        return rows;
    }

    /** The window has another size. */
    public synchronized void resize(int newColumns, int newRows) {
        columns = newColumns;
        rows = newRows;
    }

    /** Takes what a person typed. */
    public void type(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            Runnable interrupted = type(bytes[i] & 0xff);
            if (interrupted != null) {
                interrupted.run();
            }
        }
        screen.flush();
    }

    /** Nobody types any more. */
    public synchronized void hangUp() {
        hungUp = true;
        notifyAll();
    }

    /**
     * Passes every key on as it comes, without echo, or goes back to lines; what was typed ahead
     * then counts as typed now.
     */
    synchronized void raw(boolean on) throws IOException {
        raw = on;
        if (on) {
            release();
            return;
        }
        List<Integer> ahead = List.copyOf(readable);
        readable.clear();
        for (int b : ahead) {
            if (b == END) {
                readable.add(b);
            } else {
                Runnable interrupted = type(b);
                assert interrupted == null || b == INTERRUPT;
            }
        }
    }

    /** Whether typed characters are shown. */
    synchronized void echo(boolean on) {
        echo = on;
    }

    synchronized boolean echo() {
        return echo;
    }

    /**
     * Says what Ctrl-C interrupts; one that came while there was nothing is for the next.
     *
     * @return what it was, to set again afterwards
     */
    public synchronized @Nullable Runnable foreground(@Nullable Runnable interrupt) {
        Runnable before = foreground;
        foreground = interrupt;
        if (interrupt != null && interrupted) {
            interrupted = false;
            interrupt.run();
        }
        return before;
    }

    private synchronized @Nullable Runnable type(int b) throws IOException {
        if (raw) {
            readable.add(b);
            notifyAll();
            return null;
        }
        int character = typed.next(b == '\r' ? '\n' : b);
        switch (character) {
            case Utf8Reader.MORE -> {}
            case INTERRUPT -> {
                show("^C");
                line.setLength(0);
                interrupted = foreground == null;
                return foreground;
            }
            case END_OF_INPUT -> {
                if (line.isEmpty()) {
                    readable.add(END);
                }
                release();
            }
            case ERASE, BACKSPACE -> erase(1);
            case KILL_LINE -> erase(line.length());
            case ERASE_WORD -> erase(line.length() - startOfLastWord(line, line.length()));
            case '\n' -> {
                line.append('\n');
                show("\r\n");
                release();
            }
            default -> {
                line.appendCodePoint(character);
                show(
                        character < ' ' && character != '\t'
                                ? "^" + (char) (character + '@')
                                : Character.toString(character));
            }
        }
        return null;
    }

    /** Where the word before {@code end} begins, blanks behind it included. */
    static int startOfLastWord(CharSequence text, int end) {
        int at = end;
        while (at > 0 && text.charAt(at - 1) == ' ') {
            at--;
        }
        while (at > 0 && text.charAt(at - 1) != ' ') {
            at--;
        }
        return at;
    }

    private void erase(int characters) throws IOException {
        for (int i = 0; i < characters && !line.isEmpty(); i++) {
            int last = line.codePointBefore(line.length());
            line.setLength(line.length() - Character.charCount(last));
            show(last < ' ' && last != '\t' ? "\b\b  \b\b" : "\b \b");
        }
    }

    private void show(String text) throws IOException {
        if (echo || text.equals("\r\n")) {
            screen.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private void release() {
        for (byte b : line.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
            readable.add(b & 0xff);
        }
        line.setLength(0);
        notifyAll();
    }

    private final class Readable extends InputStream {
        @Override
        public int read() throws IOException {
            synchronized (Terminal.this) {
                while (readable.isEmpty()) {
                    if (hungUp) {
                        return END;
                    }
                    try {
                        Terminal.this.wait();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw (InterruptedIOException) new InterruptedIOException().initCause(e);
                    }
                }
                return readable.remove();
            }
        }

        /** At most a line, as from a terminal. */
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int first = read();
            if (first < 0) {
                return END;
            }
            into[offset] = (byte) first;
            int count = 1;
            synchronized (Terminal.this) {
                Integer next = readable.peek();
                while (count < length
                        && next != null
                        && next >= 0
                        && into[offset + count - 1] != '\n') {
                    into[offset + count++] = (byte) (int) readable.remove();
                    next = readable.peek();
                }
            }
            return count;
        }

        @Override
        public int available() {
            synchronized (Terminal.this) {
                return readable.size();
            }
        }
    }

    private final class Screen extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            byte[] out = new byte[2 * length];
            int count = 0;
            for (int i = offset; i < offset + length; i++) {
                if (bytes[i] == '\n') {
                    out[count++] = '\r';
                }
                out[count++] = bytes[i];
            }
            screen.write(out, 0, count);
        }

        @Override
        public void flush() throws IOException {
            screen.flush();
        }
    }
}
