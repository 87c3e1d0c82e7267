package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows a mesh from one snapshot to the next and keeps it indexed: each change is read once, and
 * what it does not touch stays the same instance, so that those who translate can tell. Not
 * thread-safe; the models it makes are immutable.
 */
public final class MeshIndex {

    private static final String NETWORKING = ".networking.istio.io";

    private final Collection<String> derivingKinds;
    private final BiFunction<MeshSnapshot, MeshConfig, Derived> derive;
    private final Services services = new Services();
    private final VirtualServices virtualServices = new VirtualServices();
    private final DiscoverySelectors selectors = new DiscoverySelectors();
    private @Nullable KubeObject lastConfig;
    private @Nullable MeshModel last;

    /**
     * An index that knows nothing yet.
     *
     * @param derivingKinds kinds, by {@code plural.group}, that {@code derive} reads
     * @param derive makes Istio objects of other kinds; asked once for each snapshot, in order
     */
    public MeshIndex(
            Collection<String> derivingKinds,
            BiFunction<MeshSnapshot, MeshConfig, Derived> derive) {
        this.derivingKinds = List.copyOf(derivingKinds);
        this.derive = derive;
    }

    /** The model of a snapshot that is best made of the last one's sets. */
    public MeshModel update(MeshSnapshot whole) {
        MeshModel before = last;
        MeshConfig mesh = mesh(whole, before);
        MeshSnapshot snapshot = selectors.apply(whole, mesh);
        Derived derived = derived(snapshot, mesh, before);
        services.update(snapshot, mesh);
        virtualServices.update(
                Sequences.edit(
                        snapshot.all("virtualservices" + NETWORKING).byAge(),
                        java.util.Set.of(),
                        derived.virtualServices(),
                        KubeObject.BY_AGE),
                mesh);
        MeshModel next =
                new MeshModel(
                        snapshot,
                        mesh,
                        derived,
                        services.services(),
                        destinationRules(snapshot, mesh, derived, before),
                        gateways(snapshot, derived, before),
                        virtualServices.byGateway());
        last = next;
        return next;
    }

    private MeshConfig mesh(MeshSnapshot snapshot, @Nullable MeshModel before) {
        KubeObject now = MeshConfig.object(snapshot);
        if (before != null && java.util.Objects.equals(lastConfig, now)) {
            return before.mesh();
        }
        lastConfig = now;
        MeshConfig read = MeshConfig.of(now);
        return before != null && before.mesh().equals(read) ? before.mesh() : read;
    }

    private Derived derived(MeshSnapshot snapshot, MeshConfig mesh, @Nullable MeshModel before) {
        if (before == null) {
            return derive.apply(snapshot, mesh);
        }
        if (same(snapshot, mesh, before, derivingKinds)) {
            return before.derived();
        }
        return derive.apply(snapshot, mesh).keeping(before.derived());
    }

    private static DestinationRules destinationRules(
            MeshSnapshot snapshot, MeshConfig mesh, Derived derived, @Nullable MeshModel before) {
        String kind = "destinationrules" + NETWORKING;
        if (before != null
                && before.derived().destinationRules().equals(derived.destinationRules())
                && same(snapshot, mesh, before, List.of(kind))) {
            return before.destinationRules();
        }
        List<KubeObject> all = new java.util.ArrayList<>(derived.destinationRules());
        all.addAll(snapshot.all(kind).byAge());
        return new DestinationRules(all, mesh);
    }

    private static List<KubeObject> gateways(
            MeshSnapshot snapshot, Derived derived, @Nullable MeshModel before) {
        String kind = "gateways" + NETWORKING;
        if (before != null
                && before.derived().gateways().equals(derived.gateways())
                && same(snapshot, before.mesh(), before, List.of(kind))) {
            return before.gateways();
        }
        return Sequences.edit(
                snapshot.all(kind).byAge(),
                java.util.Set.of(),
                derived.gateways(),
                KubeObject.BY_AGE);
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged set or configuration is the same instance
    private static boolean same(
            MeshSnapshot snapshot, MeshConfig mesh, MeshModel before, Collection<String> kinds) {
        return mesh == before.mesh()
                && kinds.stream()
                        .allMatch(kind -> snapshot.all(kind) == before.snapshot().all(kind));
    }
}
