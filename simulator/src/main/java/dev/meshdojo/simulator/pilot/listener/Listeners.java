package dev.meshdojo.simulator.pilot.listener;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.MergedGateway;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.security.AuthorizationFilters;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import dev.meshdojo.simulator.pilot.security.TlsContexts;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds the listeners of a gateway proxy. */
public final class Listeners {

    private static final int FIRST_UNPRIVILEGED_PORT = 1024;
    private static final String ANY_ADDRESS = "0.0.0.0";
    private static final ListenerFilter TLS_INSPECTOR =
            ListenerFilter.newBuilder()
                    .setName("envoy.filters.listener.tls_inspector")
                    .setTypedConfig(
                            Any.pack(
                                    TlsInspector.newBuilder()
                                            .setInitialReadBufferSize(UInt32Value.of(512))
                                            .build()))
                    .build();
    private static final ListenerFilter PROXY_PROTOCOL =
            ListenerFilter.newBuilder()
                    .setName("envoy.filters.listener.proxy_protocol")
                    .setTypedConfig(Any.pack(ProxyProtocol.getDefaultInstance()))
                    .build();

    private final ProxyIdentity proxy;
    private final Scope scope;
    private final ConnectionManagers managers;
    private final TcpChains tcp;
    private final AccessLogs accessLogs;
    private final boolean proxyProtocol;

    /** A builder for one proxy. */
    public Listeners(ProxyIdentity proxy, MeshModel model, Scope scope, JwksSource keys) {
        this.proxy = proxy;
        this.scope = scope;
        this.accessLogs = AccessLogs.of(model, proxy);
        this.managers = new ConnectionManagers(model, proxy, keys, accessLogs);
        this.tcp = new TcpChains(scope, new AuthorizationFilters(model, proxy).tcp(), accessLogs);
        this.proxyProtocol = ProxyHeaders.of(model.mesh()).proxyProtocol();
    }

    /** The listeners in order of port; ports without any filter chain are not opened. */
    public List<Listener> build(MergedGateway gateway) {
        Map<String, Open> open = new LinkedHashMap<>();
        for (MergedGateway.Port port : gateway.ports()) {
            if (unprivileged() && port.number() < FIRST_UNPRIVILEGED_PORT) {
                continue;
            }
            String address = port.bind().isEmpty() ? ANY_ADDRESS : port.bind();
            Open listener =
                    open.computeIfAbsent(
                            address + "_" + port.number(),
                            name -> new Open(name, address, port.number(), new ArrayList<>()));
            listener.chains().addAll(chains(port, listener.name()));
        }
        return open.values().stream()
                .filter(listener -> !listener.chains().isEmpty())
                .sorted(java.util.Comparator.comparingInt(Open::port).thenComparing(Open::name))
                .map(this::listener)
                .toList();
    }

    private record Open(String name, String address, int port, List<Chain> chains) {}

    private boolean unprivileged() {
        return "true".equals(proxy.environment().get("ISTIO_META_UNPRIVILEGED_POD"));
    }

    private List<Chain> chains(MergedGateway.Port port, String listener) {
        String statPrefix = "outbound_" + listener + ";";
        if (port.protocol().http()) {
            return List.of(
                    new Chain(
                            List.of(),
                            List.of(),
                            null,
                            List.of(managers.filter(port.route(), port.protocol(), statPrefix))));
        }
        List<Chain> out = new ArrayList<>();
        for (GatewayServer server : port.servers()) {
            if (server.httpsTerminated()) {
                String route = MergedGateway.routeName(server, port.number());
                out.add(
                        new Chain(
                                server.sniHosts(),
                                List.of(),
                                TlsContexts.downstream(server, scope),
                                List.of(
                                        managers.filter(
                                                route,
                                                server.protocol(),
                                                server.name().isEmpty()
                                                        ? statPrefix
                                                        : server.name()))));
            } else {
                out.addAll(tcp.of(server, port.number()));
            }
        }
        return out;
    }

    private Listener listener(Open open) {
        Listener.Builder out =
                Listener.newBuilder()
                        .setName(open.name())
                        .setTrafficDirection(TrafficDirection.OUTBOUND)
                        .setMaxConnectionsToAcceptPerSocketEvent(UInt32Value.of(1))
                        .addAllAccessLog(accessLogs.forListener());
        out.getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(open.address())
                .setPortValue(open.port());
        if (proxyProtocol) {
            out.addListenerFilters(PROXY_PROTOCOL);
        }
        if (open.chains().stream().anyMatch(Chain::needsInspector)) {
            out.addListenerFilters(TLS_INSPECTOR);
        }
        open.chains().forEach(chain -> out.addFilterChains(chain.build()));
        return out.build();
    }
}
