package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rules for one entry of {@code VirtualService.spec.http}. Pure. */
final class HttpRouteRules {

    private static final int LARGE_BODY = 100 * 1024;
    private static final int MAX_BODY = 1024 * 1024;
    private static final Set<String> CORS_METHODS =
            Set.of(
                    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                    "*");
    private static final Set<String> RETRY_CONDITIONS =
            Set.of(
                    "5xx",
                    "gateway-error",
                    "reset",
                    "reset-before-request",
                    "connect-failure",
                    "retriable-4xx",
                    "refused-stream",
                    "retriable-status-codes",
                    "retriable-headers",
                    "envoy-ratelimited",
                    "http3-post-connect-failure",
                    "cancelled",
                    "deadline-exceeded",
                    "internal",
                    "resource-exhausted",
                    "unavailable");
    private static final Set<String> GRPC_STATUSES =
            Set.of(
                    "OK",
                    "CANCELLED",
                    "UNKNOWN",
                    "INVALID_ARGUMENT",
                    "DEADLINE_EXCEEDED",
                    "NOT_FOUND",
                    "ALREADY_EXISTS",
                    "PERMISSION_DENIED",
                    "RESOURCE_EXHAUSTED",
                    "FAILED_PRECONDITION",
                    "ABORTED",
                    "OUT_OF_RANGE",
                    "UNIMPLEMENTED",
                    "INTERNAL",
                    "UNAVAILABLE",
                    "DATA_LOSS",
                    "UNAUTHENTICATED");

    /** Codes that Go's {@code net/http} has a text for. */
    private static final Set<Integer> HTTP_STATUSES =
            Set.of(
                    100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301,
                    302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
                    410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428,
                    429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511);

    private HttpRouteRules() {}

    /**
     * Reviews one rule.
     *
     * @param delegate whether the VirtualService has no hosts and so serves as a delegate
     */
    static Review review(Spec http, boolean delegate) {
        Review review = new Review();
        review.error(conflicts(http, delegate));
        review.error(matches(http));
        review.error(HeaderRules.operations(http.get("headers")));
        review.error(cors(http.get("corsPolicy")));
        fault(http.get("fault"), review);
        mirrorPercentages(http, review);
        review.error(RouteRules.destination(http.get("mirror")));
        mirrors(http, review);
        review.error(redirect(http.get("redirect"), http.list("match")));
        directResponse(http.get("directResponse"), review);
        review.error(retries(http.get("retries")));
        review.error(rewrite(http.get("rewrite")));
        review.error(HeaderRules.authority(http.get("rewrite"), http.get("headers")));
        review.error(RouteRules.destinations(http.list("route")));
        review.error(CommonRules.duration(http, "timeout"));
        return review;
    }

    private static Failure conflicts(Spec http, boolean delegate) {
        boolean redirect = http.has("redirect");
        boolean direct = http.has("directResponse");
        boolean route = !http.list("route").isEmpty();
        if (!delegate && http.has("delegate")) {
            Failure failure = Failure.NONE;
            String name = http.text("name");
            if (redirect) {
                failure = Failure.of("root HTTP route " + name + " must not specify redirect");
            }
            return route
                    ? failure.and(Failure.of("root HTTP route " + name + " must not specify route"))
                    : failure;
        }
        Failure failure = Failure.NONE;
        if (delegate && http.has("delegate")) {
            failure = Failure.of("delegate HTTP route cannot contain delegate");
        }
        if (redirect) {
            failure =
                    failure.and(both(route, "HTTP route cannot contain both route and redirect"))
                            .and(
                                    both(
                                            http.has("fault"),
                                            "HTTP route cannot contain both fault and redirect"))
                            .and(
                                    both(
                                            http.has("rewrite"),
                                            "HTTP route rule cannot contain both rewrite and"
                                                    + " redirect"))
                            .and(
                                    both(
                                            direct,
                                            "HTTP route rule cannot contain both direct_response and"
                                                    + " redirect"));
        } else if (direct) {
            failure =
                    failure.and(
                                    both(
                                            route,
                                            "HTTP route cannot contain both route and"
                                                    + " direct_response"))
                            .and(
                                    both(
                                            http.has("fault"),
                                            "HTTP route cannot contain both fault and"
                                                    + " direct_response"))
                            .and(
                                    both(
                                            http.has("rewrite"),
                                            "HTTP route rule cannot contain both rewrite and"
                                                    + " direct_response"));
        } else if (!route) {
            failure =
                    failure.and(Failure.of("HTTP route, redirect or direct_response is required"));
        }
        return failure.and(
                both(
                        http.has("mirror") && !http.list("mirrors").isEmpty(),
                        "HTTP route cannot contain both mirror and mirrors"));
    }

    private static Failure both(boolean given, String text) {
        return given ? Failure.of(text) : Failure.NONE;
    }

    private static Failure matches(Spec http) {
        Failure failure = Failure.NONE;
        for (Spec match : http.list("match")) {
            for (var header : match.map("headers").entrySet()) {
                failure =
                        failure.and(HeaderRules.matchName(header.getKey()))
                                .and(MatchRules.string(header.getValue(), "headers"));
            }
            for (var header : match.map("withoutHeaders").entrySet()) {
                failure = failure.and(HeaderRules.matchName(header.getKey()));
                if (!header.getValue().text("regex").equals("*")) {
                    failure = failure.and(MatchRules.string(header.getValue(), "withoutHeaders"));
                }
            }
            failure =
                    failure.and(MatchRules.regexOnly(match.get("uri"), "uri"))
                            .and(MatchRules.string(match.get("scheme"), "scheme"))
                            .and(MatchRules.string(match.get("method"), "method"))
                            .and(MatchRules.string(match.get("authority"), "authority"));
            for (Spec parameter : match.map("queryParams").values()) {
                failure = failure.and(MatchRules.string(parameter, "queryParams"));
            }
        }
        for (Spec match : http.list("match")) {
            if (match.number("port") != 0) {
                failure = failure.and(CommonRules.port(match.number("port")));
            }
            failure =
                    failure.and(CommonRules.labels(match.textMap("sourceLabels")))
                            .and(RouteRules.gatewayNames(match.texts("gateways")).errors());
            String namespace = match.text("sourceNamespace");
            if (!namespace.isEmpty() && !CommonRules.isDnsLabel(namespace)) {
                failure =
                        failure.and(
                                Failure.of("sourceNamespace match " + namespace + " is invalid"));
            }
        }
        return failure;
    }

    private static Failure cors(Spec policy) {
        Failure failure = Failure.NONE;
        for (Spec origin : policy.list("allowOrigins")) {
            String value = origin.text("exact") + origin.text("prefix") + origin.text("regex");
            failure =
                    failure.and(
                            value.isEmpty()
                                    ? Failure.of(
                                            "'' is not a valid match type for CORS allow origins")
                                    : MatchRules.regexOnly(origin, "corsPolicy.allowOrigins"));
        }
        for (String method : policy.texts("allowMethods")) {
            if (!CORS_METHODS.contains(method)) {
                failure =
                        failure.and(
                                Failure.of(
                                        GoText.quote(method) + " is not a supported HTTP method"));
            }
        }
        for (String field : new String[] {"allowHeaders", "exposeHeaders"}) {
            for (String name : policy.texts(field)) {
                failure = failure.and(HeaderRules.corsName(name));
            }
        }
        if (policy.has("maxAge")) {
            failure = failure.and(CommonRules.duration(policy, "maxAge"));
            var parsed = dev.meshdojo.simulator.golang.GoDuration.parse(policy.text("maxAge"));
            if (parsed.nanos() % 1_000_000_000 > 0) {
                failure =
                        failure.and(
                                Failure.listed(
                                        "max_age duration is accurate only to seconds precision"));
            }
        }
        return failure;
    }

    private static void fault(Spec fault, Review review) {
        if (!fault.present()) {
            return;
        }
        Failure failure = Failure.NONE;
        Spec abort = fault.get("abort");
        Spec delay = fault.get("delay");
        if (!abort.present() && !delay.present()) {
            failure = Failure.listed("HTTP fault injection must have an abort and/or a delay");
        }
        if (abort.present()) {
            failure = failure.and(percentage(abort.get("percentage")));
            if (abort.has("grpcStatus")) {
                failure = failure.and(grpcStatus(abort.text("grpcStatus")));
            } else if (abort.has("http2Error")) {
                failure = failure.and(Failure.of("HTTP/2 abort fault injection not supported yet"));
            } else if (abort.has("httpStatus")) {
                failure = failure.and(httpStatus(abort.number("httpStatus")));
            }
        }
        if (delay.present()) {
            failure = failure.and(percentage(delay.get("percentage")));
            if (delay.has("fixedDelay")) {
                failure = failure.and(CommonRules.duration(delay, "fixedDelay"));
            } else if (delay.has("exponentialDelay")) {
                failure =
                        failure.and(CommonRules.duration(delay, "exponentialDelay"))
                                .and(Failure.listed("exponentialDelay not supported yet"));
            }
        }
        review.error(failure);
    }

    private static Failure percentage(Spec percentage) {
        double value = percentage.decimal("value");
        return value < 0 || value > 100 || (value > 0 && value < 0.0001)
                ? Failure.of(
                        "percentage "
                                + GoText.number(value)
                                + " is neither 0.0, nor in range [0.0001, 100.0]")
                : Failure.NONE;
    }

    private static Failure grpcStatus(String status) {
        return GRPC_STATUSES.contains(status)
                ? Failure.NONE
                : Failure.of(
                        "gRPC status "
                                + GoText.quote(status)
                                + " is not supported. See"
                                + " https://github.com/grpc/grpc/blob/master/doc/statuscodes.md for a"
                                + " list of supported codes, for example 'NOT_FOUND'");
    }

    private static Failure httpStatus(long status) {
        return status < 200 || status > 600
                ? Failure.of("HTTP status " + status + " is not in range 200-599")
                : Failure.NONE;
    }

    private static void mirrorPercentages(Spec http, Review review) {
        if (http.has("mirrorPercent")) {
            long value = http.number("mirrorPercent");
            if (value > 100) {
                review.error("mirror_percent must have a max value of 100 (it has " + value + ")");
            }
            review.warn(
                    "using deprecated setting \"mirrorPercent\", use \"mirrorPercentage\" instead");
        }
        if (http.has("mirrorPercentage")) {
            review.error(mirrorPercentage("mirror_percentage", http.get("mirrorPercentage")));
        }
    }

    private static void mirrors(Spec http, Review review) {
        for (Spec mirror : http.list("mirrors")) {
            if (!mirror.has("destination")) {
                review.error("destination is required for mirrors");
                continue;
            }
            review.error(RouteRules.destination(mirror.get("destination")));
            if (mirror.has("percentage")) {
                review.error(mirrorPercentage("mirror percentage", mirror.get("percentage")));
            }
        }
    }

    private static Failure mirrorPercentage(String name, Spec percentage) {
        double value = percentage.decimal("value");
        String has = String.format(Locale.ROOT, " (it has %f)", value);
        if (value > 100) {
            return Failure.of(name + " must have a max value of 100" + has);
        }
        return value < 0 ? Failure.of(name + " must have a min value of 0" + has) : Failure.NONE;
    }

    private static Failure redirect(Spec redirect, List<Spec> matches) {
        if (!redirect.present()) {
            return Failure.NONE;
        }
        boolean uri = !redirect.text("uri").isEmpty();
        boolean prefix = !redirect.text("prefixRewrite").isEmpty();
        if (uri && prefix) {
            return Failure.of("redirect may only specify one of uri or prefix_rewrite");
        }
        if (prefix
                && matches.stream()
                        .anyMatch(match -> match.has("uri") && !match.get("uri").has("prefix"))) {
            return Failure.of(
                    "redirect prefix_rewrite requires all URI matches to use prefix match type");
        }
        String scheme = redirect.text("scheme");
        if (!uri
                && !prefix
                && redirect.text("authority").isEmpty()
                && !redirect.has("port")
                && !redirect.has("derivePort")
                && scheme.isEmpty()) {
            return Failure.of("redirect must specify URI, authority, scheme, or port");
        }
        long code = redirect.number("redirectCode");
        if (code != 0 && (code < 300 || code > 399)) {
            return Failure.of(code + " is not a valid redirect code, must be 3xx");
        }
        if (!scheme.isEmpty() && !scheme.equals("http") && !scheme.equals("https")) {
            return Failure.of("invalid redirect scheme, must be \"http\" or \"https\"");
        }
        return redirect.number("port") > 0
                ? CommonRules.port(redirect.number("port"))
                : Failure.NONE;
    }

    private static void directResponse(Spec response, Review review) {
        if (!response.present()) {
            return;
        }
        int size = bodySize(response.get("body"));
        if (size > MAX_BODY) {
            review.error(
                    "large direct_responses may impact control plane performance, must be less than"
                            + " 1MB");
        } else if (size > LARGE_BODY) {
            review.warn("large direct_responses may impact control plane performance");
        }
        review.error(httpStatus(response.number("status")));
    }

    private static int bodySize(Spec body) {
        if (body.has("string")) {
            return body.text("string").getBytes(StandardCharsets.UTF_8).length;
        }
        try {
            return Base64.getDecoder().decode(body.text("bytes")).length;
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private static Failure retries(Spec retries) {
        if (!retries.present()) {
            return Failure.NONE;
        }
        long attempts = retries.number("attempts");
        String retryOn = retries.text("retryOn");
        Failure failure = Failure.NONE;
        if (attempts < 0) {
            failure = Failure.listed("attempts cannot be negative");
        }
        if (attempts == 0
                && (retries.has("perTryTimeout")
                        || !retryOn.isEmpty()
                        || retries.has("retryRemoteLocalities"))) {
            failure =
                    failure.and(
                            Failure.of(
                                    "http retry policy configured when attempts are set to 0"
                                            + " (disabled)"));
        }
        failure = failure.and(CommonRules.duration(retries, "perTryTimeout"));
        if (!retryOn.isEmpty()) {
            for (String condition : retryOn.split(",", -1)) {
                if (!RETRY_CONDITIONS.contains(condition) && !isHttpStatus(condition)) {
                    failure =
                            failure.and(
                                    Failure.of(
                                            GoText.quote(condition)
                                                    + " is not a valid retryOn policy"));
                }
            }
        }
        return failure.and(CommonRules.duration(retries, "backoff"));
    }

    /** Whether Go's {@code net/http} knows the code's text. */
    private static boolean isHttpStatus(String text) {
        if (!text.matches("[1-5][0-9][0-9]")) {
            return false;
        }
        return HTTP_STATUSES.contains(Integer.parseInt(text));
    }

    private static Failure rewrite(Spec rewrite) {
        if (!rewrite.present()) {
            return Failure.NONE;
        }
        boolean uri = !rewrite.text("uri").isEmpty();
        Spec regex = rewrite.get("uriRegexRewrite");
        if (uri && regex.present()) {
            return Failure.of("rewrite may only contain one of URI or UriRegexRewrite");
        }
        if (!uri && !regex.present() && rewrite.text("authority").isEmpty()) {
            return Failure.of(
                    "rewrite must specify at least one of URI, UriRegexRewrite, or authority. Only one"
                            + " of URI or UriRegexRewrite may be specified");
        }
        if (!regex.present()) {
            return Failure.NONE;
        }
        Failure failure =
                regex.text("match").isEmpty() || regex.text("rewrite").isEmpty()
                        ? Failure.of(
                                "UriRegexRewrite requires both Rewrite and Match fields to be"
                                        + " specified")
                        : MatchRules.regex(
                                regex.text("match"), "HTTPRewrite.UriRegexRewrite.Match");
        return failure.isNone()
                ? failure
                : Failure.of("UriRegexRewrite has errors\n" + failure.print());
    }
}
