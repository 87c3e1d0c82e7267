package dev.meshdojo.simulator.pilot.gatewayapi;

import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which listeners of a Gateway and its ListenerSets cannot stand beside an earlier one. The
 * Gateway's own come first, then those of ListenerSets, oldest first; one that is kept off keeps
 * none off.
 */
final class ListenerConflicts {

    private static final Set<String> OPAQUE = Set.of("TCP", "UDP");
    private static final Set<String> BY_HOST = Set.of("HTTP", "HTTPS", "TLS");

    private final Map<String, String> reasons = new HashMap<>();

    /** The conflicts of a Gateway with the ListenerSets that it admits. */
    static ListenerConflicts of(KubeObject gateway, List<KubeObject> sets) {
        List<KubeObject> owners = new ArrayList<>();
        owners.add(gateway);
        sets.stream()
                .sorted(Comparator.comparing(KubeObject::created).thenComparing(KubeObject::key))
                .forEach(owners::add);
        ListenerConflicts out = new ListenerConflicts();
        List<JsonView> accepted = new ArrayList<>();
        for (KubeObject owner : owners) {
            for (JsonView listener : owner.spec().list("listeners")) {
                String reason = reason(listener, accepted);
                if (reason == null) {
                    accepted.add(listener);
                } else {
                    out.reasons.put(owner.key() + "/" + listener.text("name"), reason);
                }
            }
        }
        return out;
    }

    /** The reason for which a listener is kept off; null when it is not. */
    @Nullable String of(KubeObject owner, JsonView listener) {
        return reasons.get(owner.key() + "/" + listener.text("name"));
    }

    private static @Nullable String reason(JsonView listener, List<JsonView> accepted) {
        String protocol = listener.text("protocol");
        for (JsonView prior : accepted) {
            if (!distinct(listener, prior)) {
                String other = prior.text("protocol");
                boolean opaque = OPAQUE.contains(protocol) && OPAQUE.contains(other);
                return opaque || !protocol.equals(other) ? "ProtocolConflict" : "HostnameConflict";
            }
        }
        return null;
    }

    private static boolean distinct(JsonView a, JsonView b) {
        if (ListenerConversion.port(a) != ListenerConversion.port(b)) {
            return true;
        }
        String first = a.text("protocol");
        String second = b.text("protocol");
        boolean known = kind(first) != 0 && kind(second) != 0;
        if (known && (kind(first) != kind(second) || OPAQUE.contains(first))) {
            return false;
        }
        return known ? !host(a).equals(host(b)) : !first.equals(second);
    }

    private static int kind(String protocol) {
        return OPAQUE.contains(protocol) ? 1 : BY_HOST.contains(protocol) ? 2 : 0;
    }

    private static String host(JsonView listener) {
        String written = listener.text("hostname");
        return written.isEmpty() ? "*" : written;
    }
}
