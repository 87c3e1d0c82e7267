package dev.meshdojo.simulator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The one view of a cluster that scenarios, labs and the shell have; it never tells which kind is
 * behind it. Thread-safe. Whoever starts a cluster closes it; closing ends everything it runs and
 * frees every port.
 */
public interface Cluster extends AutoCloseable {

    /** A client with full rights, for code. Owned by the cluster. */
    KubernetesClient client();

    /** A kubeconfig for {@code kubectl} and other tools, as YAML. */
    String kubeconfig();

    /** How commands such as {@code curl} reach addresses that only the cluster knows. */
    Connector connector();

    /**
     * Waits until every proxy runs a configuration that reflects all that was written so far.
     *
     * @throws java.util.concurrent.TimeoutException after {@code limit}; the message says what was
     *     last seen
     */
    void awaitConfigured(Duration limit)
            throws InterruptedException, java.util.concurrent.TimeoutException;

    /**
     * Tells of every request that passes, as far as this cluster can see them; a cluster that
     * cannot tells nothing.
     *
     * @param listener called on any thread, must return quickly
     * @return ends the subscription
     */
    default AutoCloseable watchTraffic(java.util.function.Consumer<TrafficHop> listener) {
        return () -> {};
    }

    /**
     * Remembers the cluster's state, to come back to it: to undo a step of a lab, say.
     *
     * @return empty where the kind of cluster cannot do that
     */
    default Optional<Checkpoint> checkpoint() {
        return Optional.empty();
    }

    /** A state that a cluster was in; good for as long as the cluster is open. Thread-safe. */
    interface Checkpoint {

        /** Whether a client wrote to the cluster since; what the cluster does by itself is none. */
        boolean changed();

        /**
         * Takes the cluster back: objects are as they were, watches see the difference as changes.
         * Waits, for a while, until the pods of then run and the proxies know. Logs and files of
         * pods that had to start anew are gone. May be called more than once.
         */
        void restore() throws InterruptedException;

        /**
         * Keeps the state in a file, from which another cluster can go on. It holds Secrets and
         * keys and is readable by its owner alone.
         *
         * @param notes what the caller wants to find there, by name
         * @throws IOException when the file cannot be written; an old one is untouched then
         */
        void save(Path file, Map<String, String> notes) throws IOException;
    }

    @Override
    void close();
}
