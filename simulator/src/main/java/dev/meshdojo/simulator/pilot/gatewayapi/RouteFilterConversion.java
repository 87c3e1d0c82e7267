package dev.meshdojo.simulator.pilot.gatewayapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Filters of Gateway API rules as fields of VirtualService rules. */
final class RouteFilterConversion {

    private static final String ANY_ORIGIN = "^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$";
    private static final Pattern SPECIAL = Pattern.compile("[\\\\.+*?()|\\[\\]{}^$]");

    private static final Pattern UNPRINTABLE = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

    private RouteFilterConversion() {}

    static ConversionError unsupported(String type) {
        return new ConversionError("InvalidFilter", "unsupported filter type \"" + type + "\"");
    }

    /**
     * Applies a filter.
     *
     * @return what is wrong; null when nothing is
     */
    static @Nullable ConversionError apply(
            JsonView filter, ObjectNode rule, Backends backends, boolean grpc) {
        String type = filter.text("type");
        if (grpc
                && (type.equals("RequestRedirect")
                        || type.equals("URLRewrite")
                        || type.equals("CORS"))) {
            return unsupported(type);
        }
        switch (type) {
            case "RequestHeaderModifier" -> {
                return headers(rule, "request", filter.at("requestHeaderModifier"));
            }
            case "ResponseHeaderModifier" -> {
                return headers(rule, "response", filter.at("responseHeaderModifier"));
            }
            case "RequestRedirect" -> redirect(rule, filter.at("requestRedirect"));
            case "URLRewrite" -> rewrite(rule, filter.at("urlRewrite"));
            case "CORS" -> cors(rule, filter.at("cors"));
            case "RequestMirror" -> {
                return mirror(rule, filter.at("requestMirror"), backends);
            }
            default -> {
                return unsupported(type);
            }
        }
        return null;
    }

    /**
     * Adds header operations.
     *
     * @return what is wrong; null when nothing is
     */
    static @Nullable ConversionError headers(ObjectNode target, String side, JsonView modifier) {
        if (!modifier.present()) {
            return null;
        }
        for (String kind : List.of("set", "add")) {
            for (JsonView header : modifier.list(kind)) {
                if (UNPRINTABLE.matcher(header.text("value")).find()) {
                    return new ConversionError(
                            "InvalidFilter",
                            "header \""
                                    + header.text("name")
                                    + "\" value contains invalid characters");
                }
            }
        }
        ObjectNode operations = target.withObject("/headers").putObject(side);
        for (String kind : List.of("set", "add")) {
            for (JsonView header : modifier.list(kind)) {
                String name = header.text("name").toLowerCase(Locale.ROOT);
                ObjectNode values = operations.withObject("/" + kind);
                if (!values.has(name)) {
                    values.put(name, header.text("value"));
                }
            }
        }
        if (modifier.has("remove")) {
            operations.set("remove", modifier.at("remove").node());
        }
        return null;
    }

    private static void redirect(ObjectNode rule, JsonView redirect) {
        ObjectNode out = rule.putObject("redirect");
        if (redirect.has("statusCode")) {
            out.put("redirectCode", redirect.integer("statusCode"));
        }
        if (redirect.has("hostname")) {
            out.put("authority", redirect.text("hostname"));
        }
        if (redirect.has("scheme")) {
            out.put("scheme", redirect.text("scheme"));
        }
        if (redirect.has("port")) {
            out.put("port", redirect.integer("port"));
        } else {
            out.put(
                    "derivePort",
                    redirect.has("scheme") ? "FROM_PROTOCOL_DEFAULT" : "FROM_REQUEST_PORT");
        }
        JsonView path = redirect.at("path");
        switch (path.text("type")) {
            case "ReplaceFullPath" -> out.put("uri", path.text("replaceFullPath"));
            case "ReplacePrefixMatch" -> out.put("prefixRewrite", path.text("replacePrefixMatch"));
            default -> {}
        }
    }

    private static void rewrite(ObjectNode rule, JsonView rewrite) {
        ObjectNode out = rule.objectNode();
        JsonView path = rewrite.at("path");
        switch (path.text("type")) {
            case "ReplacePrefixMatch" -> {
                String prefix = path.text("replacePrefixMatch");
                String trimmed =
                        prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
                out.put("uri", trimmed.isEmpty() ? "/" : trimmed);
            }
            case "ReplaceFullPath" ->
                    out.putObject("uriRegexRewrite")
                            .put("match", "/.*")
                            .put("rewrite", path.text("replaceFullPath"));
            default -> {}
        }
        if (rewrite.has("hostname")) {
            out.put("authority", rewrite.text("hostname"));
        }
        if (!out.isEmpty()) {
            rule.set("rewrite", out);
        }
    }

    private static void cors(ObjectNode rule, JsonView cors) {
        ObjectNode out = rule.putObject("corsPolicy");
        out.put("unmatchedPreflights", "IGNORE");
        ArrayNode origins = out.putArray("allowOrigins");
        for (String origin : cors.texts("allowOrigins")) {
            origin(origins, origin);
        }
        for (String field : List.of("allowMethods", "allowHeaders", "exposeHeaders")) {
            ArrayNode values = out.putArray(field);
            cors.texts(field).forEach(values::add);
        }
        if (cors.flag("allowCredentials")) {
            out.put("allowCredentials", true);
        }
        if (cors.integer("maxAge") > 0) {
            out.put("maxAge", cors.integer("maxAge") + "s");
        }
    }

    private static void origin(ArrayNode origins, String origin) {
        if (origin.isEmpty()) {
            return;
        }
        if (origin.equals("*")) {
            origins.addObject().put("regex", ANY_ORIGIN);
        } else if (!origin.contains("*")) {
            origins.addObject().put("exact", origin);
        } else if (origin.indexOf('*') == origin.length() - 1) {
            origins.addObject().put("prefix", origin.substring(0, origin.length() - 1));
        } else {
            String quoted =
                    SPECIAL.matcher(origin)
                            .replaceAll(
                                    special ->
                                            special.group().equals("*")
                                                    ? ".*"
                                                    : Matcher.quoteReplacement(
                                                            "\\" + special.group()));
            origins.addObject().put("regex", "^" + quoted + "$");
        }
    }

    private static @Nullable ConversionError mirror(
            ObjectNode rule, JsonView mirror, Backends backends) {
        Backends.Destination destination = backends.destination(mirror.at("backendRef"));
        if (destination.error() != null) {
            return destination.error();
        }
        ObjectNode out = rule.withArray("/mirrors").addObject();
        out.set("destination", destination.node());
        JsonView fraction = mirror.at("fraction");
        if (fraction.present()) {
            int denominator = fraction.has("denominator") ? fraction.integer("denominator") : 100;
            out.putObject("percentage")
                    .put("value", 100.0 * fraction.integer("numerator") / denominator);
        } else if (mirror.has("percent")) {
            out.putObject("percentage").put("value", mirror.number("percent"));
        }
        return null;
    }
}
