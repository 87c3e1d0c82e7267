package dev.meshdojo.gateway;

import dev.meshdojo.gateway.admin.AdminControls;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.Acknowledgement.Rejection;
import dev.meshdojo.gateway.config.BootstrapFile;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.gateway.config.ads.AdsClient;
import dev.meshdojo.gateway.config.ads.AdsOptions;
import dev.meshdojo.gateway.config.ads.AdsTarget;
import dev.meshdojo.gateway.filter.registry.FilterCatalog;
import dev.meshdojo.gateway.http.HttpCompiler;
import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.LiveConfig;
import dev.meshdojo.gateway.listener.HealthListener;
import dev.meshdojo.gateway.listener.ListenerSet;
import dev.meshdojo.gateway.listener.SocketAddressing;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.route.RouteTable;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.format.FormatContext;
import dev.meshdojo.gateway.telemetry.AccessLogEntry;
import dev.meshdojo.gateway.telemetry.IstioMetrics;
import dev.meshdojo.gateway.telemetry.Stats;
import dev.meshdojo.gateway.tls.SecretStore;
import dev.meshdojo.gateway.upstream.ClusterRegistry;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import dev.meshdojo.gateway.upstream.UpstreamEnvironment;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's data plane: runs {@link XdsSnapshot}s as Envoy would.
 *
 * <p>Thread-safe. {@link #apply} and {@link #close} block for as long as sockets take to open and
 * close; neither is called on an event loop. What a snapshot changes takes effect for the next
 * request; requests and connections under way are not disturbed.
 */
public final class GatewayRuntime implements AutoCloseable {

    private static final String ROUTES =
            "type.googleapis.com/envoy.config.route.v3.RouteConfiguration";
    private static final String SECRETS =
            "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret";
    private static final Duration FIRST_RESOLUTION = Duration.ofSeconds(5);

    private record TableEntry(RouteConfiguration proto, RouteTable table) {}

    private final EventLoops loops;
    private final boolean ownLoops;
    private final ClusterRegistry clusters;
    private final ListenerSet listeners;
    private final FilterCatalog filters;
    private final @Nullable HealthListener health;
    private final AdminOptions adminOptions;
    private final AdminPorts adminPorts;
    private final RuntimeView view;
    private final Stats stats;
    private volatile LiveConfig live = LiveConfig.EMPTY;
    private volatile XdsSnapshot inForce = XdsSnapshot.empty();
    private Map<String, TableEntry> tables = Map.of();
    private Map<String, Secret> secrets = Map.of();
    private SecretStore secretStore = new SecretStore(List.of());
    private @Nullable AdsClient ads;
    private boolean closed;

    private GatewayRuntime(GatewayOptions options) {
        EventLoops shared = options.loops();
        ownLoops = shared == null;
        loops =
                shared != null
                        ? shared
                        : EventLoops.start(Runtime.getRuntime().availableProcessors());
        SocketAddressing addressing = options.addressing();
        adminOptions = options.admin();
        stats =
                new Stats(
                        StatsKept.compile(
                                adminOptions.bootstrap().getStatsConfig().getStatsMatcher()));
        view =
                new RuntimeView(
                        adminOptions.bootstrap(), options.clock(), stats, loops.workers().size());
        clusters =
                new ClusterRegistry(
                        new UpstreamEnvironment(
                                loops,
                                addressing::connectAddress,
                                addressing::sourceAddress,
                                addressing::peerAddress,
                                options.resolver(),
                                options.ticker(),
                                options.random(),
                                stats));
        HttpEnvironment environment =
                new HttpEnvironment(
                        () -> live,
                        options.clock(),
                        options.ticker(),
                        options.random(),
                        options.logLines(),
                        ended(options),
                        options.traffic(),
                        options.explains(),
                        new AtomicLong());
        filters = new FilterCatalog(options.clock());
        HttpCompiler http = new HttpCompiler(filters, stats);
        listeners = new ListenerSet(loops, addressing, environment, http, options.drainTime());
        InetSocketAddress healthAddress = options.health();
        health =
                healthAddress == null
                        ? null
                        : HealthListener.start(loops, addressing, options.clock(), healthAddress);
        adminPorts =
                new AdminPorts(
                        loops,
                        addressing,
                        options.clock(),
                        () -> view.now(live.clusters()),
                        new Controls());
    }

    /** Who is told of ended streams; null when nobody is. */
    private @Nullable Consumer<FormatContext> ended(GatewayOptions options) {
        Consumer<FormatContext> all = null;
        Consumer<AccessLogEntry> entries = options.accessLog();
        if (entries != null) {
            all = context -> entries.accept(AccessLogEntry.of(context));
        }
        IstioMetrics.Workload workload = options.admin().workload();
        if (workload != null) {
            IstioReporter reporter =
                    new IstioReporter(new IstioMetrics(stats, workload), () -> live);
            all = all == null ? reporter::ended : all.andThen(reporter::ended);
        }
        return all;
    }

    private final class Controls implements AdminControls {
        @Override
        public void quit() {
            Thread.ofVirtual().name("gateway-quit").start(GatewayRuntime.this::close);
        }

        @Override
        public void drainListeners(boolean graceful) {
            drain();
        }

        @Override
        public void resetCounters() {
            stats.resetCounters();
        }

        @Override
        public void failHealthChecks(boolean fail) {
            view.failHealthChecks(fail);
        }
    }

    private synchronized void drain() {
        if (!closed) {
            listeners.apply(List.of(), new SecretStore(List.of()), rejection -> {});
        }
    }

    /**
     * Starts a runtime without configuration.
     *
     * @throws InvalidConfigException when the health port or an admin port cannot be bound
     */
    public static GatewayRuntime start(GatewayOptions options) {
        GatewayRuntime runtime = new GatewayRuntime(options);
        try {
            runtime.adminPorts.open(runtime.adminOptions);
        } catch (InvalidConfigException e) {
            runtime.close();
            throw e;
        }
        return runtime;
    }

    /**
     * Puts a snapshot in force: clusters and endpoints first, then routes, then listeners, so that
     * nothing refers to what is not there. Listeners accept connections when this returns.
     *
     * @return what was refused; for each such resource the one before stays in force
     * @throws IllegalStateException when the runtime is closed
     */
    public Acknowledgement apply(XdsSnapshot snapshot) {
        return apply(snapshot, true);
    }

    /**
     * Runs a bootstrap file: its static resources at once, and what a management server delivers
     * over ADS where the file names one. Call once; do not {@link #apply} beside it.
     *
     * @return what was refused of the static resources
     * @throws InvalidConfigException when dynamic resources are wanted in a way that is not built
     */
    public Acknowledgement run(BootstrapFile file) {
        String server = file.managementServer();
        XdsSnapshot fixed = file.snapshot();
        Acknowledgement answer = apply(fixed, server == null);
        if (server != null && answer.accepted()) {
            ManagementServer connector = new ManagementServer(loops, file.proto(), () -> live);
            synchronized (this) {
                ads =
                        AdsClient.start(
                                AdsOptions.of(file.proto(), server, fixed),
                                connector,
                                new FromAds());
            }
        }
        return answer;
    }

    private final class FromAds implements AdsTarget {
        @Override
        public Acknowledgement apply(XdsSnapshot snapshot, boolean complete) {
            synchronized (GatewayRuntime.this) {
                return closed
                        ? new Acknowledgement(snapshot.version(), List.of())
                        : GatewayRuntime.this.apply(snapshot, complete);
            }
        }

        @Override
        public Acknowledgement check(XdsSnapshot snapshot) {
            synchronized (GatewayRuntime.this) {
                List<Rejection> rejections = new ArrayList<>();
                clusters.check(snapshot.clusters(), secretStore, rejections::add);
                listeners.check(snapshot.listeners(), secretStore, rejections::add);
                return new Acknowledgement(snapshot.version(), rejections);
            }
        }
    }

    private synchronized Acknowledgement apply(XdsSnapshot snapshot, boolean complete) {
        if (closed) {
            throw new IllegalStateException("the gateway runtime is closed");
        }
        List<Rejection> rejections = new ArrayList<>();
        SecretStore store = takeSecrets(snapshot, rejections);
        Map<String, UpstreamCluster> byName =
                clusters.apply(snapshot.clusters(), snapshot.endpoints(), store, rejections::add);
        awaitResolution();
        Map<String, RouteTable> routeTables = takeTables(snapshot, rejections);
        live = new LiveConfig(routeTables, byName);
        listeners.apply(snapshot.listeners(), store, rejections::add);
        clusters.retireReplaced();
        inForce = snapshot;
        Acknowledgement acknowledgement = new Acknowledgement(snapshot.version(), rejections);
        view.applied(snapshot, acknowledgement, complete);
        return acknowledgement;
    }

    private void awaitResolution() {
        try {
            clusters.awaitResolved(FIRST_RESOLUTION);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SecretStore takeSecrets(XdsSnapshot snapshot, List<Rejection> rejections) {
        Map<String, Secret> next = new LinkedHashMap<>();
        for (Secret secret : snapshot.secrets()) {
            Secret before = secrets.get(secret.getName());
            if (!secret.equals(before)) {
                try {
                    SecretStore.check(secret);
                } catch (InvalidConfigException e) {
                    rejections.add(
                            new Rejection(
                                    SECRETS, secret.getName(), String.valueOf(e.getMessage())));
                    if (before != null) {
                        next.put(secret.getName(), before);
                    }
                    continue;
                }
            }
            next.put(secret.getName(), secret);
        }
        if (next.equals(secrets)) {
            return secretStore;
        }
        secrets = next;
        secretStore = new SecretStore(List.copyOf(next.values()));
        return secretStore;
    }

    private Map<String, RouteTable> takeTables(XdsSnapshot snapshot, List<Rejection> rejections) {
        Map<String, TableEntry> next = new LinkedHashMap<>();
        for (RouteConfiguration proto : snapshot.routes()) {
            TableEntry entry = tables.get(proto.getName());
            if (entry == null || !entry.proto().equals(proto)) {
                try {
                    entry =
                            new TableEntry(
                                    proto,
                                    entry == null
                                            ? RouteTable.compile(proto, filters)
                                            : entry.table().recompile(proto, filters));
                } catch (InvalidConfigException e) {
                    rejections.add(
                            new Rejection(ROUTES, proto.getName(), String.valueOf(e.getMessage())));
                }
            }
            if (entry != null) {
                next.put(proto.getName(), entry);
            }
        }
        tables = next;
        Map<String, RouteTable> byName = new LinkedHashMap<>();
        next.forEach((name, entry) -> byName.put(name, entry.table()));
        return byName;
    }

    /** The snapshot applied last. */
    public XdsSnapshot snapshot() {
        return inForce;
    }

    /** The route tables and clusters in force, for explain and admin. */
    public LiveConfig live() {
        return live;
    }

    /** The listeners in force by name, with the addresses they really listen on. */
    public synchronized Map<String, List<InetSocketAddress>> listening() {
        return listeners.bound();
    }

    /** Where {@code /healthz/ready} is served; null when it is not. */
    public @Nullable InetSocketAddress healthAddress() {
        return health == null ? null : health.bound();
    }

    /** Where the admin pages are served; null when they are not. */
    public @Nullable InetSocketAddress adminAddress() {
        return adminPorts.bound(adminOptions.admin());
    }

    /** Where the statistics for Prometheus are served; null when they are not. */
    public @Nullable InetSocketAddress prometheusAddress() {
        return adminPorts.bound(adminOptions.prometheus());
    }

    /** Closes every socket, then the threads if they are the runtime's own. Idempotent. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        AdsClient source = ads;
        if (source != null) {
            source.close();
        }
        listeners.close();
        adminPorts.close();
        if (health != null) {
            health.close();
        }
        clusters.close();
        if (ownLoops) {
            loops.close();
        }
    }
}
