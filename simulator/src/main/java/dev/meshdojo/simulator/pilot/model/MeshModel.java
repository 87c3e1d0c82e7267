package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mesh snapshot, indexed the way translation asks for it. Made by a {@link MeshIndex} once a
 * snapshot and shared by all proxies; immutable. Parts that did not change since the model before
 * are the same instances.
 */
public final class MeshModel {

    private final MeshSnapshot snapshot;
    private final MeshConfig mesh;
    private final Derived derived;
    private final List<Service> services;
    private final DestinationRules destinationRules;
    private final List<KubeObject> gateways;
    private final Map<String, List<VirtualService>> byGateway;

    MeshModel(
            MeshSnapshot snapshot,
            MeshConfig mesh,
            Derived derived,
            List<Service> services,
            DestinationRules destinationRules,
            List<KubeObject> gateways,
            Map<String, List<VirtualService>> byGateway) {
        this.snapshot = snapshot;
        this.mesh = mesh;
        this.derived = derived;
        this.services = services;
        this.destinationRules = destinationRules;
        this.gateways = gateways;
        this.byGateway = byGateway;
    }

    /** What the model was made from. */
    public MeshSnapshot snapshot() {
        return snapshot;
    }

    /** The mesh configuration. */
    public MeshConfig mesh() {
        return mesh;
    }

    /** The same mesh under another configuration. */
    @SuppressWarnings("ReferenceEquality") // spares a copy
    public MeshModel with(MeshConfig config) {
        return config == mesh
                ? this
                : new MeshModel(
                        snapshot, config, derived, services, destinationRules, gateways, byGateway);
    }

    Derived derived() {
        return derived;
    }

    DestinationRules destinationRules() {
        return destinationRules;
    }

    /** Gateways, oldest first. */
    public List<KubeObject> gateways() {
        return gateways;
    }

    /** Objects of a kind by {@code plural.group}. */
    public ObjectSet objects(String groupResource) {
        return snapshot.all(groupResource);
    }

    /** Objects of a kind by {@code plural.group}, in order of namespace and name. */
    public List<KubeObject> all(String groupResource) {
        return objects(groupResource).byKey();
    }

    /** Every Service, whoever may see it, oldest first. */
    public List<Service> services() {
        return services;
    }

    /** VirtualServices bound to a Gateway ({@code namespace/name}), oldest first. */
    public List<VirtualService> virtualServices(String gateway) {
        return byGateway.getOrDefault(gateway, List.of());
    }

    /** What proxies of a namespace see. */
    public Scope scope(String namespace, Map<String, String> proxyLabels) {
        return scope(namespace, proxyLabels, null);
    }

    /**
     * What proxies of a namespace see.
     *
     * @param earlier the scope of an earlier model for the same namespace and labels, or null; what
     *     still holds of it is kept
     */
    @SuppressWarnings("ReferenceEquality") // unchanged parts are the same instances
    public Scope scope(String namespace, Map<String, String> proxyLabels, @Nullable Scope earlier) {
        VisibleServices visible = null;
        if (earlier != null && earlier.model().destinationRules == destinationRules) {
            visible =
                    earlier.model().services == services
                            ? earlier.visible()
                            : earlier.visible().withEndpointsOf(services);
        }
        if (visible == null) {
            visible = new VisibleServices(services, destinationRules, namespace, proxyLabels);
        }
        return new Scope(this, namespace, visible);
    }
}
