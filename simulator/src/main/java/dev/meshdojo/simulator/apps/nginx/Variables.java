package dev.meshdojo.simulator.apps.nginx;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The variables of one request. */
final class Variables {

    private static final Pattern NAME = Pattern.compile("\\$(?:\\{(\\w+)\\}|(\\w+))");

    private final Container container;
    private final HttpApp.Request request;
    private final Scope http;
    private final Map<String, String> set = new HashMap<>();
    private final String requestId = java.util.UUID.randomUUID().toString().replace("-", "");
    private String uri;
    private String args;

    Variables(Container container, HttpApp.Request request, Scope http) {
        this.container = container;
        this.request = request;
        this.http = http;
        this.uri = decoded(request.path());
        this.args = request.query();
    }

    private static String decoded(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    HttpApp.Request request() {
        return request;
    }

    /** The path after rewrites. */
    String uri() {
        return uri;
    }

    /** Another path; its query, if it has one, goes before the present one. */
    void rewrite(String target) {
        int mark = target.indexOf('?');
        uri = mark < 0 ? target : target.substring(0, mark);
        if (mark >= 0) {
            String own = target.substring(mark + 1);
            args = args.isEmpty() ? own : own + "&" + args;
        }
    }

    String args() {
        return args;
    }

    void set(String name, String value) {
        set.put(name, value);
    }

    /** Remembers what a regular expression captured. */
    void captured(Matcher matcher) {
        for (int i = 0; i <= matcher.groupCount(); i++) {
            String group = matcher.group(i);
            set.put(Integer.toString(i), group == null ? "" : group);
        }
        matcher.namedGroups()
                .keySet()
                .forEach(
                        name -> {
                            String group = matcher.group(name);
                            set.put(name, group == null ? "" : group);
                        });
    }

    /** A text with its variables replaced. */
    String expand(String text) {
        return NAME.matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        value(
                                                found.group(1) == null
                                                        ? found.group(2)
                                                        : found.group(1))));
    }

    String value(String name) {
        String own = set.get(name);
        if (own != null) {
            return own;
        }
        String host = header("host");
        return switch (name) {
            case "uri", "document_uri" -> uri;
            case "request_uri" -> request.target();
            case "args", "query_string" -> args;
            case "is_args" -> args.isEmpty() ? "" : "?";
            case "request_method" -> request.method();
            case "request" -> request.method() + " " + request.target() + " " + request.protocol();
            case "server_protocol" -> request.protocol();
            case "scheme" -> request.tls() ? "https" : "http";
            case "host" -> host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
            case "remote_addr", "realip_remote_addr", "binary_remote_addr" -> request.peer();
            case "hostname" -> container.pod().name();
            case "server_addr" -> container.pod().ip();
            case "nginx_version" -> "1.27.5";
            case "request_id" -> requestId;
            case "request_body" -> new String(request.body(), StandardCharsets.UTF_8);
            case "content_type" -> header("content-type");
            case "content_length" -> header("content-length");
            case "time_iso8601" -> container.clock().instant().toString();
            case "msec" -> Double.toString(container.clock().millis() / 1000.0);
            case "proxy_add_x_forwarded_for" -> {
                String before = header("x-forwarded-for");
                yield before.isEmpty() ? request.peer() : before + ", " + request.peer();
            }
            default -> derived(name);
        };
    }

    private String derived(String name) {
        if (name.startsWith("http_")) {
            return header(name.substring(5).replace('_', '-'));
        }
        if (name.startsWith("arg_")) {
            return pick(args.split("&"), name.substring(4));
        }
        if (name.startsWith("cookie_")) {
            return pick(header("cookie").split(";\\s*"), name.substring(7));
        }
        for (Directive map : http.innermost().all("map").toList()) {
            if (map.arg(1).equals("$" + name)) {
                return mapped(map, expand(map.arg(0)));
            }
        }
        return "";
    }

    private String mapped(Directive map, String value) {
        String fallback = "";
        for (Directive entry : map.children()) {
            String key = entry.name();
            boolean regex = key.startsWith("~");
            if (key.equals("default")) {
                fallback = entry.arg(0);
            } else if (regex
                    ? Pattern.compile(
                                    key.replaceFirst("^~\\*?", ""),
                                    key.startsWith("~*") ? Pattern.CASE_INSENSITIVE : 0)
                            .matcher(value)
                            .find()
                    : key.equalsIgnoreCase(value)) {
                return expand(entry.arg(0));
            }
        }
        return expand(fallback);
    }

    private static String pick(String[] pairs, String name) {
        for (String pair : pairs) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return "";
    }

    private String header(String name) {
        String value = request.header(name);
        return value == null ? "" : value;
    }
}
