package dev.meshdojo.gateway.listener;

import com.google.protobuf.Any;
import dev.meshdojo.gateway.http.HttpCompiler;
import dev.meshdojo.gateway.listener.FilterChain.Terminal;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.tcp.TcpConfig;
import dev.meshdojo.gateway.telemetry.AccessLog;
import dev.meshdojo.gateway.tls.DownstreamTls;
import dev.meshdojo.gateway.tls.SecretStore;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Compiles listeners, or says why a listener cannot be run. */
final class ListenerCompiler {

    private final HttpCompiler http;
    private final InstantSource clock;

    ListenerCompiler(HttpCompiler http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    ListenerConfig compile(Listener proto, SecretStore secrets) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        addresses.add(address(proto, proto.getAddress()));
        for (var more : proto.getAdditionalAddressesList()) {
            addresses.add(address(proto, more.getAddress()));
        }
        if (proto.getFilterChainsCount() == 0 && !proto.hasDefaultFilterChain()) {
            throw new InvalidConfigException(
                    "error adding listener '"
                            + text(addresses.getFirst())
                            + "': no filter chains specified");
        }
        boolean outbound = proto.getTrafficDirection() == TrafficDirection.OUTBOUND;
        List<FilterChain> chains = new ArrayList<>();
        Map<FilterChainMatch, String> seen = new HashMap<>();
        for (var chain : proto.getFilterChainsList()) {
            String clash = seen.putIfAbsent(chain.getFilterChainMatch(), chain.getName());
            if (clash != null) {
                throw new InvalidConfigException(
                        "error adding listener '"
                                + text(addresses.getFirst())
                                + "': filter chain '"
                                + chain.getName()
                                + "' has the same matching rules defined as '"
                                + clash
                                + "'");
            }
            chains.add(chain(chain, secrets, outbound));
        }
        FilterChain fallback =
                proto.hasDefaultFilterChain()
                        ? chain(proto.getDefaultFilterChain(), secrets, outbound)
                        : null;
        boolean inspect =
                chains.stream()
                        .anyMatch(
                                chain ->
                                        chain.match().needsInspection()
                                                || (chain.tls() != null
                                                        && chain.tls().needsHello()));
        ProxyRules proxyProtocol = null;
        for (ListenerFilter filter : proto.getListenerFiltersList()) {
            switch (filter.getName()) {
                case "envoy.filters.listener.tls_inspector" -> inspect = true;
                case "envoy.filters.listener.proxy_protocol" -> {
                    proxyProtocol = ProxyRules.compile(filter.getTypedConfig());
                }
                case "envoy.filters.listener.http_inspector",
                        "envoy.filters.listener.original_dst",
                        "envoy.filters.listener.original_src" -> {}
                default ->
                        throw new InvalidConfigException(
                                "Didn't find a registered implementation for '"
                                        + filter.getName()
                                        + "' with type URL: '"
                                        + shortType(filter.getTypedConfig())
                                        + "'");
            }
        }
        return new ListenerConfig(
                proto,
                addresses,
                chains,
                fallback,
                proxyProtocol,
                inspect,
                proto.hasListenerFiltersTimeout()
                        ? millis(proto.getListenerFiltersTimeout())
                        : 15_000,
                proto.getContinueOnListenerFiltersTimeout(),
                AccessLog.compileAll(proto.getAccessLogList()));
    }

    private static InetSocketAddress address(Listener proto, Address address) {
        if (!address.hasSocketAddress()) {
            throw new InvalidConfigException(
                    "error adding listener named '"
                            + proto.getName()
                            + "': address is necessary and must be a socket address");
        }
        var socket = address.getSocketAddress();
        try {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(socket.getAddress()), socket.getPortValue());
        } catch (IllegalArgumentException e) {
            throw new InvalidConfigException("malformed IP address: " + socket.getAddress());
        }
    }

    static String text(InetSocketAddress address) {
        return AddressText.of(address);
    }

    private FilterChain chain(
            io.envoyproxy.envoy.config.listener.v3.FilterChain proto,
            SecretStore secrets,
            boolean outbound) {
        DownstreamTls tls = null;
        if (proto.hasTransportSocket()) {
            String name = proto.getTransportSocket().getName();
            Any config = proto.getTransportSocket().getTypedConfig();
            if (config.getTypeUrl().endsWith("tls.v3.DownstreamTlsContext")) {
                tls = DownstreamTls.compile(config, secrets);
            } else if (!name.endsWith("raw_buffer")) {
                throw new InvalidConfigException(
                        "Didn't find a registered implementation for '"
                                + name
                                + "' with type URL: '"
                                + shortType(config)
                                + "'");
            }
        }
        List<NetworkFilter> checks = new ArrayList<>();
        Terminal terminal = null;
        for (Filter filter : proto.getFiltersList()) {
            if (terminal != null) {
                throw new InvalidConfigException(
                        "Error: terminal filter named "
                                + proto.getFilters(0).getName()
                                + " must be the last filter in a network filter chain.");
            }
            terminal = terminal(filter, outbound);
            if (terminal == null) {
                checks.add(NetworkCatalog.compile(filter, clock));
            }
        }
        if (terminal == null) {
            throw new InvalidConfigException(
                    "Error: non-terminal filter chain "
                            + proto.getName()
                            + ": the last network filter must be terminal");
        }
        return new FilterChain(
                proto,
                ChainMatch.compile(proto.getFilterChainMatch()),
                tls,
                millis(proto.getTransportSocketConnectTimeout()),
                new NetworkFilters(checks),
                terminal);
    }

    private @Nullable Terminal terminal(Filter filter, boolean outbound) {
        String type = filter.getTypedConfig().getTypeUrl();
        if (type.endsWith("http_connection_manager.v3.HttpConnectionManager")) {
            return new FilterChain.Http(http.compile(filter.getTypedConfig(), outbound));
        }
        if (type.endsWith("tcp_proxy.v3.TcpProxy")) {
            return new FilterChain.Tcp(TcpConfig.compile(filter.getTypedConfig()));
        }
        return null;
    }

    static String shortType(Any any) {
        return any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
    }

    private static long millis(com.google.protobuf.Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }
}
