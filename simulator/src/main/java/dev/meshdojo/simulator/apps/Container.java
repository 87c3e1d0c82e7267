package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a program sees of the container it runs in. Thread-safe. */
public interface Container {

    /** The container's name in the pod. */
    String name();

    /** The image as the pod names it. */
    String image();

    /** The pod around it. */
    PodIdentity pod();

    /** {@code command}, variables expanded; empty means the image's own entry point. */
    List<String> command();

    /** {@code args}, variables expanded; empty means the image's own. */
    List<String> args();

    /** The environment. */
    Map<String, String> env();

    /** {@code env().get(name)}, or {@code fallback} when it is unset or empty. */
    default String env(String name, String fallback) {
        String value = env().get(name);
        return value == null || value.isEmpty() ? fallback : value;
    }

    /** The TCP ports the container declares. */
    List<Integer> ports();

    /** Files from volumes, and those that the container wrote. */
    ContainerFiles files();

    /** The pod's place in the cluster's network. */
    ClusterNetwork.PodAttachment network();

    /** The cluster's network. */
    ClusterNetwork cluster();

    /** The threads for sockets. */
    EventLoops eventLoops();

    /** The cluster's clock. */
    Clock clock();

    /** Writes a line to standard output, which is the container's log. */
    void log(String line);

    /**
     * A Secret of the pod's namespace, as the API server holds it now; values decoded.
     *
     * @return null when there is none of that name
     */
    @Nullable Map<String, byte[]> secret(String name);

    /**
     * Tells the kubelet that the program has come up: its ports are open. A program that never says
     * so is taken to be up once it runs.
     */
    void started();
}
