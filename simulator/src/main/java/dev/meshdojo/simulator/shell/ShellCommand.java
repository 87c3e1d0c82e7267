package dev.meshdojo.simulator.shell;

import java.util.List;

/**
 * A program of the lab shell. Implementations are stateless and thread-safe: all state is in the
 * invocation.
 */
public interface ShellCommand {

    /** The name typed, such as {@code kubectl}. */
    String name();

    /** One line for {@code help}. */
    String summary();

    /**
     * Runs to the end on the calling virtual thread; an interrupt means SIGINT.
     *
     * @param arguments without the command's name
     * @return the exit code, 0 to 255
     */
    int run(List<String> arguments, Invocation invocation) throws InterruptedException;

    /**
     * Whether this call opens a local port that later commands will want to use. The shell goes on
     * behind {@code &} only when such a job has bound its port, ended, or taken very long.
     */
    default boolean opensPort(List<String> arguments) {
        return false;
    }
}
