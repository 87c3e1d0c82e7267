package dev.meshdojo.gateway;

import dev.meshdojo.gateway.listener.SocketAddressing;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.telemetry.AccessLogEntry;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.gateway.upstream.HostResolver;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a runtime fits into its surroundings. Immutable; every function in it is called from event
 * loops, so it is thread-safe and does not block.
 *
 * @param loops shared threads; null: the runtime starts its own and ends them with itself
 * @param addressing what addresses mean
 * @param resolver looks up the names of DNS clusters; may block
 * @param clock for start times and {@code date}
 * @param ticker nanoseconds, for durations
 * @param random for weights, endpoints, back-off, request ids
 * @param logLines takes the lines of configured access logs: the log's path and the line
 * @param accessLog takes Istio's access-log fields of every stream, configured or not; null: nobody
 * @param traffic takes one event a stream; null: nobody
 * @param explains whether traffic events tell which routes were looked at, and why not those; asked
 *     at each request, as it costs a look at every route in order
 * @param drainTime how long connections of a removed listener may go on
 * @param health where {@code /healthz/ready} is served; null: nowhere
 * @param admin what the runtime tells about itself
 */
public record GatewayOptions(
        @Nullable EventLoops loops,
        SocketAddressing addressing,
        HostResolver resolver,
        InstantSource clock,
        LongSupplier ticker,
        RandomGenerator random,
        BiConsumer<String, String> logLines,
        @Nullable Consumer<AccessLogEntry> accessLog,
        @Nullable Consumer<TrafficEvent> traffic,
        BooleanSupplier explains,
        Duration drainTime,
        @Nullable InetSocketAddress health,
        AdminOptions admin) {

    /** Own threads, real addresses, system clock, no sinks, 45 s drain, no health or admin port. */
    public static GatewayOptions defaults() {
        return new GatewayOptions(
                null,
                SocketAddressing.identity(),
                HostResolver.system(),
                InstantSource.system(),
                System::nanoTime,
                new PerThreadRandom(),
                (path, line) -> {},
                null,
                null,
                () -> false,
                Duration.ofSeconds(45),
                null,
                AdminOptions.none());
    }

    /** These options with shared threads. */
    public GatewayOptions withLoops(EventLoops shared) {
        return with(draft -> draft.loops = shared);
    }

    /** These options with other addresses. */
    public GatewayOptions withAddressing(SocketAddressing other) {
        return with(draft -> draft.addressing = other);
    }

    /** These options with another resolver. */
    public GatewayOptions withResolver(HostResolver other) {
        return with(draft -> draft.resolver = other);
    }

    /** These options with another clock. */
    public GatewayOptions withClock(InstantSource other) {
        return with(draft -> draft.clock = other);
    }

    /** These options with another source of random numbers. */
    public GatewayOptions withRandom(RandomGenerator other) {
        return with(draft -> draft.random = other);
    }

    /** These options with a taker of configured access-log lines. */
    public GatewayOptions withLogLines(BiConsumer<String, String> taker) {
        return with(draft -> draft.logLines = taker);
    }

    /** These options with a taker of Istio's access-log fields. */
    public GatewayOptions withAccessLog(Consumer<AccessLogEntry> taker) {
        return with(draft -> draft.accessLog = taker);
    }

    /** These options with a taker of traffic events. */
    public GatewayOptions withTraffic(Consumer<TrafficEvent> taker) {
        return with(draft -> draft.traffic = taker);
    }

    /** These options, explaining or not. */
    public GatewayOptions withExplains(BooleanSupplier whether) {
        return with(draft -> draft.explains = whether);
    }

    /** These options with another drain time. */
    public GatewayOptions withDrainTime(Duration time) {
        return with(draft -> draft.drainTime = time);
    }

    /** These options with a health port. */
    public GatewayOptions withHealth(InetSocketAddress address) {
        return with(draft -> draft.health = address);
    }

    /** These options with something to tell. */
    public GatewayOptions withAdmin(AdminOptions other) {
        return with(draft -> draft.admin = other);
    }

    private GatewayOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return new GatewayOptions(
                draft.loops,
                draft.addressing,
                draft.resolver,
                draft.clock,
                ticker,
                draft.random,
                draft.logLines,
                draft.accessLog,
                draft.traffic,
                draft.explains,
                draft.drainTime,
                draft.health,
                draft.admin);
    }

    private static final class Draft {
        private @Nullable EventLoops loops;
        private SocketAddressing addressing;
        private HostResolver resolver;
        private InstantSource clock;
        private RandomGenerator random;
        private BiConsumer<String, String> logLines;
        private @Nullable Consumer<AccessLogEntry> accessLog;
        private @Nullable Consumer<TrafficEvent> traffic;
        private BooleanSupplier explains;
        private Duration drainTime;
        private @Nullable InetSocketAddress health;
        private AdminOptions admin;

        Draft(GatewayOptions from) {
            loops = from.loops;
            addressing = from.addressing;
            resolver = from.resolver;
            clock = from.clock;
            random = from.random;
            logLines = from.logLines;
            accessLog = from.accessLog;
            traffic = from.traffic;
            explains = from.explains;
            drainTime = from.drainTime;
            health = from.health;
            admin = from.admin;
        }
    }

    /** Each thread's own generator, so that none waits for another. */
    private static final class PerThreadRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            return ThreadLocalRandom.current().nextLong();
        }
    }
}
