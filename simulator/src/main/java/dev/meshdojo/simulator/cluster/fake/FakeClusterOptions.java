package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.telemetry.AccessLogEntry;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.node.Pace;
import java.time.Clock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
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
        return with(draft -> draft.port = number);
    }

    /** The same with other names in the kubeconfig. */
    public FakeClusterOptions withContext(String name, String inNamespace) {
        return with(
                draft -> {
                    draft.context = name;
                    draft.namespace = inNamespace;
                });
    }

    /** The same at another pace. */
    public FakeClusterOptions withPace(Pace other) {
        return with(draft -> draft.pace = other);
    }

    /** The same with or without the kubelet's events. */
    public FakeClusterOptions withKubeletEvents(boolean written) {
        return with(draft -> draft.kubeletEvents = written);
    }

    /** The same, refusing unknown images or not. */
    public FakeClusterOptions withStrictImages(boolean strict) {
        return with(draft -> draft.strictImages = strict);
    }

    /** The same with a taker of access-log entries. */
    public FakeClusterOptions withAccessLog(BiConsumer<String, AccessLogEntry> taker) {
        return with(draft -> draft.accessLog = taker);
    }

    /**
     * The same, going on from a saved state; Istio is not installed again, and who answers for load
     * balancers is what the state says.
     */
    public FakeClusterOptions withSnapshot(Snapshot saved) {
        return with(draft -> draft.snapshot = saved);
    }

    private FakeClusterOptions with(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.finished();
    }

    /** A copy that one component may differ in. */
    private static final class Draft {
        private ClusterSpec spec;
        private int port;
        private String context;
        private String namespace;
        private Clock clock;
        private long seed;
        private Pace pace;
        private boolean kubeletEvents;
        private boolean strictImages;
        private @Nullable Snapshot snapshot;
        private @Nullable BiConsumer<String, AccessLogEntry> accessLog;

        Draft(FakeClusterOptions from) {
            spec = from.spec;
            port = from.port;
            context = from.context;
            namespace = from.namespace;
            clock = from.clock;
            seed = from.seed;
            pace = from.pace;
            kubeletEvents = from.kubeletEvents;
            strictImages = from.strictImages;
            snapshot = from.snapshot;
            accessLog = from.accessLog;
        }

        FakeClusterOptions finished() {
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
                    accessLog);
        }
    }
}
