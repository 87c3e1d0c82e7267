package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.MeshSnapshot;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * All Services, kept up to date: a changed object makes only those be read anew that have to do
 * with it, and a Service that reads as before stays the same instance. Not thread-safe; what it
 * hands out is immutable.
 */
final class Services {

    private static final String SLICES = "endpointslices.discovery.k8s.io";
    private static final String ENTRIES = "serviceentries.networking.istio.io";
    private static final String WORKLOADS = "workloadentries.networking.istio.io";

    private static final Comparator<Placed> ORDER =
            Comparator.comparing((Placed placed) -> placed.service.created())
                    .thenComparing(placed -> placed.service.name())
                    .thenComparing(placed -> placed.service.namespace())
                    .thenComparing(placed -> placed.source)
                    .thenComparingInt(placed -> placed.index);

    /** A Service and where it was read: the object, and the place among its hosts. */
    private record Placed(Service service, String source, int index) {}

    /**
     * What was read from one object.
     *
     * @param pods keys of the pods that were looked up
     * @param nodes names of nodes likewise
     */
    private record Entry(List<Placed> services, Set<String> pods, Set<String> nodes) {}

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, TreeMap<String, KubeObject>> slices = new HashMap<>();
    private MeshSnapshot seen = new MeshSnapshot("", Map.of());
    private MeshConfig mesh = MeshConfig.DEFAULT;
    private List<Placed> placed = List.of();
    private List<Service> services = List.of();

    /** Every Service, oldest first; the same list as long as nothing changed. */
    List<Service> services() {
        return services;
    }

    /** Takes the present objects. */
    void update(MeshSnapshot snapshot, MeshConfig config) {
        if (!config.equals(mesh)) {
            mesh = config;
            entries.clear();
            slices.clear();
            placed = List.of();
            services = List.of();
            seen = new MeshSnapshot("", Map.of());
        }
        Set<String> dirty = dirty(snapshot);
        seen = snapshot;
        if (dirty.isEmpty()) {
            return;
        }
        ServiceRegistry registry = new ServiceRegistry(mesh, new Workloads(snapshot, mesh));
        Set<Placed> removed = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Placed> added = new ArrayList<>();
        for (String source : dirty) {
            Entry before = entries.remove(source);
            Entry now = read(registry, snapshot, source);
            if (now != null) {
                entries.put(source, now);
            }
            if (before != null && now != null && before.services.equals(now.services)) {
                entries.put(source, new Entry(before.services, now.pods, now.nodes));
                continue;
            }
            if (before != null) {
                removed.addAll(before.services);
            }
            if (now != null) {
                added.addAll(now.services);
            }
        }
        if (!removed.isEmpty() || !added.isEmpty()) {
            placed = Sequences.edit(placed, removed, added, ORDER);
            services = SharedHosts.merge(placed.stream().map(Placed::service).toList());
        }
    }

    private Set<String> dirty(MeshSnapshot snapshot) {
        Set<String> dirty = new LinkedHashSet<>();
        changed(snapshot, "services").forEach(key -> dirty.add("Service/" + key));
        changed(snapshot, ENTRIES).forEach(key -> dirty.add("ServiceEntry/" + key));
        for (String key : changed(snapshot, SLICES)) {
            KubeObject before = seen.all(SLICES).find(key);
            if (before != null) {
                String service = serviceOf(before);
                TreeMap<String, KubeObject> known = slices.get(service);
                if (known != null) {
                    known.remove(key);
                    if (known.isEmpty()) {
                        slices.remove(service);
                    }
                }
                dirty.add("Service/" + service);
            }
            KubeObject now = snapshot.all(SLICES).find(key);
            if (now != null) {
                String service = serviceOf(now);
                slices.computeIfAbsent(service, s -> new TreeMap<>()).put(key, now);
                dirty.add("Service/" + service);
            }
        }
        Set<String> pods = changed(snapshot, "pods");
        Set<String> nodes = new HashSet<>();
        changed(snapshot, "nodes").forEach(key -> nodes.add(key.substring(key.indexOf('/') + 1)));
        Set<String> namespaces = new HashSet<>();
        pods.forEach(key -> namespaces.add(namespace(key)));
        Set<String> machines = new HashSet<>();
        changed(snapshot, WORKLOADS).forEach(key -> machines.add(namespace(key)));
        namespaces.addAll(machines);
        if (namespaces.isEmpty() && nodes.isEmpty()) {
            return dirty;
        }
        entries.forEach(
                (source, entry) -> {
                    String owner = namespace(source.substring(source.indexOf('/') + 1));
                    boolean selects =
                            entry.services.stream()
                                            .anyMatch(one -> !one.service.selector().isEmpty())
                                    && (source.startsWith("ServiceEntry/")
                                            ? !nodes.isEmpty() || namespaces.contains(owner)
                                            : machines.contains(owner));
                    if (selects
                            || !Collections.disjoint(entry.pods, pods)
                            || !Collections.disjoint(entry.nodes, nodes)) {
                        dirty.add(source);
                    }
                });
        return dirty;
    }

    private Set<String> changed(MeshSnapshot snapshot, String kind) {
        return snapshot.all(kind).changedSince(seen.all(kind));
    }

    private @org.jspecify.annotations.Nullable Entry read(
            ServiceRegistry registry, MeshSnapshot snapshot, String source) {
        int slash = source.indexOf('/');
        String key = source.substring(slash + 1);
        boolean entry = source.startsWith("ServiceEntry/");
        KubeObject object = snapshot.all(entry ? ENTRIES : "services").find(key);
        if (object == null) {
            return null;
        }
        List<KubeObject> own =
                entry ? List.of() : List.copyOf(slices.getOrDefault(key, new TreeMap<>()).values());
        List<Service> read =
                entry ? registry.external(object) : List.of(registry.kubernetes(object, own));
        List<Placed> out = new ArrayList<>(read.size());
        for (int i = 0; i < read.size(); i++) {
            out.add(new Placed(read.get(i), source, i));
        }
        Set<String> pods = new HashSet<>();
        Set<String> nodes = new HashSet<>();
        for (KubeObject slice : own) {
            for (JsonView endpoint : slice.view().list("endpoints")) {
                String name = endpoint.at("targetRef").text("name");
                pods.add(slice.namespace() + "/" + name);
                KubeObject pod = snapshot.all("pods").find(slice.namespace(), name);
                if (pod != null) {
                    nodes.add(pod.spec().text("nodeName"));
                }
            }
        }
        return new Entry(List.copyOf(out), Set.copyOf(pods), Set.copyOf(nodes));
    }

    private static String serviceOf(KubeObject slice) {
        return slice.namespace()
                + "/"
                + slice.labels().getOrDefault("kubernetes.io/service-name", "");
    }

    private static String namespace(String key) {
        return key.substring(0, Math.max(0, key.indexOf('/')));
    }
}
