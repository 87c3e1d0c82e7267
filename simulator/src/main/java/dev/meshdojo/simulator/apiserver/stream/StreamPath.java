package dev.meshdojo.simulator.apiserver.stream;

import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pod's streaming subresource: {@code log}, {@code exec}, {@code attach}, {@code portforward}.
 */
record StreamPath(PodName pod, Kind kind) {

    enum Kind {
        LOG,
        EXEC,
        ATTACH,
        PORT_FORWARD
    }

    /** Null when the path is another. */
    static @Nullable StreamPath parse(ApiRequest request) {
        String[] parts = request.path().split("/", -1);
        if (parts.length != 8
                || !parts[1].equals("api")
                || !parts[2].equals("v1")
                || !parts[3].equals("namespaces")
                || !parts[5].equals("pods")) {
            return null;
        }
        Kind kind =
                switch (parts[7]) {
                    case "log" -> Kind.LOG;
                    case "exec" -> Kind.EXEC;
                    case "attach" -> Kind.ATTACH;
                    case "portforward" -> Kind.PORT_FORWARD;
                    default -> null;
                };
        return kind == null ? null : new StreamPath(new PodName(parts[4], parts[6]), kind);
    }

    static boolean flag(ApiRequest request, String name) {
        String value = request.parameter(name, "");
        return value.equals("true") || value.equals("1");
    }

    static List<String> all(ApiRequest request, String name) {
        return request.query().getOrDefault(name, List.of());
    }
}
