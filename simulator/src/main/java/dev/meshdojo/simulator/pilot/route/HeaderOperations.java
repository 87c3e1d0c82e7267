package dev.meshdojo.simulator.pilot.route;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption.HeaderAppendAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code headers} block as Envoy's header mutations.
 *
 * @param requestAdd sets, then adds, each sorted by name
 * @param requestRemove names to drop from requests
 * @param responseAdd sets, then adds, each sorted by name
 * @param responseRemove names to drop from responses
 * @param authority the Host that the block asks for; empty for none
 */
record HeaderOperations(
        List<HeaderValueOption> requestAdd,
        List<String> requestRemove,
        List<HeaderValueOption> responseAdd,
        List<String> responseRemove,
        String authority) {

    static HeaderOperations of(JsonView headers) {
        JsonView request = headers.at("request");
        JsonView response = headers.at("response");
        String set = authority(request.textMap("set"));
        return new HeaderOperations(
                additions(request),
                removals(request),
                additions(response),
                removals(response),
                set.isEmpty() ? authority(request.textMap("add")) : set);
    }

    private static List<HeaderValueOption> additions(JsonView operations) {
        List<HeaderValueOption> out = new ArrayList<>();
        add(out, operations.textMap("set"), HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
        add(out, operations.textMap("add"), HeaderAppendAction.APPEND_IF_EXISTS_OR_ADD);
        return out;
    }

    private static void add(
            List<HeaderValueOption> out, Map<String, String> values, HeaderAppendAction action) {
        new TreeMap<>(values)
                .forEach(
                        (name, value) -> {
                            if (!internal(name)) {
                                out.add(
                                        HeaderValueOption.newBuilder()
                                                .setAppendAction(action)
                                                .setHeader(
                                                        HeaderValue.newBuilder()
                                                                .setKey(name)
                                                                .setValue(value))
                                                .build());
                            }
                        });
    }

    private static List<String> removals(JsonView operations) {
        return operations.texts("remove").stream().filter(name -> !internal(name)).toList();
    }

    private static String authority(Map<String, String> values) {
        for (Map.Entry<String, String> value : values.entrySet()) {
            String name = value.getKey().toLowerCase(Locale.ROOT);
            if (name.equals("host") || name.equals(":authority")) {
                return value.getValue();
            }
        }
        return "";
    }

    private static boolean internal(String name) {
        return name.startsWith(":") || name.equalsIgnoreCase("host");
    }
}
