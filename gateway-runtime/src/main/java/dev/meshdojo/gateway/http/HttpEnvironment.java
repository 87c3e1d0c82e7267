package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.telemetry.AccessLog;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What exchanges need of their surroundings. Everything in it is thread-safe and does not block.
 *
 * @param live the configuration in force
 * @param clock for start times and {@code date}
 * @param ticker nanoseconds, for durations
 * @param random picks routes by weight, endpoints and back-off times
 * @param accessLog takes finished log lines: the log's path and the line
 * @param ended told of every stream that ended, with what formatters read
 * @param traffic takes traffic events; null when nobody looks
 * @param explains whether traffic events tell which routes were looked at, and why not those
 * @param ids numbers streams and connections
 */
public record HttpEnvironment(
        Supplier<LiveConfig> live,
        InstantSource clock,
        LongSupplier ticker,
        RandomGenerator random,
        BiConsumer<String, String> accessLog,
        @Nullable Consumer<FormatContext> ended,
        @Nullable Consumer<TrafficEvent> traffic,
        BooleanSupplier explains,
        AtomicLong ids) {

    /** Writes the end of a stream or connection to {@code logs}, and tells whoever counts. */
    public void report(List<AccessLog> logs, FormatContext context) {
        log(logs, context);
        Consumer<FormatContext> counter = ended;
        if (counter != null) {
            counter.accept(context);
        }
    }

    /** Writes a line to each of {@code logs} that wants one. */
    public void log(List<AccessLog> logs, FormatContext context) {
        for (AccessLog log : logs) {
            String line = log.line(context);
            if (line != null) {
                accessLog.accept(log.path(), line);
            }
        }
    }
}
