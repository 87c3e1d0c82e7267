package dev.meshdojo.gateway.route;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The compiled virtual hosts of an earlier version of a table. They hold for the later one when
 * nothing that they inherit from the table itself changed. Not thread-safe.
 */
final class EarlierHosts {

    private static final io.envoyproxy.envoy.config.route.v3.VirtualHost ABSENT =
            io.envoyproxy.envoy.config.route.v3.VirtualHost.getDefaultInstance();

    /** None. */
    static final EarlierHosts NONE = new EarlierHosts(false, List.of(), List.of());

    private final boolean takenOver;
    private final List<io.envoyproxy.envoy.config.route.v3.VirtualHost> protos;
    private final List<VirtualHost> compiled;
    private @Nullable Map<String, Integer> byName;
    private int next;

    private EarlierHosts(
            boolean takenOver,
            List<io.envoyproxy.envoy.config.route.v3.VirtualHost> protos,
            List<VirtualHost> compiled) {
        this.takenOver = takenOver;
        this.protos = protos;
        this.compiled = compiled;
    }

    static EarlierHosts of(RouteTable before, RouteConfiguration now) {
        return frame(before.proto()).equals(frame(now))
                ? new EarlierHosts(
                        true, before.proto().getVirtualHostsList(), before.virtualHosts())
                : NONE;
    }

    private static RouteConfiguration frame(RouteConfiguration table) {
        return table.toBuilder().clearVirtualHosts().build();
    }

    /** Whether hosts can be taken over at all; then the table around them is known to be valid. */
    boolean takenOver() {
        return takenOver;
    }

    /** The compiled virtual host made from an equal proto, or null. */
    @Nullable VirtualHost find(io.envoyproxy.envoy.config.route.v3.VirtualHost host) {
        if (!takenOver) {
            return null;
        }
        if (!at(next).equals(host)) {
            Integer position = byName().get(host.getName());
            if (position == null || !at(position).equals(host)) {
                return null;
            }
            next = position;
        }
        return compiled.get(next++);
    }

    private io.envoyproxy.envoy.config.route.v3.VirtualHost at(int position) {
        return position < protos.size() ? protos.get(position) : ABSENT;
    }

    private Map<String, Integer> byName() {
        Map<String, Integer> known = byName;
        if (known == null) {
            known = HashMap.newHashMap(protos.size());
            for (int i = 0; i < protos.size(); i++) {
                known.put(protos.get(i).getName(), i);
            }
            byName = known;
        }
        return known;
    }
}
