package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.cluster.Cluster;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a running command sees of the world.
 *
 * @param cluster the lab's cluster
 * @param directory the working directory
 * @param environment variables, exported ones only
 * @param stdin never null; at end of file when nothing is piped in
 * @param stdout UTF-8, passed on as written
 * @param stderr likewise
 * @param job identifies the running job, for {@code lsof} and the job table
 * @param host the shell around the command
 */
public record Invocation(
        Cluster cluster,
        Path directory,
        Map<String, String> environment,
        InputStream stdin,
        PrintStream stdout,
        PrintStream stderr,
        Job job,
        Host host) {

    public Invocation {
        environment = Map.copyOf(environment);
    }

    /** The same place with other input and output. */
    public Invocation withStreams(InputStream in, PrintStream out, PrintStream err) {
        return new Invocation(cluster, directory, environment, in, out, err, job, host);
    }

    /** The same place with other variables. */
    public Invocation withEnvironment(Map<String, String> variables) {
        return new Invocation(cluster, directory, variables, stdin, stdout, stderr, job, host);
    }

    /** The file that {@code name} means here; a leading {@code ~/} is not special. */
    public Path file(String name) {
        return directory.resolve(name).normalize();
    }

    /** What commands may ask of the shell that runs them. */
    public interface Host {

        /** The programs by name, sorted. */
        List<ShellCommand> programs();

        /** Runs another program, as {@code xargs} and {@code timeout} do; 127 when unknown. */
        int launch(List<String> words, Invocation invocation) throws InterruptedException;

        /** Jobs that run now, for {@code lsof} and {@code ps}. */
        List<Job> jobs();

        /** The time of day. */
        InstantSource clock();
    }

    /**
     * A running pipeline.
     *
     * @param pid unique in the shell
     * @param ports local ports that the job listens on; a command adds what it binds and removes
     *     what it closes
     */
    public record Job(int pid, Set<ListeningPort> ports) {}

    /**
     * A listening socket of a job, as {@code lsof -i} prints it.
     *
     * @param command the program's name
     * @param address {@code 127.0.0.1} or {@code ::1}
     * @param port local port
     */
    public record ListeningPort(String command, String address, int port) {}
}
