package dev.meshdojo.gateway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/**
 * Writes access logs to where they say: {@code /dev/stdout}, {@code /dev/stderr} or files, which
 * are appended to. Takers do not wait: when the disk is slower than the traffic, lines are dropped
 * and counted. Thread-safe.
 */
public final class LogFiles implements BiConsumer<String, String>, AutoCloseable {

    private static final int QUEUE = 16 * 1024;

    private record Line(String path, String text) {}

    private final LinkedBlockingQueue<Line> lines = new LinkedBlockingQueue<>(QUEUE);
    private final LongAdder dropped = new LongAdder();
    private final PrintStream out;
    private final PrintStream err;
    private final Thread writer;

    /** A writer whose {@code /dev/stdout} and {@code /dev/stderr} are the given streams. */
    public LogFiles(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
        this.writer = Thread.ofVirtual().name("access-log").start(this::write);
    }

    @Override
    public void accept(String path, String line) {
        if (!lines.offer(new Line(path, line))) {
            dropped.increment();
        }
    }

    /** How many lines were dropped. */
    public long dropped() {
        return dropped.sum();
    }

    private void write() {
        List<Line> batch = new ArrayList<>();
        try {
            while (true) {
                batch.add(lines.take());
                lines.drainTo(batch);
                write(batch);
                batch.clear();
            }
        } catch (InterruptedException stopped) {
            lines.drainTo(batch);
            write(batch);
        }
    }

    private void write(List<Line> batch) {
        Map<String, StringBuilder> texts = new LinkedHashMap<>();
        for (Line line : batch) {
            texts.computeIfAbsent(line.path(), key -> new StringBuilder()).append(line.text());
        }
        texts.forEach(this::append);
    }

    private void append(String path, CharSequence text) {
        switch (path) {
            case "/dev/stdout" -> print(out, text);
            case "/dev/stderr" -> print(err, text);
            case "/dev/null" -> {}
            default -> {
                try {
                    Files.writeString(
                            Path.of(path),
                            text,
                            StandardCharsets.UTF_8,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                } catch (IOException e) {
                    print(err, "access log " + path + ": " + e.getMessage() + "\n");
                }
            }
        }
    }

    private static void print(PrintStream stream, CharSequence text) {
        stream.print(text);
        stream.flush();
    }

    /** Writes what is there and ends. */
    @Override
    public void close() {
        writer.interrupt();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
