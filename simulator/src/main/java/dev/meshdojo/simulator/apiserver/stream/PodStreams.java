package dev.meshdojo.simulator.apiserver.stream;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kubelet's streaming side, as the API server sees it: logs, exec, attach and port-forward of
 * one node's pods.
 *
 * <p>Thread-safe. Calls may block and run on virtual threads. Refusals are {@link
 * dev.meshdojo.simulator.apiserver.ApiException}s worded as the kubelet words them.
 */
public interface PodStreams {

    /**
     * Opens a container's log. The stream ends at the log's end, or with {@code follow} when the
     * container ends.
     */
    InputStream logs(PodName pod, LogOptions options);

    /**
     * Starts a command in a container. Returns at once; the process ends by itself or by {@link
     * ContainerProcess#close}.
     */
    ContainerProcess exec(
            PodName pod, @Nullable String container, List<String> command, Stdio stdio);

    /** Joins the container's main process. */
    ContainerProcess attach(PodName pod, @Nullable String container, Stdio stdio);

    /**
     * Connects to a port inside the pod's network namespace, over loopback as the kubelet does.
     *
     * @throws IOException when nothing listens there; the message is the kubelet's
     */
    Socket dial(PodName pod, int port) throws IOException;

    /** A pod. */
    record PodName(String namespace, String name) {}

    /**
     * What part of a log to read.
     *
     * @param container null for the only or default one
     * @param follow keep the stream open for what comes
     * @param previous the terminated instance before the current one
     * @param timestamps put an RFC 3339 time before each line
     * @param tailLines null for all
     * @param limitBytes null for no limit
     * @param since only lines not older than this, or null
     * @param sinceTime only lines from then on, or null
     */
    record LogOptions(
            @Nullable String container,
            boolean follow,
            boolean previous,
            boolean timestamps,
            @Nullable Integer tailLines,
            @Nullable Long limitBytes,
            @Nullable Duration since,
            @Nullable Instant sinceTime) {}

    /**
     * The far ends of a process' standard streams, owned by the caller.
     *
     * @param stdin null when none is attached
     * @param stdout null when not asked for
     * @param stderr null when not asked for, or merged into stdout by a terminal
     * @param tty whether a terminal is emulated
     */
    record Stdio(
            @Nullable InputStream stdin,
            @Nullable OutputStream stdout,
            @Nullable OutputStream stderr,
            boolean tty) {}

    /** A started command. */
    interface ContainerProcess extends Closeable {
        /** Waits for the exit code. */
        int await() throws InterruptedException;

        /** Tells the process its terminal's size, in character cells. */
        void resize(int columns, int rows);

        /** Kills it if it still runs. */
        @Override
        void close();
    }
}
