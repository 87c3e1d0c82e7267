package dev.meshdojo.gateway;

import com.google.protobuf.Message;
import dev.meshdojo.gateway.admin.Loaded;
import dev.meshdojo.gateway.admin.LoadedResources;
import dev.meshdojo.gateway.telemetry.StatName;
import dev.meshdojo.gateway.telemetry.Stats;
import io.envoyproxy.envoy.admin.v3.ServerInfo;
import java.util.Map;

/**
 * The statistics of the server as a whole and of its resources. Used by one thread at a time.
 *
 * <p>Source: Envoy "Server", "Cluster manager" and "Listener manager" statistics.
 */
final class ServerStats {

    private final Stats stats;

    ServerStats(Stats stats) {
        this.stats = stats;
    }

    private void gauge(String name, long value) {
        stats.gauge(StatName.plain(name)).set(value);
    }

    private void count(String name, long amount) {
        stats.counter(StatName.plain(name)).add(amount);
    }

    /** Listeners changed. */
    <T extends Message> void listeners(LoadedResources<T> before, LoadedResources<T> after) {
        changes("listener_manager", "listener", before, after);
        gauge("listener_manager.total_listeners_active", after.entries().size());
        gauge("listener_manager.total_listeners_warming", 0);
        gauge("listener_manager.total_listeners_draining", 0);
        fetched("listener_manager.lds", after);
    }

    /** Clusters changed. */
    <T extends Message> void clusters(LoadedResources<T> before, LoadedResources<T> after) {
        changes("cluster_manager", "cluster", before, after);
        gauge("cluster_manager.active_clusters", after.entries().size());
        gauge("cluster_manager.warming_clusters", 0);
        fetched("cluster_manager.cds", after);
    }

    private <T extends Message> void fetched(String scope, LoadedResources<T> after) {
        boolean refused = after.list().stream().anyMatch(each -> each.failure() != null);
        count(scope + ".update_attempt", 1);
        count(scope + ".update_success", refused ? 0 : 1);
        count(scope + ".update_rejected", refused ? 1 : 0);
    }

    private <T extends Message> void changes(
            String scope, String kind, LoadedResources<T> before, LoadedResources<T> after) {
        int added = 0;
        int modified = 0;
        for (Map.Entry<String, Loaded<T>> entry : after.entries().entrySet()) {
            Loaded<T> old = before.entries().get(entry.getKey());
            if (old == null) {
                added++;
            } else if (!java.util.Objects.equals(old.resource(), entry.getValue().resource())) {
                modified++;
            }
        }
        long removed =
                before.entries().keySet().stream()
                        .filter(name -> !after.entries().containsKey(name))
                        .count();
        count(scope + "." + kind + "_added", added);
        count(scope + "." + kind + "_modified", modified);
        count(scope + "." + kind + "_removed", removed);
    }

    /** Sets what belongs to this moment. */
    void now(ServerInfo.State state, long uptimeSeconds, int workers) {
        Runtime jvm = Runtime.getRuntime();
        gauge("server.state", state.getNumber());
        gauge("server.live", state == ServerInfo.State.LIVE ? 1 : 0);
        gauge("server.uptime", uptimeSeconds);
        gauge("server.concurrency", workers);
        gauge("server.memory_allocated", jvm.totalMemory() - jvm.freeMemory());
        gauge("server.memory_heap_size", jvm.totalMemory());
    }
}
