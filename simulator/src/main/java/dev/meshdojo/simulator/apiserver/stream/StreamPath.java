package dev.meshdojo.simulator.apiserver.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiRequest;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.PodName;
import java.util.List;
import java.util.Locale;
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

    /** The subresource's name. */
    String subresource() {
        return kind.name().replace("_", "").toLowerCase(Locale.ROOT);
    }

    /** What is asked for, as admission sees it. */
    ObjectNode options(ApiRequest request) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        String name =
                switch (kind) {
                    case LOG -> "PodLogOptions";
                    case EXEC -> "PodExecOptions";
                    case ATTACH -> "PodAttachOptions";
                    case PORT_FORWARD -> "PodPortForwardOptions";
                };
        options.put("kind", name).put("apiVersion", "v1");
        for (String stream : List.of("stdin", "stdout", "stderr", "tty")) {
            if (flag(request, stream)) {
                options.put(stream, true);
            }
        }
        String container = request.parameter("container", "");
        if (!container.isEmpty()) {
            options.put("container", container);
        }
        if (kind == Kind.EXEC) {
            ArrayNode command = options.putArray("command");
            all(request, "command").forEach(command::add);
        }
        return options;
    }

    static boolean flag(ApiRequest request, String name) {
        String value = request.parameter(name, "");
        return value.equals("true") || value.equals("1");
    }

    static List<String> all(ApiRequest request, String name) {
        return request.query().getOrDefault(name, List.of());
    }
}
