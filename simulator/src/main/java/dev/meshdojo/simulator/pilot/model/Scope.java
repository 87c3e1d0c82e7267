package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The mesh as proxies of one namespace see it. Immutable. */
public sealed class Scope permits TrackedScope {

    private final MeshModel model;
    private final String namespace;
    private final VisibleServices visible;

    Scope(MeshModel model, String namespace, VisibleServices visible) {
        this.model = model;
        this.namespace = namespace;
        this.visible = visible;
    }

    Scope(Scope same) {
        this(same.model, same.namespace, same.visible);
    }

    MeshModel model() {
        return model;
    }

    VisibleServices visible() {
        return visible;
    }

    /** The mesh configuration. */
    public MeshConfig mesh() {
        return model.mesh();
    }

    /** One Service a host name; the same list as long as no Service or DestinationRule changes. */
    public List<Service> services() {
        return visible.services();
    }

    /** The Service of that host name, or null. */
    public @Nullable Service service(String hostname) {
        return visible.service(hostname);
    }

    /** The Service that a VirtualService means by a host name: one of its own namespace first. */
    public @Nullable Service service(String hostname, String owner) {
        return visible.service(hostname, owner);
    }

    /** The rules for a host name's Service, or null. */
    public @Nullable DestinationRule destinationRule(String hostname) {
        return visible.destinationRule(hostname);
    }

    /** Whether nothing but VirtualServices may differ between the two. */
    @SuppressWarnings("ReferenceEquality") // unchanged parts are the same instances
    public boolean sameDestinations(Scope other) {
        return visible == other.visible && mesh() == other.mesh();
    }

    /** Whether nothing but VirtualServices and endpoints may differ between the two. */
    public boolean sameDestinationsButEndpoints(Scope other) {
        return visible.sameButEndpoints(other.visible) && mesh().equals(other.mesh());
    }

    /**
     * VirtualServices bound to a Gateway, whether these proxies see them or not, oldest first; the
     * same list as long as none of them changes.
     *
     * @param gateway {@code namespace/name}
     */
    public List<VirtualService> bound(String gateway) {
        return model.virtualServices(gateway);
    }

    /** Whether these proxies see a VirtualService. */
    public boolean sees(VirtualService service) {
        return service.exportTo().to(namespace);
    }

    /**
     * VirtualServices bound to a Gateway that proxies of this namespace see, in the order of {@link
     * #precedence}.
     *
     * @param gateway {@code namespace/name}
     */
    public List<VirtualService> virtualServices(String gateway) {
        List<VirtualService> own = new ArrayList<>();
        List<VirtualService> exported = new ArrayList<>();
        List<VirtualService> preferred = new ArrayList<>();
        List<VirtualService> common = new ArrayList<>();
        for (VirtualService service : bound(gateway)) {
            if (sees(service)) {
                switch (rank(service)) {
                    case 0 -> own.add(service);
                    case 1 -> exported.add(service);
                    case 2 -> preferred.add(service);
                    default -> common.add(service);
                }
            }
        }
        own.addAll(exported);
        own.addAll(preferred);
        own.addAll(common);
        return own;
    }

    /** Private ones, then those exported by name, then public ones; each group oldest first. */
    public Comparator<VirtualService> precedence() {
        return Comparator.comparingInt(this::rank)
                .thenComparing(VirtualService::object, KubeObject.BY_AGE);
    }

    private int rank(VirtualService service) {
        boolean own = service.namespace().equals(namespace);
        if (!service.exportTo().isPublic()) {
            return own ? 0 : 1;
        }
        return own && service.semantics() == VirtualService.Semantics.GATEWAY_API ? 2 : 3;
    }
}
