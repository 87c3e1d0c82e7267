package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Joins VirtualServices that delegate with the ones they delegate to. A rule whose delegate is
 * missing, or not exported to the root's namespace, vanishes; so does a delegate rule none of whose
 * matches fits the root's.
 */
final class Delegation {

    private static final List<String> INHERITED =
            List.of(
                    "rewrite",
                    "directResponse",
                    "timeout",
                    "retries",
                    "fault",
                    "mirror",
                    "mirrorPercent",
                    "mirrorPercentage",
                    "corsPolicy",
                    "mirrors",
                    "headers");

    private Delegation() {}

    /** Whether some rule delegates. */
    static boolean delegates(VirtualService service) {
        return service.http().stream().anyMatch(rule -> rule.has("delegate"));
    }

    /** {@code namespace/name} of the delegates that a VirtualService names, in order. */
    static List<String> references(VirtualService root) {
        List<String> out = new ArrayList<>();
        for (JsonView rule : root.http()) {
            if (rule.has("delegate")) {
                out.add(key(root, rule.at("delegate")));
            }
        }
        return out;
    }

    /**
     * The VirtualService with its delegates merged in.
     *
     * @param lookup finds a delegate by {@code namespace/name}; null when there is none
     */
    static VirtualService merge(
            VirtualService root, Function<String, @Nullable VirtualService> lookup) {
        ArrayNode merged = JsonNodeFactory.instance.arrayNode();
        for (JsonView rule : root.http()) {
            if (!rule.has("delegate")) {
                merged.add(rule.node());
                continue;
            }
            VirtualService delegate = lookup.apply(key(root, rule.at("delegate")));
            if (delegate == null || !delegate.exportTo().to(root.namespace())) {
                continue;
            }
            for (JsonView sub : delegate.http()) {
                ObjectNode joined = join(rule, sub);
                if (joined != null) {
                    merged.add(joined);
                }
            }
        }
        return root.withHttp(merged);
    }

    private static String key(VirtualService root, JsonView reference) {
        String namespace = reference.text("namespace");
        return (namespace.isEmpty() ? root.namespace() : namespace) + "/" + reference.text("name");
    }

    private static @Nullable ObjectNode join(JsonView root, JsonView delegate) {
        List<JsonView> rootMatches = root.list("match");
        List<JsonView> ownMatches = delegate.list("match");
        ObjectNode out = ((ObjectNode) delegate.node()).deepCopy();
        if (rootMatches.isEmpty() || ownMatches.isEmpty()) {
            ArrayNode matches = out.arrayNode();
            (rootMatches.isEmpty() ? ownMatches : rootMatches)
                    .forEach(match -> matches.add(match.node()));
            out.set("match", matches);
        } else {
            ArrayNode matches = out.arrayNode();
            for (JsonView own : ownMatches) {
                boolean fits = false;
                for (JsonView outer : rootMatches) {
                    if (!conflict(outer, own)) {
                        matches.add(joinMatch(outer, own));
                        fits = true;
                    }
                }
                if (!fits) {
                    return null;
                }
            }
            out.set("match", matches);
        }
        joinName(out, root.text("name"), delegate.text("name"));
        for (String field : INHERITED) {
            JsonNode inherited = root.node().get(field);
            if (!out.hasNonNull(field) && inherited != null) {
                out.set(field, inherited);
            }
        }
        return out;
    }

    private static ObjectNode joinMatch(JsonView root, JsonView own) {
        ObjectNode out = ((ObjectNode) own.node()).deepCopy();
        joinName(out, root.text("name"), own.text("name"));
        for (String field : List.of("uri", "scheme", "method", "authority")) {
            if (!out.hasNonNull(field) && root.has(field)) {
                out.set(field, root.at(field).node());
            }
        }
        for (String field : List.of("headers", "withoutHeaders", "queryParams", "sourceLabels")) {
            if (root.has(field)) {
                ObjectNode union = ((ObjectNode) root.at(field).node()).deepCopy();
                if (own.at(field).node() instanceof ObjectNode written) {
                    union.setAll(written);
                }
                out.set(field, union);
            }
        }
        if (own.integer("port") == 0 && root.has("port")) {
            out.set("port", root.at("port").node());
        }
        for (String field : List.of("sourceNamespace", "statPrefix")) {
            if (own.text(field).isEmpty() && root.has(field)) {
                out.set(field, root.at(field).node());
            }
        }
        if (own.list("gateways").isEmpty() && root.has("gateways")) {
            out.set("gateways", root.at("gateways").node());
        }
        return out;
    }

    private static void joinName(ObjectNode out, String root, String own) {
        if (own.isEmpty()) {
            if (!root.isEmpty()) {
                out.put("name", root);
            }
        } else if (!root.isEmpty()) {
            out.put("name", root + "-" + own);
        }
    }

    private static boolean conflict(JsonView root, JsonView own) {
        for (String field : List.of("uri", "scheme", "method", "authority")) {
            if (stringConflict(root.at(field), own.at(field))) {
                return true;
            }
        }
        for (String field : List.of("headers", "withoutHeaders", "queryParams")) {
            for (Map.Entry<String, JsonView> entry : own.at(field).fields().entrySet()) {
                if (stringConflict(root.at(field).at(entry.getKey()), entry.getValue())) {
                    return true;
                }
            }
        }
        if (root.flag("ignoreUriCase") != own.flag("ignoreUriCase")) {
            return true;
        }
        int rootPort = root.integer("port");
        int ownPort = own.integer("port");
        if (rootPort > 0 && ownPort > 0 && rootPort != ownPort) {
            return true;
        }
        String namespace = root.text("sourceNamespace");
        if (!namespace.isEmpty() && !own.text("sourceNamespace").equals(namespace)) {
            return true;
        }
        return labelsConflict(root, own) || gatewaysConflict(root, own);
    }

    private static boolean labelsConflict(JsonView root, JsonView own) {
        Map<String, String> outer = root.textMap("sourceLabels");
        return own.textMap("sourceLabels").entrySet().stream()
                .anyMatch(
                        label ->
                                outer.containsKey(label.getKey())
                                        && !label.getValue().equals(outer.get(label.getKey())));
    }

    private static boolean gatewaysConflict(JsonView root, JsonView own) {
        List<String> outer = root.texts("gateways");
        List<String> inner = own.texts("gateways");
        return !outer.isEmpty()
                && !inner.isEmpty()
                && (outer.size() < inner.size() || !outer.containsAll(inner));
    }

    private static boolean stringConflict(JsonView root, JsonView own) {
        if (!root.present() || !own.present()) {
            return false;
        }
        String rootRegex = root.text("regex");
        String ownRegex = own.text("regex");
        String rootExact = root.text("exact");
        String ownExact = own.text("exact");
        String rootPrefix = root.text("prefix");
        String ownPrefix = own.text("prefix");
        boolean rootSet = !rootRegex.isEmpty() || !rootExact.isEmpty() || !rootPrefix.isEmpty();
        boolean ownSet = !ownRegex.isEmpty() || !ownExact.isEmpty() || !ownPrefix.isEmpty();
        if ((!rootRegex.isEmpty() && ownSet) || (!ownRegex.isEmpty() && rootSet)) {
            return true;
        }
        if (!rootExact.isEmpty()) {
            return !ownPrefix.isEmpty() || !ownExact.equals(rootExact);
        }
        if (!rootPrefix.isEmpty()) {
            if (!ownPrefix.isEmpty()) {
                return !ownPrefix.startsWith(rootPrefix);
            }
            if (!ownExact.isEmpty()) {
                return !ownExact.startsWith(rootPrefix);
            }
        }
        return true;
    }
}
