package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.cluster.Cluster;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a running command sees of the world.
 *
 * @param cluster the lab's cluster
 * @param directory the working directory
 * @param environment variables, exported ones only
 * @param stdin never null; at end of file when nothing is piped in
 * @param stdout UTF-8, flushed by the shell at the end; commands that follow something flush each
 *     line
 * @param stderr likewise
 * @param job identifies the running job, for {@code lsof} and the job table
 */
public record Invocation(
        Cluster cluster,
        Path directory,
        Map<String, String> environment,
        InputStream stdin,
        PrintStream stdout,
        PrintStream stderr,
        Job job) {

    /**
     * A running pipeline.
     *
     * @param pid unique in the shell
     * @param ports local ports that the job listens on; a command adds what it binds and removes
     *     what it closes
     */
    public record Job(int pid, java.util.Set<ListeningPort> ports) {}

    /**
     * A listening socket of a job, as {@code lsof -i} prints it.
     *
     * @param command the program's name
     * @param address {@code 127.0.0.1} or {@code ::1}
     * @param port local port
     */
    public record ListeningPort(String command, String address, int port) {}
}
