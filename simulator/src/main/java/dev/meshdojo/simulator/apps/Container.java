package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.shell.Terminal;
import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import java.io.InputStream;
import java.io.OutputStream;
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

    /** Standard output and error, for programs that do not write whole lines. */
    OutputStream stdout();

    /** Standard input; at its end when the container has none. */
    default InputStream stdin() {
        return InputStream.nullInputStream();
    }

    /** The terminal that the standard streams are, or null. */
    default @Nullable Terminal terminal() {
        return null;
    }

    /**
     * Sends a signal to the program, which is process 1 of its container. As on Linux, it does not
     * heed SIGKILL from inside.
     *
     * @param number such as 15 for SIGTERM
     */
    default void signal(int number) {}

    /**
     * A Secret of the pod's namespace, as the API server holds it now; values decoded.
     *
     * @return null when there is none of that name
     */
    @Nullable Map<String, byte[]> secret(String name);

    /**
     * Tells of a request that the program sent, for those who draw traffic.
     *
     * @param host where to, as the program named it
     * @param request method and target, such as {@code GET /}
     * @param status the HTTP status, 0 when the connection ended without one
     */
    default void called(String host, String request, int status) {}

    /**
     * Tells the kubelet that the program has come up: its ports are open. A program that never says
     * so is taken to be up once it runs.
     */
    void started();
}
