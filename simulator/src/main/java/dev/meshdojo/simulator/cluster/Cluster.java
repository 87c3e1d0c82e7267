package dev.meshdojo.simulator.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;

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

    @Override
    void close();
}
