package dev.meshdojo.simulator.pilot.route;

import com.google.protobuf.BoolValue;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.model.GatewayServer;
import dev.meshdojo.simulator.pilot.model.Hosts;
import dev.meshdojo.simulator.pilot.model.KubeObject;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.model.Scope;
import dev.meshdojo.simulator.pilot.model.Sequences;
import dev.meshdojo.simulator.pilot.model.TrackedScope;
import dev.meshdojo.simulator.pilot.model.VirtualService;
import dev.meshdojo.simulator.pilot.route.HostEntry.Part;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The virtual hosts of one route table. Each VirtualService adds routes to the hosts that it shares
 * with the table's servers; hosts with the very same routes become one virtual host, named after
 * the first. When a VirtualService changes, its own routes are built anew and the hosts that have
 * to do with it are put together again; so are the routes of those whose destinations changed.
 */
final class VirtualHosts {

    private static final int MAX_DIRECT_RESPONSE_BYTES = 1024 * 1024;
    private static final Comparator<VirtualService> BY_AGE =
            Comparator.comparing(VirtualService::object, KubeObject.BY_AGE);

    /** A server with its place in the table. */
    private record Numbered(int index, GatewayServer server) {}

    /** Routes of a VirtualService on one server. */
    private record Attachment(int server, List<String> domains, List<Route> routes) {}

    /** All that a VirtualService adds, and what that depends on. */
    private record Contribution(List<Attachment> attachments, List<TrackedScope.Read> reads) {
        boolean holds(Scope scope) {
            return reads.stream().allMatch(read -> read.holds(scope));
        }
    }

    /** What one Gateway adds to the table. */
    private static final class Source {
        private final List<Numbered> servers = new ArrayList<>();
        private final IdentityHashMap<VirtualService, Contribution> contributions =
                new IdentityHashMap<>();
        private List<VirtualService> bound = List.of();
    }

    /** Hosts with the same routes, most specific first. */
    private static final class Group {
        private final TreeSet<String> domains = new TreeSet<>(Hosts.MOST_SPECIFIC_FIRST);
        private @Nullable VirtualHost built;
    }

    private final ProxyIdentity proxy;
    private final String name;
    private final List<GatewayServer> servers;
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final Map<String, Integer> redirects = new HashMap<>();
    private final Map<String, HostEntry> hosts = new HashMap<>();
    private final Map<HostEntry.Fingerprint, Group> groups = new HashMap<>();
    private final TreeMap<String, VirtualHost> byName = new TreeMap<>();
    private final Set<String> touched = new LinkedHashSet<>();
    private @Nullable Scope last;
    private @Nullable RouteConfiguration built;

    VirtualHosts(ProxyIdentity proxy, String name, List<GatewayServer> servers) {
        this.proxy = proxy;
        this.name = name;
        this.servers = List.copyOf(servers);
        for (int i = 0; i < servers.size(); i++) {
            GatewayServer server = servers.get(i);
            sources.computeIfAbsent(server.gateway(), g -> new Source())
                    .servers
                    .add(new Numbered(i, server));
            if (server.httpsRedirect()) {
                for (String host : server.hosts()) {
                    redirects.putIfAbsent(host.toLowerCase(Locale.ROOT), i);
                }
            }
        }
        touched.addAll(redirects.keySet());
    }

    /** Whether this table can be kept for these servers. */
    boolean fits(List<GatewayServer> wanted, Scope scope) {
        return servers.equals(wanted) && last != null && last.mesh().equals(scope.mesh());
    }

    /** The table as it is now; the same instance when nothing changed. */
    RouteConfiguration update(Scope scope) {
        boolean destinations = last != null && !scope.sameDestinationsButEndpoints(last);
        sources.forEach((gateway, source) -> update(source, gateway, scope, destinations));
        last = scope;
        RouteConfiguration table = built;
        if (table == null || regroup()) {
            table = table();
            built = table;
        }
        return table;
    }

    @SuppressWarnings("ReferenceEquality") // an unchanged list is the same instance
    private void update(Source source, String gateway, Scope scope, boolean destinations) {
        if (destinations) {
            source.contributions.replaceAll(
                    (service, before) ->
                            before.holds(scope)
                                    ? before
                                    : replace(
                                            service,
                                            before,
                                            contribution(source, gateway, service, scope),
                                            scope));
        }
        List<VirtualService> bound = scope.bound(gateway);
        if (bound == source.bound) {
            return;
        }
        List<VirtualService> come = new ArrayList<>();
        Sequences.compare(
                source.bound,
                bound,
                BY_AGE,
                service -> {
                    Contribution gone = source.contributions.remove(service);
                    if (gone != null) {
                        detach(gone);
                    }
                },
                come::add);
        source.bound = bound;
        for (VirtualService service : come) {
            if (scope.sees(service)) {
                Contribution added = contribution(source, gateway, service, scope);
                source.contributions.put(service, added);
                attach(service, added, scope);
            }
        }
    }

    /** Routes that turn out as before stay, with what they now depend on. */
    private Contribution replace(
            VirtualService service, Contribution before, Contribution now, Scope scope) {
        if (before.attachments.equals(now.attachments)) {
            return new Contribution(before.attachments, now.reads);
        }
        detach(before);
        attach(service, now, scope);
        return now;
    }

    private Contribution contribution(
            Source source, String gateway, VirtualService service, Scope scope) {
        TrackedScope tracked = new TrackedScope(scope);
        List<Attachment> out = new ArrayList<>();
        List<Route> routes = List.of();
        for (Numbered numbered : source.servers) {
            GatewayServer server = numbered.server;
            List<String> common =
                    Hosts.intersection(
                            Hosts.forNamespace(server.hosts(), service.namespace()),
                            service.hosts());
            if (common.isEmpty()) {
                continue;
            }
            if (routes.isEmpty()) {
                routes =
                        new RouteBuilder(
                                        proxy,
                                        tracked,
                                        gateway,
                                        server.portNumber(),
                                        server.tls().present())
                                .build(service);
            }
            if (!routes.isEmpty()) {
                out.add(
                        new Attachment(
                                numbered.index,
                                common.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList(),
                                routes));
            }
        }
        return new Contribution(out, tracked.reads());
    }

    private void attach(VirtualService service, Contribution contribution, Scope scope) {
        Comparator<VirtualService> precedence = scope.precedence();
        for (Attachment attachment : contribution.attachments) {
            for (String domain : attachment.domains) {
                hosts.computeIfAbsent(domain, HostEntry::new)
                        .add(new Part(attachment.server, service, attachment.routes), precedence);
                touched.add(domain);
            }
        }
    }

    private void detach(Contribution contribution) {
        for (Attachment attachment : contribution.attachments) {
            for (String domain : attachment.domains) {
                HostEntry host = hosts.get(domain);
                if (host != null) {
                    host.remove(attachment.routes);
                    touched.add(domain);
                }
            }
        }
    }

    /** Puts the touched hosts where they now belong; false when nothing changed. */
    private boolean regroup() {
        if (touched.isEmpty()) {
            return false;
        }
        Set<Group> dirty = new HashSet<>();
        for (String domain : touched) {
            HostEntry host = hosts.computeIfAbsent(domain, HostEntry::new);
            HostEntry.Fingerprint before = host.grouped();
            Group old = before == null ? null : groups.get(before);
            if (old != null) {
                old.domains.remove(domain);
                dirty.add(old);
                if (old.domains.isEmpty()) {
                    groups.remove(before);
                }
            }
            Integer redirect = redirects.get(domain);
            if (host.empty() && redirect == null) {
                hosts.remove(domain);
                continue;
            }
            HostEntry.Fingerprint now = host.group(servers, redirect);
            Group group = groups.computeIfAbsent(now, f -> new Group());
            group.domains.add(domain);
            dirty.add(group);
        }
        touched.clear();
        for (Group group : dirty) {
            VirtualHost gone = group.built;
            if (gone != null) {
                byName.remove(gone.getName());
            }
        }
        boolean attemptCount = last == null || ProxyHeaders.of(last.mesh()).attemptCount();
        for (Group group : dirty) {
            if (!group.domains.isEmpty()) {
                HostEntry first =
                        java.util.Objects.requireNonNull(hosts.get(group.domains.first()));
                VirtualHost host = first.virtualHost(group.domains, servers, attemptCount);
                group.built = host;
                byName.put(host.getName(), host);
            }
        }
        return true;
    }

    private RouteConfiguration table() {
        if (built == null) {
            regroup();
        }
        RouteConfiguration.Builder out =
                RouteConfiguration.newBuilder()
                        .setName(name)
                        .setValidateClusters(BoolValue.of(false))
                        .setIgnorePortInHostMatching(true)
                        .setMaxDirectResponseBodySizeBytes(
                                UInt32Value.of(MAX_DIRECT_RESPONSE_BYTES));
        if (byName.isEmpty()) {
            int port = servers.getFirst().portNumber();
            return out.addVirtualHosts(
                            VirtualHost.newBuilder()
                                    .setName(HostEntry.name("blackhole", port))
                                    .addDomains("*"))
                    .build();
        }
        return out.addAllVirtualHosts(byName.values()).build();
    }
}
