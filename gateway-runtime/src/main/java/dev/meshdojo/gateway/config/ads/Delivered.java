package dev.meshdojo.gateway.config.ads;

import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What was delivered, and what of it may be used. A cluster waits for its endpoints and secrets, a
 * listener for its routes and secrets; until these are there the former resource of that name stays
 * in use, as in Envoy, which calls this warming. Not thread-safe.
 */
final class Delivered {

    private final XdsSnapshot fixed;
    private final Map<ResourceType, Map<String, Message>> received =
            new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Map<String, Message>> active =
            new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Set<String>> present = new EnumMap<>(ResourceType.class);
    private final Map<ResourceType, Set<String>> broken = new EnumMap<>(ResourceType.class);
    private IdentityHashMap<Message, Set<References>> references = new IdentityHashMap<>();

    /**
     * @param fixed resources that are there without being delivered
     */
    Delivered(XdsSnapshot fixed) {
        this.fixed = fixed;
        for (ResourceType type : ResourceType.values()) {
            received.put(type, new LinkedHashMap<>());
            active.put(type, new LinkedHashMap<>());
            present.put(type, new HashSet<>());
            broken.put(type, new HashSet<>());
        }
    }

    private Map<String, Message> received(ResourceType type) {
        return received.getOrDefault(type, Map.of());
    }

    private Map<String, Message> active(ResourceType type) {
        return active.getOrDefault(type, Map.of());
    }

    private Set<String> present(ResourceType type) {
        return present.getOrDefault(type, Set.of());
    }

    private Set<String> broken(ResourceType type) {
        return broken.getOrDefault(type, Set.of());
    }

    /** Takes a response: all there is of a type, or some of the resources that were asked for. */
    void deliver(ResourceType type, Collection<Message> resources) {
        Map<String, Message> now = received(type);
        if (type.wildcard()) {
            Map<String, Message> before = new LinkedHashMap<>(now);
            now.clear();
            for (Message resource : resources) {
                String name = type.name(resource);
                Message old = before.get(name);
                now.put(name, resource.equals(old) ? old : resource);
            }
            broken(type).clear();
            active(type).keySet().retainAll(now.keySet());
        } else {
            Set<String> wanted = names(type);
            for (Message resource : resources) {
                if (wanted.contains(type.name(resource))) {
                    now.put(type.name(resource), resource);
                }
            }
        }
    }

    /** Everything that listeners and clusters need, those on their way out included. */
    Set<References> wanted() {
        IdentityHashMap<Message, Set<References>> next = new IdentityHashMap<>();
        Set<References> wanted = new LinkedHashSet<>();
        List<Collection<? extends Message>> owners =
                List.of(
                        fixed.clusters(),
                        fixed.listeners(),
                        received(ResourceType.CLUSTER).values(),
                        active(ResourceType.CLUSTER).values(),
                        received(ResourceType.LISTENER).values(),
                        active(ResourceType.LISTENER).values());
        for (Collection<? extends Message> some : owners) {
            for (Message owner : some) {
                Set<References> known = references.get(owner);
                Set<References> needs = known == null ? References.of(owner) : known;
                next.put(owner, needs);
                wanted.addAll(needs);
            }
        }
        references = next;
        return wanted;
    }

    /** The names of a type that are wanted, sorted. */
    Set<String> names(ResourceType type) {
        Set<String> names = new TreeSet<>();
        for (References each : wanted()) {
            if (each.type() == type) {
                names.add(each.name());
            }
        }
        return names;
    }

    /** Forgets what nobody wants any more. */
    void prune() {
        for (ResourceType type : ResourceType.values()) {
            if (!type.wildcard()) {
                Set<String> names = names(type);
                received(type).keySet().retainAll(names);
                present(type).retainAll(names);
            }
        }
    }

    /** Nobody waits for that resource any longer. */
    void giveUp(References reference) {
        present(reference.type()).add(reference.name());
    }

    /** Whether the resource was delivered, or waited for in vain. */
    boolean settled(References reference) {
        return present(reference.type()).contains(reference.name());
    }

    private boolean ready(Message resource) {
        Set<References> known = references.get(resource);
        return (known == null ? References.of(resource) : known).stream().allMatch(this::settled);
    }

    /** The clusters and listeners that wait for something. */
    boolean warming(ResourceType type) {
        return received(type).entrySet().stream()
                .anyMatch(each -> !broken(type).contains(each.getKey()) && !ready(each.getValue()));
    }

    /** Those that wait and were never looked at, for checking. */
    XdsSnapshot unchecked(ResourceType type) {
        List<Message> waiting = new ArrayList<>();
        received(type)
                .forEach(
                        (name, resource) -> {
                            if (!ready(resource) && !resource.equals(active(type).get(name))) {
                                waiting.add(resource);
                            }
                        });
        return snapshot(
                "",
                type == ResourceType.CLUSTER ? waiting : List.of(),
                type == ResourceType.LISTENER ? waiting : List.of());
    }

    /** What a check refused is handed on as it is, to be refused and shown. */
    void refused(ResourceType type, Collection<String> names) {
        broken(type).addAll(names);
    }

    /** What may be used now. */
    XdsSnapshot usable(String version) {
        return snapshot(version, usable(ResourceType.CLUSTER), usable(ResourceType.LISTENER));
    }

    private List<Message> usable(ResourceType type) {
        List<Message> all = new ArrayList<>();
        received(type)
                .forEach(
                        (name, resource) -> {
                            Message now =
                                    ready(resource) || broken(type).contains(name)
                                            ? resource
                                            : active(type).get(name);
                            if (now != null) {
                                all.add(now);
                            }
                        });
        return all;
    }

    /**
     * Notes what the proxy took.
     *
     * @return whether something that waited may be used now
     */
    boolean applied(XdsSnapshot snapshot, Acknowledgement acknowledgement) {
        Map<ResourceType, Set<String>> refused = new EnumMap<>(ResourceType.class);
        for (Acknowledgement.Rejection rejection : acknowledgement.rejections()) {
            ResourceType type = ResourceType.of(rejection.typeUrl());
            if (type != null) {
                refused.computeIfAbsent(type, each -> new HashSet<>()).add(rejection.resource());
            }
        }
        boolean waited = warming(ResourceType.CLUSTER) || warming(ResourceType.LISTENER);
        boolean more = false;
        note(ResourceType.CLUSTER, snapshot.clusters(), refused.get(ResourceType.CLUSTER));
        note(ResourceType.LISTENER, snapshot.listeners(), refused.get(ResourceType.LISTENER));
        for (ResourceType type : ResourceType.values()) {
            if (!type.wildcard()) {
                Set<String> bad = refused.getOrDefault(type, Set.of());
                for (String name : received(type).keySet()) {
                    more |= !bad.contains(name) && present(type).add(name);
                }
            }
        }
        return more && waited;
    }

    private void note(
            ResourceType type, List<? extends Message> taken, @Nullable Set<String> refused) {
        for (Message resource : taken) {
            String name = type.name(resource);
            if (received(type).containsKey(name) && (refused == null || !refused.contains(name))) {
                active(type).put(name, resource);
            }
        }
    }

    private XdsSnapshot snapshot(String version, List<Message> clusters, List<Message> listeners) {
        return new XdsSnapshot(
                version,
                joined(fixed.listeners(), listeners, Listener.class),
                joined(List.of(), received(ResourceType.ROUTE).values(), RouteConfiguration.class),
                joined(fixed.clusters(), clusters, Cluster.class),
                joined(
                        List.of(),
                        received(ResourceType.ENDPOINT).values(),
                        ClusterLoadAssignment.class),
                joined(fixed.secrets(), received(ResourceType.SECRET).values(), Secret.class));
    }

    private static <T> List<T> joined(List<T> first, Collection<Message> second, Class<T> type) {
        List<T> all = new ArrayList<>(first);
        second.forEach(each -> all.add(type.cast(each)));
        return all;
    }
}
