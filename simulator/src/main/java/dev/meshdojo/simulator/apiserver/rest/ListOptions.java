package dev.meshdojo.simulator.apiserver.rest;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of list and watch options. */
final class ListOptions {

    private static final List<String> MATCHES = List.of("Exact", "NotOlderThan", "");

    private ListOptions() {}

    /**
     * @throws dev.meshdojo.simulator.apiserver.ApiException 400 for numbers that are none, 422 for
     *     combinations that make no sense
     */
    static void check(ApiRequest request, boolean watch) {
        integer(request, "limit");
        integer(request, "timeoutSeconds");
        List<FieldError> errors = new ArrayList<>();
        String match = request.parameter("resourceVersionMatch", "");
        String version = request.parameter("resourceVersion", "");
        boolean initial = request.parameter("sendInitialEvents") != null;
        if (watch) {
            watch(errors, match, initial);
        } else {
            list(request, errors, match, version, initial);
        }
        if (!errors.isEmpty()) {
            throw Statuses.invalid("meta.k8s.io", "ListOptions", "", errors);
        }
    }

    private static void watch(List<FieldError> errors, String match, boolean initial) {
        if (initial && !match.equals("NotOlderThan")) {
            errors.add(
                    FieldError.forbidden(
                            "resourceVersionMatch",
                            "sendInitialEvents requires setting resourceVersionMatch to"
                                    + " NotOlderThan"));
        }
        if (!initial && !match.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            "resourceVersionMatch",
                            "resourceVersionMatch is forbidden for watch unless sendInitialEvents"
                                    + " is provided"));
        }
        if (initial && !match.isEmpty() && !match.equals("NotOlderThan")) {
            errors.add(
                    FieldError.notSupported(
                            "resourceVersionMatch",
                            TextNode.valueOf(match),
                            List.of("NotOlderThan")));
        }
    }

    private static void list(
            ApiRequest request,
            List<FieldError> errors,
            String match,
            String version,
            boolean initial) {
        if (initial) {
            errors.add(
                    FieldError.forbidden(
                            "sendInitialEvents", "sendInitialEvents is forbidden for list"));
            return;
        }
        if (match.isEmpty()) {
            return;
        }
        if (version.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            "resourceVersionMatch",
                            "resourceVersionMatch is forbidden unless resourceVersion is"
                                    + " provided"));
        }
        if (!request.parameter("continue", "").isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            "resourceVersionMatch",
                            "resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!MATCHES.contains(match)) {
            errors.add(
                    FieldError.notSupported(
                            "resourceVersionMatch", TextNode.valueOf(match), MATCHES));
        }
        if (match.equals("Exact") && version.equals("0")) {
            errors.add(
                    FieldError.forbidden(
                            "resourceVersionMatch",
                            "resourceVersionMatch \"exact\" is forbidden for resourceVersion"
                                    + " \"0\""));
        }
    }

    private static void integer(ApiRequest request, String name) {
        String text = request.parameter(name, "");
        if (text.isEmpty()) {
            return;
        }
        try {
            Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw Statuses.badRequest("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }

    /** The resourceVersion of a list as a number. */
    static long version(String text) {
        String problem = problem(text);
        if (problem != null) {
            throw Statuses.badRequest("invalid resource version: " + problem);
        }
        return text.isEmpty() ? 0 : Long.parseUnsignedLong(text);
    }

    /** The resourceVersion of a watch as a number. */
    static long watchVersion(String text) {
        String problem = problem(text);
        if (problem != null) {
            throw Statuses.failure(500, "", problem, null);
        }
        return text.isEmpty() ? 0 : Long.parseUnsignedLong(text);
    }

    private static @Nullable String problem(String text) {
        try {
            if (!text.isEmpty()) {
                Long.parseUnsignedLong(text);
            }
            return null;
        } catch (NumberFormatException _) {
            return "resourceVersion: Invalid value: \""
                    + text
                    + "\": strconv.ParseUint: parsing \""
                    + text
                    + "\": invalid syntax";
        }
    }
}
