package dev.meshdojo.simulator.apiserver;

import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an API server starts.
 *
 * @param port on 127.0.0.1; 0 for any free one
 * @param clusterName names cluster and context in the kubeconfig
 * @param namespace the kubeconfig's namespace
 * @param clock what objects are stamped with
 * @param history changes kept per kind before watches from that far back get 410
 * @param snapshot the state to go on from, or null to start fresh
 * @param extensions parts to add, in order
 */
public record ApiServerOptions(
        int port,
        String clusterName,
        String namespace,
        Clock clock,
        int history,
        @Nullable Snapshot snapshot,
        List<ApiServerExtension> extensions) {

    private static final int HISTORY = 8192;

    public ApiServerOptions {
        extensions = List.copyOf(extensions);
    }

    /** A free port, system clock, no extensions. */
    public static ApiServerOptions defaults() {
        return new ApiServerOptions(
                0, "meshdojo", "default", Clock.systemUTC(), HISTORY, null, List.of());
    }

    /** The same with a fixed port. */
    public ApiServerOptions withPort(int number) {
        return new ApiServerOptions(
                number, clusterName, namespace, clock, history, snapshot, extensions);
    }

    /** The same with another clock. */
    public ApiServerOptions withClock(Clock other) {
        return new ApiServerOptions(
                port, clusterName, namespace, other, history, snapshot, extensions);
    }

    /** The same with other names in the kubeconfig. */
    public ApiServerOptions withContext(String cluster, String inNamespace) {
        return new ApiServerOptions(
                port, cluster, inNamespace, clock, history, snapshot, extensions);
    }

    /** The same with a shorter or longer memory for watches. */
    public ApiServerOptions withHistory(int changes) {
        return new ApiServerOptions(
                port, clusterName, namespace, clock, changes, snapshot, extensions);
    }

    /** The same, going on from a saved state; null to start fresh. */
    public ApiServerOptions withSnapshot(@Nullable Snapshot saved) {
        return new ApiServerOptions(
                port, clusterName, namespace, clock, history, saved, extensions);
    }

    /** The same with one more part. */
    public ApiServerOptions with(ApiServerExtension extension) {
        List<ApiServerExtension> more = new ArrayList<>(extensions);
        more.add(extension);
        return new ApiServerOptions(port, clusterName, namespace, clock, history, snapshot, more);
    }
}
