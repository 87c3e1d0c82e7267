package dev.meshdojo.gateway.filter.authz;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.RequestHead;
import java.util.LinkedHashMap;
import java.util.Map;

/** Changes that an authorization service asks for. */
final class AuthzChanges {

    private AuthzChanges() {}

    /** Changes the request's headers and query. */
    static void request(RequestHead request, AuthzDecision.Allowed allowed) {
        for (AuthzDecision.Line line : allowed.request()) {
            switch (line.name()) {
                case ":path" -> request.path(line.value());
                case ":method" -> request.method(line.value());
                case ":authority", "host" -> request.authority(line.value());
                default -> apply(request.headers(), line);
            }
        }
        for (String name : allowed.removed()) {
            if (!name.startsWith(":") && !name.equals("host")) {
                request.headers().remove(name);
            }
        }
        if (!allowed.querySet().isEmpty() || !allowed.queryRemoved().isEmpty()) {
            query(request, allowed);
        }
    }

    static void apply(HeaderMap headers, AuthzDecision.Line line) {
        String old = headers.get(line.name());
        switch (line.join()) {
            case SET -> headers.set(line.name(), line.value());
            case ADD -> headers.add(line.name(), line.value());
            case JOIN_IF_PRESENT -> {
                if (old != null) {
                    headers.set(line.name(), headers.joined(line.name()) + "," + line.value());
                }
            }
            case ADD_IF_ABSENT -> {
                if (old == null) {
                    headers.add(line.name(), line.value());
                }
            }
            case SET_IF_PRESENT -> {
                if (old != null) {
                    headers.set(line.name(), line.value());
                }
            }
        }
    }

    private static void query(RequestHead request, AuthzDecision.Allowed allowed) {
        String path = request.path();
        int mark = path.indexOf('?');
        Map<String, String> parameters = new LinkedHashMap<>();
        if (mark >= 0) {
            for (String pair : path.substring(mark + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                parameters.put(
                        equals < 0 ? pair : pair.substring(0, equals),
                        equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        parameters.putAll(allowed.querySet());
        allowed.queryRemoved().forEach(parameters::remove);
        StringBuilder text = new StringBuilder();
        parameters.forEach(
                (key, value) ->
                        text.append(text.isEmpty() ? "?" : "&")
                                .append(key)
                                .append('=')
                                .append(value));
        request.path(request.pathWithoutQuery() + text);
    }
}
