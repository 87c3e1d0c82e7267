package dev.meshdojo.simulator.apiserver.stream;

import com.fasterxml.jackson.databind.node.LongNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.ApiResponse;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.LogOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of a log request and answers it. */
final class LogRequest {

    private LogRequest() {}

    static ApiResponse answer(PodStreams streams, StreamPath path, ApiRequest request) {
        Long tail = number(request, "tailLines");
        Long since = number(request, "sinceSeconds");
        Long limit = number(request, "limitBytes");
        Instant from = time(request);
        validate(path.pod().name(), tail, limit, since, from, request.parameter("stream"));
        LogOptions options =
                new LogOptions(
                        request.parameter("container"),
                        StreamPath.flag(request, "follow"),
                        StreamPath.flag(request, "previous"),
                        StreamPath.flag(request, "timestamps"),
                        tail == null ? null : (int) Math.min(Integer.MAX_VALUE, tail),
                        limit,
                        since == null ? null : Duration.ofSeconds(since),
                        from);
        return new ApiResponse(
                200,
                "text/plain",
                Map.of(),
                new ApiResponse.Stream(streams.logs(path.pod(), options)));
    }

    /** Source: {@code ValidatePodLogOptions}. */
    private static void validate(
            String pod,
            @Nullable Long tail,
            @Nullable Long limit,
            @Nullable Long since,
            @Nullable Instant from,
            @Nullable String stream) {
        List<FieldError> errors = new ArrayList<>();
        if (tail != null && tail < 0) {
            errors.add(
                    FieldError.invalid(
                            "tailLines",
                            LongNode.valueOf(tail),
                            "must be greater than or equal to 0"));
        }
        if (limit != null && limit < 1) {
            errors.add(
                    FieldError.invalid(
                            "limitBytes", LongNode.valueOf(limit), "must be greater than 0"));
        }
        if (since != null && from != null) {
            errors.add(
                    FieldError.forbidden(
                            "", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else if (since != null && since < 1) {
            errors.add(
                    FieldError.invalid(
                            "sinceSeconds", LongNode.valueOf(since), "must be greater than 0"));
        }
        if (stream != null) {
            errors.add(FieldError.forbidden("stream", "may not be specified"));
        }
        if (!errors.isEmpty()) {
            throw Statuses.invalid("", "PodLogOptions", pod, errors);
        }
    }

    private static @Nullable Long number(ApiRequest request, String name) {
        String value = request.parameter(name, "");
        if (value.isEmpty()) {
            return null;
        }
        if (!value.matches("[+-]?\\d{1,18}")) {
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
