package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines at a shell's prompt as busybox and bash do: cursor keys, history, Home and End, the
 * usual control keys. One thread at a time.
 */
final class LineEditor {

    private static final int ESCAPE = 27;
    private static final int HISTORY = 500;

    private final Terminal terminal;
    private final List<String> history = new ArrayList<>();
    private final Utf8Reader utf8 = new Utf8Reader();
    private StringBuilder line = new StringBuilder();
    private int cursor;
    private int at;
    private String unfinished = "";

    /** How reading ended. */
    enum End {
        LINE,
        INTERRUPTED,
        INPUT
    }

    /** What was read. */
    record Read(End end, String text) {}

    private LineEditor(Terminal terminal) {
        this.terminal = terminal;
    }

    static @Nullable LineEditor on(@Nullable Terminal terminal) {
        return terminal == null ? null : new LineEditor(terminal);
    }

    /** Shows the prompt and reads up to Enter, Ctrl-C, or Ctrl-D on an empty line. */
    Read read(String prompt) throws IOException {
        terminal.raw(true);
        try {
            line = new StringBuilder();
            cursor = 0;
            at = history.size();
            unfinished = "";
            show(prompt);
            InputStream in = terminal.input();
            for (int b = in.read(); b >= 0; b = in.read()) {
                int key = utf8.next(b);
                if (key == '\r' || key == '\n') {
                    show("\n");
                    return new Read(End.LINE, remember(line.toString()));
                }
                if (key == control('C')) {
                    show("^C\n");
                    return new Read(End.INTERRUPTED, "");
                }
                if (key == control('D') && line.isEmpty()) {
                    break;
                }
                if (key == control('L')) {
                    show("\u001b[H\u001b[J" + prompt + line + left(line.length() - cursor));
                } else if (key == ESCAPE) {
                    escape(in);
                } else if (key != Utf8Reader.MORE) {
                    edit(key);
                }
            }
            return new Read(End.INPUT, "");
        } finally {
            terminal.raw(false);
        }
    }

    private String remember(String text) {
        if (!text.isBlank() && (history.isEmpty() || !history.getLast().equals(text))) {
            history.add(text);
            if (history.size() > HISTORY) {
                history.removeFirst();
            }
        }
        return text;
    }

    private static int control(char letter) {
        return letter - '@';
    }

    private void edit(int key) throws IOException {
        switch (key) {
            case 1 -> move(0); // A
            case 2 -> move(cursor - 1); // B
            case 4 -> cut(cursor, next()); // D
            case 5 -> move(line.length()); // E
            case 6 -> move(next()); // F
            case 8, 127 -> cut(previous(), cursor);
            case 11 -> cut(cursor, line.length()); // K
            case 14 -> walk(1); // N
            case 16 -> walk(-1); // P
            case 21 -> cut(0, cursor); // U
            case 23 -> cut(Terminal.startOfLastWord(line, cursor), cursor); // W
            default -> {
                if (key >= ' ') {
                    String text = Character.toString(key);
                    line.insert(cursor, text);
                    show(line.substring(cursor));
                    cursor += text.length();
                    show(left(line.length() - cursor));
                }
            }
        }
    }

    /** Cursor keys and their like: {@code ESC [ A}, {@code ESC O H}, {@code ESC [ 3 ~}. */
    private void escape(InputStream in) throws IOException {
        int kind = in.read();
        if (kind != '[' && kind != 'O') {
            return;
        }
        int key = in.read();
        int number = 0;
        while ((key >= '0' && key <= '9') || key == ';') {
            number = key == ';' ? number : number * 10 + key - '0';
            key = in.read();
        }
        switch (key) {
            case 'A' -> walk(-1);
            case 'B' -> walk(1);
            case 'C' -> move(next());
            case 'D' -> move(previous());
            case 'H' -> move(0);
            case 'F' -> move(line.length());
            case '~' -> {
                switch (number) {
                    case 1, 7 -> move(0);
                    case 3 -> cut(cursor, next());
                    case 4, 8 -> move(line.length());
                    default -> show("\u0007");
                }
            }
            default -> {}
        }
    }

    private int previous() {
        return cursor == 0 ? 0 : line.offsetByCodePoints(cursor, -1);
    }

    private int next() {
        return cursor == line.length() ? cursor : line.offsetByCodePoints(cursor, 1);
    }

    private void move(int to) throws IOException {
        int target = Math.clamp(to, 0, line.length());
        show(target < cursor ? left(cursor - target) : line.substring(cursor, target));
        cursor = target;
    }

    private void cut(int from, int to) throws IOException {
        if (from == to) {
            return;
        }
        move(from);
        line.delete(from, to);
        show(line.substring(cursor) + "\u001b[J" + left(line.length() - cursor));
    }

    private void walk(int step) throws IOException {
        int target = at + step;
        if (target < 0 || target > history.size()) {
            show("\u0007");
            return;
        }
        if (at == history.size()) {
            unfinished = line.toString();
        }
        at = target;
        String text = at == history.size() ? unfinished : history.get(at);
        move(0);
        line = new StringBuilder(text);
        cursor = line.length();
        show("\u001b[J" + text);
    }

    private static String left(int columns) {
        return "\b".repeat(columns);
    }

    private void show(String text) throws IOException {
        terminal.output().write(text.getBytes(StandardCharsets.UTF_8));
        terminal.output().flush();
    }
}
