package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A cluster that cases run on: Istio's control plane, the world, and nothing else. Used by one case
 * at a time.
 */
public interface ConformanceTarget extends AutoCloseable {

    /**
     * What the API server said of an object.
     *
     * @param error the message of the refusal; empty when it was taken
     * @param warnings warnings beside either outcome
     */
    record Applied(String error, List<String> warnings) {}

    /**
     * Applies an object as {@code kubectl apply} does.
     *
     * @param created the age it shall have
     */
    Applied apply(ObjectNode object, Instant created) throws InterruptedException;

    /** Deletes an object that was applied, and waits until it is gone. */
    void remove(ObjectNode object) throws InterruptedException;

    /** Waits until the gateways run what was applied. */
    void awaitConfigured() throws InterruptedException;

    /**
     * Where a Service's port is reached from outside.
     *
     * @param service {@code namespace/name}
     * @return null when the connection would be refused
     */
    @Nullable InetSocketAddress address(String service, int port);

    /** The address that the gateway of a Service has in the cluster. */
    String gatewayAddress(String service);

    /** The address that clients outside are known by. */
    String clientAddress();

    /** Forgets what was observed so far. */
    void clearObservations();

    /** Access-log entries since then, of all gateways: Istio's JSON fields. */
    List<Map<String, @Nullable Object>> accessLog();

    /** What echo pods received since then, as they print it. */
    List<JsonView> received();

    /**
     * Waits until that many requests and access-log entries were observed; returns without them
     * when the time is over.
     */
    void awaitObserved(int requests, int entries, Duration atMost) throws InterruptedException;

    /** Waits until nothing more was observed for so long. */
    void awaitSilence(Duration silence) throws InterruptedException;

    /** The configuration in force at a gateway. */
    XdsSnapshot configuration(String service);

    @Override
    void close();

    /** Starts clusters. */
    @FunctionalInterface
    interface Factory {

        /** A fresh cluster that runs the corpus' world; the caller closes it. */
        ConformanceTarget start(Corpus corpus) throws IOException, InterruptedException;
    }
}
