package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.telemetry.AccessLogEntry;
import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.node.GatewayWorkload;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs the gateway runtime behind every gateway pod, connected to the in-process control plane.
 * Thread-safe.
 */
final class GatewayProxies implements GatewayWorkload {

    private static final int HEALTH_PORT = 15021;

    private final ControlPlane controlPlane;
    private final Function<Container, AgentSecrets> agents;
    private final GatewayLoops loops;
    private final Traffic traffic;
    private final long seed;
    private final @Nullable BiConsumer<String, AccessLogEntry> accessLog;

    /**
     * @param agents makes the agent of a gateway's pod
     * @param loops not closed here
     * @param accessLog takes access-log entries by {@code namespace/pod}
     */
    GatewayProxies(
            ControlPlane controlPlane,
            Function<Container, AgentSecrets> agents,
            GatewayLoops loops,
            Traffic traffic,
            long seed,
            @Nullable BiConsumer<String, AccessLogEntry> accessLog) {
        this.controlPlane = controlPlane;
        this.agents = agents;
        this.loops = loops;
        this.traffic = traffic;
        this.seed = seed;
        this.accessLog = accessLog;
    }

    @Override
    public AutoCloseable start(Container container) throws IOException {
        String pod = container.pod().namespace() + "/" + container.pod().name();
        String gateway = container.pod().namespace() + "/" + Traffic.workload(container);
        GatewayOptions options =
                GatewayOptions.defaults()
                        .withLoops(loops.loops())
                        .withAddressing(container.network().addressing())
                        .withResolver(name -> resolve(container, name))
                        .withClock(container.clock())
                        .withRandom(new SharedRandom(seed))
                        .withLogLines((path, line) -> container.log(line.stripTrailing()))
                        .withTraffic(event -> traffic.passedGateway(gateway, event))
                        .withExplains(traffic::explains);
        if (EnvoyContainer.runs(container)) {
            return EnvoyContainer.start(container, options);
        }
        options =
                options.withHealth(new InetSocketAddress("0.0.0.0", HEALTH_PORT))
                        .withAdmin(GatewayBootstrap.options(container));
        BiConsumer<String, AccessLogEntry> entries = accessLog;
        if (entries != null) {
            options = options.withAccessLog(entry -> entries.accept(pod, entry));
        }
        GatewayRuntime runtime = GatewayRuntime.start(options);
        if (container.args().contains("sidecar")) {
            return runtime;
        }
        AgentSecrets agent = agents.apply(container);
        ControlPlane.Connection connection =
                controlPlane.connect(
                        new ProxyIdentity(
                                ProxyIdentity.Role.ROUTER,
                                container.pod().namespace(),
                                container.pod().name(),
                                container.network().podIp(),
                                container.pod().labels(),
                                container.env(),
                                container.pod().annotations()),
                        snapshot -> runtime.apply(agent.complete(snapshot)));
        return () -> {
            try (runtime) {
                connection.close();
            }
        };
    }

    private static List<InetAddress> resolve(Container container, String name)
            throws java.net.UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (String address : container.cluster().lookup(container.network().namespace(), name)) {
            addresses.add(InetAddress.getByName(address));
        }
        if (addresses.isEmpty()) {
            throw new java.net.UnknownHostException(name);
        }
        return addresses;
    }

    /** A seeded generator that all event loops may use. */
    private static final class SharedRandom implements java.util.random.RandomGenerator {
        private final Random random;

        SharedRandom(long seed) {
            random = new Random(seed);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }
    }
}
