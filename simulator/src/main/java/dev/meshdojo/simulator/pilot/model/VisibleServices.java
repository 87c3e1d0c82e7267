package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The Services and DestinationRules that proxies of one namespace see. Services are found by their
 * place in the list of all, so that the index stays when only endpoints change. Thread-safe.
 */
final class VisibleServices {

    private record Owned(String hostname, String namespace) {}

    private final List<Service> all;
    private final DestinationRules destinationRules;
    private final String namespace;
    private final Map<String, String> proxyLabels;
    private final Map<String, Integer> byHostname;
    private final Map<Owned, Integer> byOwner;
    private final Map<String, Optional<DestinationRule>> rules;
    private final List<Service> services;

    VisibleServices(
            List<Service> all,
            DestinationRules destinationRules,
            String namespace,
            Map<String, String> proxyLabels) {
        this.all = all;
        this.destinationRules = destinationRules;
        this.namespace = namespace;
        this.proxyLabels = proxyLabels;
        this.byHostname = LinkedHashMap.newLinkedHashMap(all.size());
        this.byOwner = HashMap.newHashMap(all.size());
        this.rules = new ConcurrentHashMap<>();
        List<Integer> common = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i++) {
            Service service = all.get(i);
            if (service.exportTo().isPublic()) {
                common.add(i);
            } else if (service.exportTo().to(namespace)) {
                add(i);
            }
        }
        common.forEach(this::add);
        this.services = present();
    }

    private VisibleServices(VisibleServices earlier, List<Service> all) {
        this.all = all;
        this.destinationRules = earlier.destinationRules;
        this.namespace = earlier.namespace;
        this.proxyLabels = earlier.proxyLabels;
        this.byHostname = earlier.byHostname;
        this.byOwner = earlier.byOwner;
        this.rules = earlier.rules;
        this.services = present();
    }

    /** The same with other Services, or null when more than endpoints differs. */
    @Nullable VisibleServices withEndpointsOf(List<Service> now) {
        if (now.size() != all.size()) {
            return null;
        }
        for (int i = 0; i < now.size(); i++) {
            if (!now.get(i).sameButEndpoints(all.get(i))) {
                return null;
            }
        }
        return new VisibleServices(this, now);
    }

    /** Whether the two know the same but for endpoints. */
    @SuppressWarnings("ReferenceEquality") // the index is shared exactly then
    boolean sameButEndpoints(VisibleServices other) {
        return byHostname == other.byHostname;
    }

    private void add(int position) {
        Service service = all.get(position);
        byOwner.merge(
                new Owned(service.hostname(), service.namespace()), position, this::preferred);
        byHostname.merge(service.hostname(), position, this::preferred);
    }

    /** The older one, but a Kubernetes Service takes its name back from a ServiceEntry. */
    private int preferred(int known, int added) {
        return all.get(known).registry() == Service.Registry.EXTERNAL
                        && all.get(added).registry() == Service.Registry.KUBERNETES
                ? added
                : known;
    }

    private List<Service> present() {
        return byHostname.values().stream().map(all::get).toList();
    }

    List<Service> services() {
        return services;
    }

    @Nullable Service service(String hostname) {
        Integer position = byHostname.get(hostname);
        return position == null ? null : all.get(position);
    }

    @Nullable Service service(String hostname, String owner) {
        Integer own = byOwner.get(new Owned(hostname, owner));
        return own == null ? service(hostname) : all.get(own);
    }

    @Nullable DestinationRule destinationRule(String hostname) {
        Service service = service(hostname);
        if (service == null) {
            return null;
        }
        Optional<DestinationRule> known = rules.get(hostname);
        if (known == null) {
            known =
                    Optional.ofNullable(
                            destinationRules.find(
                                    hostname, service.namespace(), namespace, proxyLabels));
            rules.put(hostname, known);
        }
        return known.orElse(null);
    }
}
