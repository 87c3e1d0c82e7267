package dev.meshdojo.simulator.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a pod may know of itself, for variables and for files. Source: Kubernetes' {@code
 * pkg/fieldpath} and {@code pkg/api/v1/resource}.
 */
final class DownwardApi {

    private final ObjectNode pod;
    private final String ip;

    /**
     * @param ip the pod's address; empty while it has none
     */
    DownwardApi(ObjectNode pod, String ip) {
        this.pod = pod;
        this.ip = ip;
    }

    /** The value of a {@code fieldPath}. */
    String field(String path) {
        int open = path.indexOf("['");
        if (open > 0 && path.endsWith("']")) {
            String key = path.substring(open + 2, path.length() - 2);
            return Fields.text(pod, "metadata", path.substring("metadata.".length(), open), key);
        }
        return switch (path) {
            case "status.podIP", "status.podIPs" -> ip;
            case "status.hostIP", "status.hostIPs" -> LoopbackNetwork.NODE_IP;
            case "metadata.labels", "metadata.annotations" ->
                    lines(Fields.strings(pod, path.split("\\.", 2)));
            default -> Fields.text(pod, path.split("\\."));
        };
    }

    private static String lines(Map<String, String> values) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach(
                        (key, value) ->
                                text.append(text.isEmpty() ? "" : "\n")
                                        .append(key)
                                        .append('=')
                                        .append(quoted(value)));
        return text.toString();
    }

    private static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("\t", "\\t")
                        .replace("\r", "\\r")
                + '"';
    }

    /**
     * The value of a {@code resourceFieldRef}, in units of its divisor, rounded up; what the node
     * has where a container sets no limit.
     *
     * @param own the container that asks, unless the reference names one
     */
    String resource(JsonNode reference, JsonNode own) {
        JsonNode container = own;
        String named = Fields.text(reference, "containerName");
        for (String list : new String[] {"containers", "initContainers"}) {
            for (ObjectNode each : Fields.objects(pod, "spec", list)) {
                if (!named.isEmpty() && Fields.text(each, "name").equals(named)) {
                    container = each;
                }
            }
        }
        String[] path = Fields.text(reference, "resource").split("\\.", 2);
        if (path.length < 2) {
            return "";
        }
        String set = Fields.text(container, "resources", path[0], path[1]);
        if (set.isEmpty()) {
            set = path[0].equals("limits") ? Quantities.ofNode(path[1]) : "0";
        }
        BigDecimal divisor = Quantities.value(Fields.text(reference, "divisor"));
        BigDecimal unit = divisor.signum() == 0 ? BigDecimal.ONE : divisor;
        return Quantities.value(set).divide(unit, 0, RoundingMode.CEILING).toPlainString();
    }
}
