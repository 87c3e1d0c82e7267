package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Rules of a route as rules of a VirtualService; for HTTP and gRPC one a match.
 *
 * @param route the route
 * @param backends reads its references
 */
record RuleConversion(KubeObject route, Backends backends) {

    /** Exact before prefix before regex, then longer paths, methods, more headers, more params. */
    static final Comparator<ObjectNode> PRECEDENCE =
            Comparator.comparingInt((ObjectNode rule) -> match(rule).present() ? 0 : 1)
                    .thenComparingInt(rule -> -rank(match(rule).at("uri")))
                    .thenComparingInt(rule -> -length(match(rule).at("uri")))
                    .thenComparingInt(rule -> match(rule).has("method") ? 0 : 1)
                    .thenComparingInt(rule -> -match(rule).at("headers").fields().size())
                    .thenComparingInt(rule -> -match(rule).at("queryParams").fields().size());

    /**
     * What became of the rules.
     *
     * @param rules VirtualService rules in order of precedence; none when a rule is beyond repair
     * @param error what is wrong; null when nothing is
     */
    record Result(List<ObjectNode> rules, @Nullable ConversionError error) {}

    /** What became of one rule: {@code hard} when no rule of the route can be served. */
    private record Outcome(@Nullable ConversionError error, boolean hard) {
        static Outcome hard(ConversionError error) {
            return new Outcome(error, true);
        }
    }

    /**
     * Converts the rules of a route.
     *
     * @param grants whether references to other namespaces need a ReferenceGrant
     */
    static Result of(World world, KubeObject route, boolean grants) {
        Backends backends = new Backends(world, route.kind(), route.namespace(), grants);
        RuleConversion conversion = new RuleConversion(route, backends);
        return switch (route.kind()) {
            case "HTTPRoute", "GRPCRoute" -> conversion.http();
            default -> conversion.opaque();
        };
    }

    private boolean grpc() {
        return route.kind().equals("GRPCRoute");
    }

    private Result opaque() {
        List<ObjectNode> out = new ArrayList<>();
        ConversionError error = null;
        for (JsonView rule : route.spec().list("rules")) {
            ObjectNode converted = JsonNodeFactory.instance.objectNode();
            if (Backends.weightSum(rule.list("backendRefs")) == 0) {
                ObjectNode destination =
                        converted.putArray("route").addObject().putObject("destination");
                destination.put("host", "internal.cluster.local").put("subset", "zero-weight");
                destination.putObject("port").put("number", 65535);
            } else {
                Backends.Result result = backends.destinations(rule.list("backendRefs"));
                if (result.routes() == null) {
                    return new Result(List.of(), result.error());
                }
                error = result.error() == null ? error : result.error();
                converted.set("route", result.routes());
                if (route.kind().equals("TLSRoute")) {
                    List<String> names = route.spec().texts("hostnames");
                    var hosts = converted.putArray("match").addObject().putArray("sniHosts");
                    (names.isEmpty() ? List.of("*") : names).forEach(hosts::add);
                }
            }
            out.add(converted);
        }
        return new Result(out, error);
    }

    private Result http() {
        List<ObjectNode> out = new ArrayList<>();
        ConversionError last = null;
        List<JsonView> rules = route.spec().list("rules");
        for (int i = 0; i < rules.size(); i++) {
            JsonView rule = rules.get(i);
            List<JsonView> matches = rule.list("matches");
            if (matches.isEmpty()) {
                matches = List.of(JsonView.ABSENT);
            }
            for (JsonView match : matches) {
                ObjectNode converted = JsonNodeFactory.instance.objectNode();
                String name = rule.text("name");
                converted.put(
                        "name",
                        name.isEmpty() ? route.namespace() + "." + route.name() + "." + i : name);
                Outcome outcome = convert(rule, match, converted);
                if (outcome.hard()) {
                    return new Result(List.of(), outcome.error());
                }
                last = outcome.error() == null ? last : outcome.error();
                out.add(converted);
            }
        }
        out.sort(PRECEDENCE);
        return new Result(out, last);
    }

    private Outcome convert(JsonView rule, JsonView match, ObjectNode out) {
        ConversionError wrong = match(match, out);
        if (wrong != null) {
            return Outcome.hard(wrong);
        }
        ConversionError mirrors = null;
        for (JsonView filter : rule.list("filters")) {
            ConversionError error = RouteFilterConversion.apply(filter, out, backends, grpc());
            if (error != null && (grpc() || !filter.text("type").equals("RequestMirror"))) {
                return Outcome.hard(error);
            }
            mirrors = error == null ? mirrors : error;
        }
        if (!grpc()) {
            retries(rule, out);
            timeouts(rule, out);
        }
        List<JsonView> references = rule.list("backendRefs");
        if (Backends.weightSum(references) == 0 && !out.has("redirect")) {
            out.putObject("directResponse").put("status", 500);
            return new Outcome(mirrors, false);
        }
        Backends.Result destinations = backends.destinations(references);
        ConversionError error = destinations.error();
        if (destinations.routes() == null && error != null) {
            return Outcome.hard(error);
        }
        if (destinations.routes() != null && !destinations.routes().isEmpty()) {
            out.set("route", destinations.routes());
        }
        return new Outcome(joined(error, mirrors), false);
    }

    private static @Nullable ConversionError joined(
            @Nullable ConversionError first, @Nullable ConversionError second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        return new ConversionError(first.reason(), first.message() + "; " + second.message());
    }

    private @Nullable ConversionError match(JsonView match, ObjectNode out) {
        if (!match.present()) {
            return null;
        }
        ObjectNode converted = out.putArray("match").addObject();
        if (grpc()) {
            if (match.has("method") && !grpcPath(match.at("method"), converted)) {
                return new ConversionError(
                        "InvalidConfiguration", "gRPC match must have method or service defined");
            }
        } else {
            path(match.at("path"), converted);
            if (match.has("method")) {
                converted.putObject("method").put("exact", match.text("method"));
            }
        }
        for (JsonView header : match.list("headers")) {
            value(header, converted.withObject("/headers"));
        }
        for (JsonView parameter : match.list("queryParams")) {
            value(parameter, converted.withObject("/queryParams"));
        }
        if (converted.isEmpty()) {
            out.remove("match");
        }
        return null;
    }

    private static void value(JsonView written, ObjectNode target) {
        boolean regex = written.text("type").equals("RegularExpression");
        target.putObject(written.text("name"))
                .put(regex ? "regex" : "exact", written.text("value"));
    }

    private static void path(JsonView path, ObjectNode out) {
        String value = path.has("value") ? path.text("value") : "/";
        ObjectNode uri = out.putObject("uri");
        switch (path.text("type")) {
            case "Exact" -> uri.put("exact", value);
            case "RegularExpression" -> uri.put("regex", value);
            default ->
                    uri.put(
                            "prefix",
                            value.length() > 1 && value.endsWith("/")
                                    ? value.substring(0, value.length() - 1)
                                    : value);
        }
    }

    private static boolean grpcPath(JsonView method, ObjectNode out) {
        boolean hasService = method.has("service");
        boolean hasMethod = method.has("method");
        if (!hasService && !hasMethod) {
            return false;
        }
        ObjectNode uri = out.putObject("uri");
        boolean regex = method.text("type").equals("RegularExpression");
        String service = method.text("service");
        if (!hasService) {
            uri.put("regex", "/[^/]+/" + method.text("method"));
        } else if (!hasMethod) {
            if (regex) {
                uri.put("regex", "/" + service + "/.+");
            } else {
                uri.put("prefix", "/" + service + "/");
            }
        } else {
            uri.put(regex ? "regex" : "exact", "/" + service + "/" + method.text("method"));
        }
        return true;
    }

    private static void retries(JsonView rule, ObjectNode out) {
        JsonView retry = rule.at("retry");
        if (!retry.present()) {
            return;
        }
        int attempts = retry.has("attempts") ? retry.integer("attempts") : 2;
        ObjectNode retries = out.putObject("retries").put("attempts", attempts);
        if (attempts > 0) {
            List<String> on =
                    new ArrayList<>(
                            List.of(
                                    "connect-failure",
                                    "refused-stream",
                                    "unavailable",
                                    "cancelled"));
            on.addAll(retry.texts("codes"));
            retries.put("retryOn", String.join(",", on));
        }
        if (retry.has("backoff")) {
            retries.put("backoff", retry.text("backoff"));
        }
    }

    private static void timeouts(JsonView rule, ObjectNode out) {
        JsonView timeouts = rule.at("timeouts");
        var request = timeouts.duration("request");
        if (request != null && request.getSeconds() + request.getNanos() > 0) {
            out.put("timeout", timeouts.text("request").toLowerCase(Locale.ROOT));
        }
        var backend = timeouts.duration("backendRequest");
        if (backend != null && backend.getSeconds() + backend.getNanos() > 0) {
            if (out.has("retries")) {
                out.withObject("/retries").put("perTryTimeout", timeouts.text("backendRequest"));
            } else {
                out.put("timeout", timeouts.text("backendRequest"));
            }
        }
    }

    private static JsonView match(ObjectNode rule) {
        List<JsonView> matches = JsonView.of(rule).list("match");
        return matches.isEmpty() ? JsonView.ABSENT : matches.getFirst();
    }

    private static int rank(JsonView uri) {
        return uri.has("exact") ? 3 : uri.has("prefix") ? 2 : uri.has("regex") ? 1 : -1;
    }

    private static int length(JsonView uri) {
        return uri.text("exact").length()
                + uri.text("prefix").length()
                + uri.text("regex").length();
    }
}
