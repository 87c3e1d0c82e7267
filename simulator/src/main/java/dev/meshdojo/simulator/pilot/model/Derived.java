package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Istio objects made from objects of other kinds.
 *
 * @param gateways Gateways
 * @param virtualServices VirtualServices
 * @param destinationRules DestinationRules
 */
public record Derived(
        List<KubeObject> gateways,
        List<KubeObject> virtualServices,
        List<KubeObject> destinationRules) {

    public Derived {
        gateways = List.copyOf(gateways);
        virtualServices = List.copyOf(virtualServices);
        destinationRules = List.copyOf(destinationRules);
    }

    /** Nothing. */
    public static final Derived NONE = new Derived(List.of(), List.of(), List.of());

    /**
     * The same, but objects that {@code earlier} has with the same content are taken from there.
     */
    public Derived keeping(Derived earlier) {
        Derived kept =
                new Derived(
                        keep(gateways, earlier.gateways),
                        keep(virtualServices, earlier.virtualServices),
                        keep(destinationRules, earlier.destinationRules));
        return kept.equals(earlier) ? earlier : kept;
    }

    private static List<KubeObject> keep(List<KubeObject> now, List<KubeObject> before) {
        Map<String, KubeObject> known = new HashMap<>();
        before.forEach(object -> known.put(object.key(), object));
        List<KubeObject> out = new ArrayList<>(now.size());
        for (KubeObject object : now) {
            KubeObject old = known.get(object.key());
            out.add(old != null && old.raw().equals(object.raw()) ? old : object);
        }
        return out;
    }

    /** These and those. */
    public Derived plus(Derived more) {
        return new Derived(
                joined(gateways, more.gateways),
                joined(virtualServices, more.virtualServices),
                joined(destinationRules, more.destinationRules));
    }

    private static List<KubeObject> joined(List<KubeObject> first, List<KubeObject> second) {
        List<KubeObject> out = new ArrayList<>(first);
        out.addAll(second);
        return out;
    }
}
