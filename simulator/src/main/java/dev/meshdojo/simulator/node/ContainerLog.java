package dev.meshdojo.simulator.node;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The output of one run of a container: the last lines, up to a limit, each with its time.
 * Thread-safe.
 */
final class ContainerLog {

    private static final int MAX_LINES = 10_000;
    private static final int MAX_CHARS = 4 << 20;

    private final Clock clock;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long first;
    private int chars;
    private boolean ended;

    /** One line without its line feed. */
    record Line(Instant time, String text) {}

    ContainerLog(Clock clock) {
        this.clock = clock;
    }

    /** Appends a line; the oldest lines go when there are too many. */
    synchronized void append(String text) {
        if (ended) {
            return;
        }
        lines.addLast(new Line(clock.instant(), text));
        chars += text.length();
        while (lines.size() > MAX_LINES || chars > MAX_CHARS) {
            chars -= lines.removeFirst().text().length();
            first++;
        }
        notifyAll();
    }

    /** Nothing more will come. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** The number of the next line; lines are numbered from 0. */
    synchronized long next() {
        return first + lines.size();
    }

    /** The lines from number {@code from} on that are still there. */
    synchronized List<Line> from(long from) {
        List<Line> result = new ArrayList<>();
        long number = first;
        for (Line line : lines) {
            if (number++ >= from) {
                result.add(line);
            }
        }
        return result;
    }

    /** Waits for lines from number {@code from} on; null when none will come. */
    synchronized @Nullable List<Line> await(long from) throws InterruptedException {
        while (next() <= from) {
            if (ended) {
                return null;
            }
            wait();
        }
        return from(from);
    }
}
