package dev.meshdojo.simulator.shell.command.kubectl.print;

import java.util.ArrayList;
import java.util.List;

/**
 * Elastic tabstops as Go's {@code text/tabwriter} does them, padding with blanks. A cell belongs to
 * a column only when a tab ends it; a column is a run of adjacent lines that have it.
 */
public final class TabWriter {

    private final int minimum;
    private final int padding;
    private final boolean remember;
    private final List<Integer> remembered = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private TabWriter(int minimum, int padding, boolean remember) {
        this.minimum = minimum;
        this.padding = padding;
        this.remember = remember;
    }

    /** As for {@code kubectl get}: later rows keep the widths of earlier ones. */
    public static TabWriter forTables() {
        return new TabWriter(6, 3, true);
    }

    /** As for {@code kubectl describe}. */
    public static TabWriter forDescriptions() {
        return new TabWriter(0, 2, false);
    }

    /** With a minimal cell width and a padding. */
    public static TabWriter of(int minimum, int padding) {
        return new TabWriter(minimum, padding, false);
    }

    /** Adds text; tabs end cells, newlines end lines. */
    public void write(String piece) {
        text.append(piece);
    }

    /** What was written since the last flush, as it is. */
    public String unaligned() {
        return text.toString();
    }

    /** The aligned text of all that was written since the last flush. */
    public String flush() {
        String all = text.toString();
        text.setLength(0);
        if (all.isEmpty()) {
            return "";
        }
        boolean ended = all.endsWith("\n");
        String[] rows = (ended ? all.substring(0, all.length() - 1) : all).split("\n", -1);
        List<List<String>> lines = new ArrayList<>();
        for (String row : rows) {
            lines.add(List.of(row.split("\t", -1)));
        }
        StringBuilder out = new StringBuilder();
        format(lines, 0, lines.size(), new ArrayList<>(), out);
        return ended ? out.toString() : out.substring(0, out.length() - 1);
    }

    private void format(
            List<List<String>> lines, int from, int to, List<Integer> widths, StringBuilder out) {
        int column = widths.size();
        int done = from;
        int at = from;
        while (at < to) {
            if (column >= lines.get(at).size() - 1) {
                at++;
                continue;
            }
            emit(lines, done, at, widths, out);
            int end = at;
            int width = minimum;
            while (end < to && column < lines.get(end).size() - 1) {
                String cell = lines.get(end).get(column);
                width = Math.max(width, cell.codePointCount(0, cell.length()) + padding);
                end++;
            }
            widths.add(remembered(column, width));
            format(lines, at, end, widths, out);
            widths.removeLast();
            done = end;
            at = end;
        }
        emit(lines, done, to, widths, out);
    }

    private int remembered(int column, int width) {
        if (!remember) {
            return width;
        }
        while (remembered.size() <= column) {
            remembered.add(0);
        }
        int wider = Math.max(width, remembered.get(column));
        remembered.set(column, wider);
        return wider;
    }

    private static void emit(
            List<List<String>> lines, int from, int to, List<Integer> widths, StringBuilder out) {
        for (int i = from; i < to; i++) {
            List<String> cells = lines.get(i);
            for (int j = 0; j < cells.size(); j++) {
                String cell = cells.get(j);
                out.append(cell);
                if (j < widths.size() && j < cells.size() - 1) {
                    int length = cell.codePointCount(0, cell.length());
                    out.append(" ".repeat(Math.max(0, widths.get(j) - length)));
                }
            }
            out.append('\n');
        }
    }
}
