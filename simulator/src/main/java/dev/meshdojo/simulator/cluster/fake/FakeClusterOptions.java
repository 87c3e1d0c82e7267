package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.telemetry.AccessLogEntry;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.node.Pace;
import java.time.Clock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How an in-process cluster runs.
 *
 * @param spec what it starts with
 * @param port the API server's port on 127.0.0.1; 0 for any free one
 * @param context names cluster and context in the kubeconfig
 * @param namespace the kubeconfig's namespace
 * @param clock the only source of time
 * @param seed of everything random: addresses, weights, endpoints
 * @param pace how fast pods start and stop
 * @param kubeletEvents whether the kubelet writes Events
 * @param strictImages whether an image that the catalogue does not know fails to be pulled
 * @param snapshot the state to go on from, which then has Istio or not; null to start fresh
 * @param accessLog takes the access-log entries of every gateway, by {@code namespace/pod}; null:
 *     nobody
 */
public record FakeClusterOptions(
        ClusterSpec spec,
        int port,
        String context,
        String namespace,
        Clock clock,
        long seed,
        Pace pace,
        boolean kubeletEvents,
        boolean strictImages,
        @Nullable Snapshot snapshot,
        @Nullable BiConsumer<String, AccessLogEntry> accessLog) {

    /**
     * A free port, context {@code meshdojo}, system clock, instant pace, kubelet events, any image.
     */
    public static FakeClusterOptions of(ClusterSpec spec) {
        return new FakeClusterOptions(
                spec,
                0,
                "meshdojo",
                "default",
                Clock.systemUTC(),
                1,
                Pace.INSTANT,
                true,
                false,
                null,
                null);
    }

    /** The same with a fixed port. */
    public FakeClusterOptions withPort(int number) {
        return new FakeClusterOptions(
                spec,
                number,
                context,
                namespace,
                clock,
                seed,
                pace,
                kubeletEvents,
                strictImages,
                snapshot,
                accessLog);
    }

    /** The same with other names in the kubeconfig. */
    public FakeClusterOptions withContext(String name, String inNamespace) {
        return new FakeClusterOptions(
                spec,
                port,
                name,
                inNamespace,
                clock,
                seed,
                pace,
                kubeletEvents,
                strictImages,
                snapshot,
                accessLog);
    }

    /** The same at another pace. */
    public FakeClusterOptions withPace(Pace other) {
        return new FakeClusterOptions(
                spec,
                port,
                context,
                namespace,
                clock,
                seed,
                other,
                kubeletEvents,
                strictImages,
                snapshot,
                accessLog);
    }

    /** The same with or without the kubelet's events. */
    public FakeClusterOptions withKubeletEvents(boolean written) {
        return new FakeClusterOptions(
                spec,
                port,
                context,
                namespace,
                clock,
                seed,
                pace,
                written,
                strictImages,
                snapshot,
                accessLog);
    }

    /** The same, refusing unknown images or not. */
    public FakeClusterOptions withStrictImages(boolean strict) {
        return new FakeClusterOptions(
                spec,
                port,
                context,
                namespace,
                clock,
                seed,
                pace,
                kubeletEvents,
                strict,
                snapshot,
                accessLog);
    }

    /** The same with a taker of access-log entries. */
    public FakeClusterOptions withAccessLog(BiConsumer<String, AccessLogEntry> taker) {
        return new FakeClusterOptions(
                spec,
                port,
                context,
                namespace,
                clock,
                seed,
                pace,
                kubeletEvents,
                strictImages,
                snapshot,
                taker);
    }

    /**
     * The same, going on from a saved state; Istio is not installed again, and who answers for load
     * balancers is what the state says.
     */
    public FakeClusterOptions withSnapshot(Snapshot saved) {
        return new FakeClusterOptions(
                spec,
                port,
                context,
                namespace,
                clock,
                seed,
                pace,
                kubeletEvents,
                strictImages,
                saved,
                accessLog);
    }
}
