package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Takes a cluster's state, and takes the cluster back to one. Thread-safe. */
final class ClusterState {

    private static final System.Logger LOG = System.getLogger(ClusterState.class.getName());
    private static final String BALANCER = "cluster.loadBalancer";
    private static final String POOL = "cluster.loadBalancerPool";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final ApiServer server;
    private final LoopbackNetwork network;
    private final LoadBalancer balancer;
    private final RestartableControllers controllers;

    ClusterState(
            ApiServer server,
            LoopbackNetwork network,
            LoadBalancer balancer,
            RestartableControllers controllers) {
        this.server = server;
        this.network = network;
        this.balancer = balancer;
        this.controllers = controllers;
    }

    /** Who answered for load balancers in a state; null when it does not say. */
    static @Nullable LoadBalancer balancer(@Nullable Snapshot saved) {
        String name = saved == null ? null : saved.attributes().get(BALANCER);
        return name == null ? null : LoadBalancer.valueOf(name);
    }

    /** Where the load balancer's addresses began in a state; null when there were none. */
    static @Nullable String pool(@Nullable Snapshot saved) {
        return saved == null ? null : saved.attributes().get(POOL);
    }

    Snapshot take() {
        Snapshot objects = server.snapshot();
        Map<String, String> attributes = new HashMap<>(objects.attributes());
        attributes.put(BALANCER, balancer.name());
        List<String> addresses = network.loadBalancerPool();
        if (!addresses.isEmpty()) {
            attributes.put(POOL, addresses.getFirst());
        }
        return new Snapshot(objects.image(), attributes);
    }

    /** Goes back; pods follow. Returns what to wait for. */
    RestoredPods restore(Snapshot snapshot) {
        RestoredPods[] pods = new RestoredPods[1];
        controllers.paused(
                () -> {
                    pods[0] = RestoredPods.on(server.api("meshdojo"), snapshot);
                    server.restore(snapshot);
                });
        return pods[0];
    }

    Cluster.Checkpoint checkpoint(Cluster cluster) {
        long writes = server.clientWrites();
        Snapshot then = take();
        return new Cluster.Checkpoint() {
            @Override
            public boolean changed() {
                return server.clientWrites() != writes;
            }

            @Override
            public void restore() throws InterruptedException {
                RestoredPods pods = ClusterState.this.restore(then);
                try {
                    pods.await(LIMIT);
                    cluster.awaitConfigured(LIMIT);
                } catch (TimeoutException e) {
                    LOG.log(System.Logger.Level.WARNING, e::getMessage);
                }
            }

            @Override
            public void save(Path file, Map<String, String> notes) throws IOException {
                Map<String, String> all = new HashMap<>(notes);
                all.putAll(then.attributes());
                SnapshotFile.save(new Snapshot(then.image(), all), file);
            }
        };
    }
}
