package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.route.RouteDecision;
import dev.meshdojo.gateway.route.RouteTrace;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import dev.meshdojo.gateway.stream.ResponseHead;
import dev.meshdojo.gateway.telemetry.TrafficEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes the traffic event of one exchange; exists only while somebody listens. */
final class TrafficRecorder {

    private final HttpEnvironment environment;
    private final StreamRecord record;
    private final String method;
    private final String scheme;
    private final String authority;
    private final String path;
    private final List<TrafficEvent.Line> headers;
    private final long startTick;

    TrafficRecorder(HttpEnvironment environment, StreamRecord record, RequestHead request) {
        this.environment = environment;
        this.record = record;
        this.method = request.method();
        this.scheme = request.scheme();
        this.authority = request.authority();
        this.path = request.path();
        this.headers = lines(request.headers());
        this.startTick = environment.ticker().getAsLong();
    }

    private static List<TrafficEvent.Line> lines(HeaderMap headers) {
        List<TrafficEvent.Line> lines = new ArrayList<>(headers.size());
        headers.forEach((name, value) -> lines.add(new TrafficEvent.Line(name, value)));
        return lines;
    }

    void publish(StreamRoute route, @Nullable ResponseHead response, @Nullable Router router) {
        var sink = environment.traffic();
        if (sink == null) {
            return;
        }
        long now = environment.ticker().getAsLong();
        List<TrafficEvent.Attempt> attempts = new ArrayList<>();
        if (router != null) {
            List<Attempt> tries = router.tries();
            for (int i = 0; i < tries.size(); i++) {
                Attempt attempt = tries.get(i);
                long end = i + 1 < tries.size() ? tries.get(i + 1).startTick() : now;
                attempts.add(
                        new TrafficEvent.Attempt(
                                attempt.endpoint().toString(),
                                Duration.ofNanos(attempt.startTick() - startTick),
                                Duration.ofNanos(end - attempt.startTick()),
                                attempt.status(),
                                attempt.failure()));
            }
        }
        sink.accept(
                new TrafficEvent(
                        environment.ids().incrementAndGet(),
                        record.startTime(),
                        record.duration(),
                        record.connection().described(),
                        new TrafficEvent.Request(
                                String.valueOf(record.protocol()),
                                method,
                                scheme,
                                authority,
                                path,
                                headers,
                                record.bytesReceived()),
                        choice(route),
                        attempts,
                        new TrafficEvent.Response(
                                record.responseCode(),
                                record.responseCodeDetails(),
                                record.responseFlags(),
                                response == null ? List.of() : lines(response.headers()),
                                record.bytesSent())));
    }

    private static TrafficEvent.@Nullable RouteChoice choice(StreamRoute route) {
        RouteTrace trace = route.trace();
        String table = route.table();
        List<TrafficEvent.Considered> considered =
                trace == null
                        ? List.of()
                        : trace.steps().stream().map(TrafficRecorder::considered).toList();
        return switch (route.decided()) {
            case null -> null;
            case RouteDecision.NoHost none ->
                    new TrafficEvent.RouteChoice(table, null, null, null, null, considered);
            case RouteDecision.NoRoute none ->
                    new TrafficEvent.RouteChoice(
                            table, none.virtualHost().name(), null, null, null, considered);
            case RouteDecision.Matched matched ->
                    new TrafficEvent.RouteChoice(
                            table,
                            matched.virtualHost().name(),
                            matched.route().name(),
                            matched.route().origin(),
                            matched.target() == null ? null : matched.target().cluster(),
                            considered);
        };
    }

    private static TrafficEvent.Considered considered(RouteTrace.Step step) {
        RouteTrace.Failure failure = step.failure();
        return new TrafficEvent.Considered(
                step.route().name(),
                step.route().origin(),
                step.route().describe(),
                failure == null ? null : failure.condition(),
                failure == null ? null : failure.observed());
    }
}
