package dev.meshdojo.simulator.pilot.envoyfilter;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Patches of listeners and what is in them. */
final class ListenerPatches {

    private static final String HTTP = "envoy.filters.network.http_connection_manager";

    private final List<Patch> patches;
    private final Map<String, Any> extensions = new HashMap<>();

    ListenerPatches(List<Patch> patches) {
        this.patches = patches;
        for (Patch patch : of("EXTENSION_CONFIG")) {
            TypedExtensionConfig value = (TypedExtensionConfig) patch.value();
            if (patch.is("ADD")) {
                extensions.put(value.getName(), value.getTypedConfig());
            }
        }
    }

    private List<Patch> of(String applyTo) {
        return patches.stream().filter(patch -> patch.applyTo().equals(applyTo)).toList();
    }

    List<Listener> apply(List<Listener> listeners) {
        List<Listener> out = new ArrayList<>();
        for (Listener listener : listeners) {
            Listener patched = listener(listener);
            if (patched != null) {
                out.add(patched);
            }
        }
        for (Patch patch : of("LISTENER")) {
            if (patch.is("ADD")) {
                out.add((Listener) patch.value());
            }
        }
        return out;
    }

    private @Nullable Listener listener(Listener listener) {
        Listener.Builder out = listener.toBuilder();
        for (Patch patch : of("LISTENER")) {
            if (!matches(listener, patch)) {
                continue;
            }
            if (patch.is("REMOVE")) {
                return null;
            }
            if (patch.is("MERGE")) {
                ProtoValues.merge(out, patch.value());
            }
        }
        listenerFilters(out);
        chains(out);
        return out.build();
    }

    private static boolean matches(Listener listener, Patch patch) {
        JsonView match = patch.listener();
        String name = match.text("name");
        int port = match.integer("portNumber");
        return (name.isEmpty() || name.equals(listener.getName()))
                && (port == 0 || port == listener.getAddress().getSocketAddress().getPortValue());
    }

    private void listenerFilters(Listener.Builder out) {
        Listener listener = out.build();
        for (Patch patch : of("LISTENER_FILTER")) {
            if (!matches(listener, patch)) {
                continue;
            }
            String name = patch.listener().text("listenerFilter");
            ListenerFilter value = (ListenerFilter) patch.value();
            List<ListenerFilter> next = out.getListenerFiltersList();
            if (patch.is("MERGE")) {
                next =
                        next.stream()
                                .map(
                                        filter ->
                                                filter.getName().equals(name)
                                                        ? merged(filter, value)
                                                        : filter)
                                .toList();
            } else {
                next =
                        PatchList.apply(
                                next,
                                patch,
                                value,
                                !name.isEmpty(),
                                filter -> filter.getName().equals(name));
            }
            List<ListenerFilter> copy = List.copyOf(next);
            out.clearListenerFilters().addAllListenerFilters(copy);
        }
    }

    private static ListenerFilter merged(ListenerFilter filter, ListenerFilter value) {
        return filter.hasTypedConfig() && value.hasTypedConfig()
                ? filter.toBuilder()
                        .setTypedConfig(
                                ProtoValues.merge(filter.getTypedConfig(), value.getTypedConfig()))
                        .build()
                : filter;
    }

    private void chains(Listener.Builder out) {
        Listener listener = out.build();
        List<FilterChain> chains = new ArrayList<>();
        for (FilterChain chain : listener.getFilterChainsList()) {
            FilterChain patched = chain(listener, chain);
            if (patched != null) {
                chains.add(patched);
            }
        }
        if (listener.hasDefaultFilterChain()) {
            FilterChain patched = chain(listener, listener.getDefaultFilterChain());
            if (patched == null) {
                out.clearDefaultFilterChain();
            } else {
                out.setDefaultFilterChain(patched);
            }
        }
        for (Patch patch : of("FILTER_CHAIN")) {
            FilterChain added = (FilterChain) patch.value();
            if (patch.is("ADD") && matches(listener, patch) && added.getFiltersCount() > 0) {
                chains.add(added);
            }
        }
        out.clearFilterChains().addAllFilterChains(chains);
    }

    private @Nullable FilterChain chain(Listener listener, FilterChain chain) {
        FilterChain.Builder out = chain.toBuilder();
        for (Patch patch : of("FILTER_CHAIN")) {
            if (!matches(listener, patch) || !matches(chain, patch)) {
                continue;
            }
            if (patch.is("REMOVE")) {
                return null;
            }
            if (patch.is("MERGE")) {
                merge(out, (FilterChain) patch.value());
            }
        }
        networkFilters(listener, out);
        return out.build();
    }

    private static void merge(FilterChain.Builder out, FilterChain value) {
        boolean sameSocket =
                value.hasTransportSocket()
                        && out.hasTransportSocket()
                        && value.getTransportSocket()
                                .getName()
                                .equals(out.getTransportSocket().getName());
        if (sameSocket) {
            out.getTransportSocketBuilder()
                    .setTypedConfig(
                            ProtoValues.merge(
                                    out.getTransportSocket().getTypedConfig(),
                                    value.getTransportSocket().getTypedConfig()));
        } else {
            ProtoValues.merge(out, value);
        }
    }

    private static boolean matches(FilterChain chain, Patch patch) {
        JsonView match = patch.chain();
        FilterChainMatch own = chain.getFilterChainMatch();
        String protocols = match.text("applicationProtocols");
        int port = match.integer("destinationPort");
        return agrees(match.text("name"), chain.getName())
                && (match.text("sni").isEmpty()
                        || own.getServerNamesList().contains(match.text("sni")))
                && agrees(match.text("transportProtocol"), own.getTransportProtocol())
                && (protocols.isEmpty()
                        || own.getApplicationProtocolsList()
                                .containsAll(Arrays.asList(protocols.split(",", -1))))
                && (port == 0 || port == own.getDestinationPort().getValue());
    }

    private static boolean agrees(String wanted, String own) {
        return wanted.isEmpty() || wanted.equals(own);
    }

    private void networkFilters(Listener listener, FilterChain.Builder out) {
        FilterChain chain = out.build();
        for (Patch patch : of("NETWORK_FILTER")) {
            if (matches(listener, patch) && matches(chain, patch) && !patch.is("MERGE")) {
                List<Filter> next =
                        PatchList.apply(
                                out.getFiltersList(),
                                patch,
                                (Filter) patch.value(),
                                patch.networkFilter().present(),
                                filter -> names(patch, filter));
                out.clearFilters().addAllFilters(next);
            }
        }
        for (int i = 0; i < out.getFiltersCount(); i++) {
            out.setFilters(i, networkFilter(listener, chain, out.getFilters(i)));
        }
    }

    private static boolean names(Patch patch, Filter filter) {
        return !patch.networkFilter().present()
                || patch.networkFilter().text("name").equals(filter.getName());
    }

    private static boolean names(Patch patch, HttpFilter filter) {
        return !patch.httpFilter().present()
                || patch.httpFilter().text("name").equals(filter.getName());
    }

    private Filter networkFilter(Listener listener, FilterChain chain, Filter filter) {
        Filter.Builder out = filter.toBuilder();
        for (Patch patch : of("NETWORK_FILTER")) {
            boolean merges =
                    patch.is("MERGE")
                            && matches(listener, patch)
                            && matches(chain, patch)
                            && names(patch, filter)
                            && out.hasTypedConfig();
            if (merges) {
                Filter value = (Filter) patch.value();
                if (!value.getName().isEmpty()) {
                    out.setName(value.getName());
                }
                if (value.hasTypedConfig()) {
                    out.setTypedConfig(
                            ProtoValues.merge(out.getTypedConfig(), value.getTypedConfig()));
                }
            }
        }
        if (out.getName().equals(HTTP) && out.hasTypedConfig()) {
            httpFilters(listener, chain, out);
        }
        return out.build();
    }

    private void httpFilters(Listener listener, FilterChain chain, Filter.Builder filter) {
        HttpConnectionManager.Builder manager;
        try {
            manager = filter.getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
        } catch (InvalidProtocolBufferException e) {
            return;
        }
        Filter own = filter.build();
        List<Patch> concerned =
                of("HTTP_FILTER").stream()
                        .filter(patch -> matches(listener, patch) && matches(chain, patch))
                        .filter(patch -> names(patch, own))
                        .toList();
        for (Patch patch : concerned) {
            if (!patch.is("MERGE")) {
                List<HttpFilter> next =
                        PatchList.apply(
                                manager.getHttpFiltersList(),
                                patch,
                                (HttpFilter) patch.value(),
                                patch.httpFilter().present(),
                                candidate -> names(patch, candidate));
                manager.clearHttpFilters().addAllHttpFilters(next);
            }
        }
        for (int i = 0; i < manager.getHttpFiltersCount(); i++) {
            manager.setHttpFilters(i, httpFilter(concerned, manager.getHttpFilters(i)));
        }
        filter.setTypedConfig(Any.pack(manager.build()));
    }

    private HttpFilter httpFilter(List<Patch> concerned, HttpFilter filter) {
        HttpFilter.Builder out = filter.toBuilder();
        for (Patch patch : concerned) {
            if (patch.is("MERGE") && names(patch, filter) && out.hasTypedConfig()) {
                HttpFilter value = (HttpFilter) patch.value();
                if (!value.getName().isEmpty()) {
                    out.setName(value.getName());
                }
                if (value.hasTypedConfig()) {
                    out.setTypedConfig(
                            ProtoValues.merge(out.getTypedConfig(), value.getTypedConfig()));
                }
            }
        }
        Any extension = extensions.get(out.getName());
        if (out.hasConfigDiscovery() && extension != null) {
            out.setTypedConfig(extension);
        }
        return out.build();
    }
}
