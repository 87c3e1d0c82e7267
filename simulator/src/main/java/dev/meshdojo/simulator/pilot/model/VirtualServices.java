package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * VirtualServices by the Gateway they are bound to, kept up to date: a changed object is read anew,
 * and so are those that delegate to it; nothing else. Not thread-safe; what it hands out is
 * immutable.
 */
final class VirtualServices {

    private static final Comparator<VirtualService> BY_AGE =
            Comparator.comparing(VirtualService::object, KubeObject.BY_AGE);

    /** One that delegates, as joined with the delegates it found. */
    private record Joined(
            VirtualService written, List<Optional> delegates, VirtualService merged) {}

    /** A delegate that was looked up; null when it was not found. */
    private record Optional(@Nullable VirtualService found) {}

    private final Map<KubeObject, VirtualService> written = new HashMap<>();
    private final Map<String, VirtualService> delegates = new HashMap<>();
    private final Map<KubeObject, Joined> joined = new LinkedHashMap<>();
    private final Map<String, List<VirtualService>> byGateway = new HashMap<>();
    private List<KubeObject> objects = List.of();
    private MeshConfig mesh = MeshConfig.DEFAULT;

    /** By {@code namespace/name} of the Gateway, oldest first. */
    Map<String, List<VirtualService>> byGateway() {
        return Map.copyOf(byGateway);
    }

    /**
     * Takes the present objects.
     *
     * @param present written and derived ones, oldest first
     */
    void update(List<KubeObject> present, MeshConfig config) {
        Change change = new Change();
        if (!config.equals(mesh)) {
            mesh = config;
            written.clear();
            delegates.clear();
            joined.clear();
            byGateway.clear();
            objects = List.of();
        }
        List<KubeObject> gone = new ArrayList<>();
        List<KubeObject> come = new ArrayList<>();
        Sequences.compare(objects, present, KubeObject.BY_AGE, gone::add, come::add);
        gone.forEach(object -> remove(object, change));
        for (KubeObject object : come) {
            VirtualService service = VirtualService.of(object, mesh);
            written.put(object, service);
            if (service.hosts().isEmpty()) {
                delegates.put(object.key(), service);
            } else if (!Delegation.delegates(service)) {
                change.add(service);
            }
        }
        for (KubeObject object : come) {
            VirtualService service = written.get(object);
            if (service != null && !service.hosts().isEmpty() && Delegation.delegates(service)) {
                join(service, change);
            }
        }
        if (!gone.isEmpty() || !come.isEmpty()) {
            List.copyOf(joined.values()).forEach(one -> join(one.written, change));
        }
        objects = present;
        change.apply();
    }

    private void remove(KubeObject object, Change change) {
        VirtualService service = written.remove(object);
        if (service == null) {
            return;
        }
        delegates.remove(object.key(), service);
        Joined join = joined.remove(object);
        if (!service.hosts().isEmpty()) {
            change.remove(join == null ? service : join.merged);
        }
    }

    private void join(VirtualService service, Change change) {
        List<Optional> found = new ArrayList<>();
        for (String key : Delegation.references(service)) {
            found.add(new Optional(delegates.get(key)));
        }
        Joined before = joined.get(service.object());
        if (before != null) {
            if (same(before.delegates, found)) {
                return;
            }
            change.remove(before.merged);
        }
        VirtualService merged = Delegation.merge(service, delegates::get);
        joined.put(service.object(), new Joined(service, found, merged));
        change.add(merged);
    }

    @SuppressWarnings("ReferenceEquality") // the very same reading of a delegate
    private static boolean same(List<Optional> a, List<Optional> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (a.get(i).found != b.get(i).found) {
                return false;
            }
        }
        return true;
    }

    /** What one update takes out and puts in, gathered so that each list is copied once. */
    private final class Change {
        private final Map<String, Set<VirtualService>> removed = new HashMap<>();
        private final Map<String, List<VirtualService>> added = new HashMap<>();

        void remove(VirtualService service) {
            for (String gateway : service.gateways()) {
                removed.computeIfAbsent(
                                gateway, g -> Collections.newSetFromMap(new IdentityHashMap<>()))
                        .add(service);
            }
        }

        void add(VirtualService service) {
            for (String gateway : service.gateways()) {
                added.computeIfAbsent(gateway, g -> new ArrayList<>()).add(service);
            }
        }

        void apply() {
            Set<String> gateways = new java.util.HashSet<>(removed.keySet());
            gateways.addAll(added.keySet());
            for (String gateway : gateways) {
                List<VirtualService> next =
                        Sequences.edit(
                                byGateway.getOrDefault(gateway, List.of()),
                                removed.getOrDefault(gateway, Set.of()),
                                added.getOrDefault(gateway, List.of()),
                                BY_AGE);
                if (next.isEmpty()) {
                    byGateway.remove(gateway);
                } else {
                    byGateway.put(gateway, next);
                }
            }
        }
    }
}
