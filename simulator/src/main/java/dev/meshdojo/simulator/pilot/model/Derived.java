package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Istio objects made from objects of other kinds.
 *
 * @param gateways Gateways
 * @param virtualServices VirtualServices
 */
public record Derived(List<KubeObject> gateways, List<KubeObject> virtualServices) {

    public Derived {
        gateways = List.copyOf(gateways);
        virtualServices = List.copyOf(virtualServices);
    }

    /** These and those. */
    public Derived plus(Derived more) {
        List<KubeObject> allGateways = new ArrayList<>(gateways);
        allGateways.addAll(more.gateways);
        List<KubeObject> allServices = new ArrayList<>(virtualServices);
        allServices.addAll(more.virtualServices);
        return new Derived(allGateways, allServices);
    }
}
