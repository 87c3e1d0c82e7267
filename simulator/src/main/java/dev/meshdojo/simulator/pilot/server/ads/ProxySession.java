package dev.meshdojo.simulator.pilot.server.ads;

import com.google.protobuf.Message;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.server.ads.SyncStatus.TypeStatus;
import io.envoyproxy.controlplane.cache.ConfigWatcher;
import io.envoyproxy.controlplane.cache.DeltaResponse;
import io.envoyproxy.controlplane.cache.DeltaWatch;
import io.envoyproxy.controlplane.cache.DeltaXdsRequest;
import io.envoyproxy.controlplane.cache.Response;
import io.envoyproxy.controlplane.cache.VersionedResource;
import io.envoyproxy.controlplane.cache.Watch;
import io.envoyproxy.controlplane.cache.WatchCancelledException;
import io.envoyproxy.controlplane.cache.XdsRequest;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One proxy's stream: what it was told, and what it waits for. The newest translation is pushed
 * type by type, clusters first; a type whose last response is not answered yet follows later. A
 * proxy that refuses a response gets the next one when there is something new. Thread-safe.
 */
final class ProxySession implements ConfigWatcher {

    private final Map<XdsType, Versioned> states = new EnumMap<>(XdsType.class);
    private final Map<XdsType, OpenWatch> open = new EnumMap<>(XdsType.class);
    private final Map<XdsType, String> sentVersions = new EnumMap<>(XdsType.class);
    private final Map<String, TypeStatus> statuses = new TreeMap<>();

    private sealed interface OpenWatch {
        boolean answer(Versioned state);
    }

    private Versioned state(XdsType type) {
        return states.getOrDefault(type, Versioned.NONE);
    }

    /** Takes a new translation and sends what the proxy waits for. */
    synchronized void push(XdsSnapshot snapshot) {
        String version = snapshot.version();
        for (XdsType type : XdsType.values()) {
            Set<String> renewed = type == XdsType.ENDPOINT ? renewedEndpoints(version) : Set.of();
            states.put(type, state(type).next(version, type.of(snapshot), renewed));
        }
        for (XdsType type : XdsType.values()) {
            OpenWatch watch = open.get(type);
            if (watch != null && watch.answer(state(type))) {
                open.remove(type);
            }
        }
    }

    /** A cluster that changed waits for its endpoints anew, also when those did not change. */
    private Set<String> renewedEndpoints(String version) {
        Set<String> names = new HashSet<>();
        for (VersionedResource<? extends Message> resource :
                state(XdsType.CLUSTER).resources().values()) {
            if (resource.version().equals(version)
                    && resource.resource() instanceof Cluster cluster) {
                String service = cluster.getEdsClusterConfig().getServiceName();
                names.add(service.isEmpty() ? cluster.getName() : service);
            }
        }
        return names;
    }

    @Override
    public synchronized Watch createWatch(
            boolean ads,
            XdsRequest request,
            Set<String> knownResourceNames,
            Consumer<Response> responseConsumer,
            boolean hasClusterChanged,
            boolean allowDefaultEmptyEdsUpdate) {
        Watch watch = new Watch(ads, allowDefaultEmptyEdsUpdate, request, responseConsumer);
        XdsType type = XdsType.of(request.getTypeUrl());
        if (type != null) {
            hold(type, new StateWatch(type, watch, Set.copyOf(knownResourceNames)));
            watch.setStop(() -> dropped(type, watch));
        }
        return watch;
    }

    @Override
    public synchronized DeltaWatch createDeltaWatch(
            DeltaXdsRequest request,
            String requesterVersion,
            Map<String, String> resourceVersions,
            Set<String> pendingResources,
            boolean isWildcard,
            Consumer<DeltaResponse> responseConsumer,
            boolean hasClusterChanged) {
        Map<String, String> known = new LinkedHashMap<>(resourceVersions);
        if (requesterVersion.isEmpty()) {
            known.putAll(request.getInitialResourceVersionsMap());
        }
        DeltaWatch watch =
                new DeltaWatch(
                        request,
                        Map.copyOf(known),
                        Set.copyOf(pendingResources),
                        requesterVersion,
                        isWildcard,
                        responseConsumer);
        XdsType type = XdsType.of(request.getTypeUrl());
        if (type != null) {
            hold(type, new ChangesWatch(type, watch));
            watch.setStop(() -> dropped(type, watch));
        }
        return watch;
    }

    private void hold(XdsType type, OpenWatch watch) {
        open.remove(type);
        if (!watch.answer(state(type))) {
            open.put(type, watch);
        }
    }

    @SuppressWarnings("ReferenceEquality") // another watch of the type may have come since
    private synchronized void dropped(XdsType type, Object watch) {
        OpenWatch now = open.get(type);
        boolean same =
                switch (now) {
                    case StateWatch state -> state.watch == watch;
                    case ChangesWatch changes -> changes.watch == watch;
                    case null -> false;
                };
        if (same) {
            open.remove(type);
        }
    }

    /** A state-of-the-world request that is not answered yet. */
    private final class StateWatch implements OpenWatch {
        private final XdsType type;
        private final Watch watch;
        private final Set<String> known;

        StateWatch(XdsType type, Watch watch, Set<String> known) {
            this.type = type;
            this.watch = watch;
            this.known = known;
        }

        @Override
        public boolean answer(Versioned state) {
            List<Message> served = served(state);
            if (state.version().isEmpty() || !due(state, served)) {
                return false;
            }
            sentVersions.put(type, state.version());
            return respond(
                    () -> watch.respond(Response.create(watch.request(), served, state.version())));
        }

        private List<Message> served(Versioned state) {
            List<String> names = watch.request().getResourceNamesList();
            List<Message> served = new ArrayList<>();
            if (names.isEmpty() && type.wildcard()) {
                state.resources().values().forEach(each -> served.add(each.resource()));
                return served;
            }
            for (String name : names) {
                VersionedResource<? extends Message> found = state.resources().get(name);
                if (found != null) {
                    served.add(found.resource());
                }
            }
            return served;
        }

        private boolean due(Versioned state, List<Message> served) {
            if (watch.request().hasErrorDetail()) {
                return !state.version().equals(sentVersions.get(type));
            }
            List<String> names = watch.request().getResourceNamesList();
            if (names.isEmpty() && type.wildcard()) {
                return !state.version().equals(watch.request().getVersionInfo());
            }
            if (served.isEmpty()) {
                return false;
            }
            return !state.version().equals(watch.request().getVersionInfo())
                    || names.stream()
                            .anyMatch(
                                    name ->
                                            state.resources().containsKey(name)
                                                    && !known.contains(name));
        }
    }

    /** A request for changes that is not answered yet. */
    private final class ChangesWatch implements OpenWatch {
        private final XdsType type;
        private final DeltaWatch watch;

        ChangesWatch(XdsType type, DeltaWatch watch) {
            this.type = type;
            this.watch = watch;
        }

        @Override
        public boolean answer(Versioned state) {
            boolean first = !sentVersions.containsKey(type);
            boolean refused =
                    watch.request().hasErrorDetail()
                            && state.version().equals(sentVersions.get(type));
            if (state.version().isEmpty() || refused) {
                return false;
            }
            Map<String, VersionedResource<? extends Message>> changed = new LinkedHashMap<>();
            state.resources()
                    .forEach(
                            (name, resource) -> {
                                if (wanted(name, resource.version())) {
                                    changed.put(name, resource);
                                }
                            });
            List<String> removed =
                    watch.trackedResources().keySet().stream()
                            .filter(name -> !state.resources().containsKey(name))
                            .sorted()
                            .toList();
            if (changed.isEmpty() && removed.isEmpty() && !(first && type.wildcard())) {
                return false;
            }
            sentVersions.put(type, state.version());
            return respond(
                    () ->
                            watch.respond(
                                    DeltaResponse.create(
                                            watch.request(), changed, removed, state.version())));
        }

        private boolean wanted(String name, String version) {
            String tracked = watch.trackedResources().get(name);
            if (watch.pendingResources().contains(name)) {
                return true;
            }
            return tracked == null ? watch.isWildcard() : !tracked.equals(version);
        }
    }

    private interface Answer {
        void send() throws WatchCancelledException;
    }

    /** Whether the watch is over. */
    private static boolean respond(Answer answer) {
        try {
            answer.send();
        } catch (WatchCancelledException e) {
            return true; // a newer request took its place
        }
        return true;
    }

    /** Notes a request. */
    synchronized void asked(String typeUrl, String nonce, @Nullable String error) {
        TypeStatus status = statuses.getOrDefault(typeUrl, TypeStatus.NONE);
        if (error != null) {
            status = status.withError(error);
        } else if (!nonce.isEmpty()) {
            status = status.withAcked(nonce);
        }
        statuses.put(typeUrl, status);
    }

    /** Notes a response. */
    synchronized void sent(String typeUrl, String nonce, Instant at) {
        statuses.put(typeUrl, statuses.getOrDefault(typeUrl, TypeStatus.NONE).withSent(nonce, at));
    }

    /** How far the proxy has come, by type URL. */
    synchronized Map<String, TypeStatus> statuses() {
        return Map.copyOf(statuses);
    }
}
