package dev.meshdojo.simulator.apiserver.stream;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.LogOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a log request and answers it. */
final class LogRequest {

    private LogRequest() {}

    static ApiResponse answer(PodStreams streams, StreamPath path, ApiRequest request) {
        Long tail = number(request, "tailLines");
        Long since = number(request, "sinceSeconds");
        LogOptions options =
                new LogOptions(
                        request.parameter("container"),
                        StreamPath.flag(request, "follow"),
                        StreamPath.flag(request, "previous"),
                        StreamPath.flag(request, "timestamps"),
                        tail == null ? null : (int) Math.min(Integer.MAX_VALUE, tail),
                        number(request, "limitBytes"),
                        since == null ? null : Duration.ofSeconds(since),
                        time(request));
        return new ApiResponse(
                200,
                "text/plain",
                Map.of(),
                new ApiResponse.Stream(streams.logs(path.pod(), options)));
    }

    private static @Nullable Long number(ApiRequest request, String name) {
        String value = request.parameter(name, "");
        if (value.isEmpty()) {
            return null;
        }
        if (!value.matches("\\d{1,18}")) {
            throw Statuses.badRequest(
                    "strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
        return Long.valueOf(value);
    }

    private static @Nullable Instant time(ApiRequest request) {
        String value = request.parameter("sinceTime", "");
        try {
            return value.isEmpty() ? null : Instant.parse(value);
        } catch (DateTimeParseException e) {
            throw Statuses.badRequest("sinceTime: \"" + value + "\" (expected: an RFC 3339 time)");
        }
    }
}
