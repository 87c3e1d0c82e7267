package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Parser;
import dev.meshdojo.simulator.shell.syntax.ShellSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A lab shell: variables, working directory and jobs live from one script to the next, as in a
 * terminal. Any number of shells may share a cluster.
 *
 * <p>Scripts run one at a time on a virtual thread; a second {@link #run} waits for the first.
 * {@link #interrupt}, {@link #jobs}, {@link #kill} and {@link #close} may be called from any
 * thread. {@code KUBECONFIG} names a private copy of the cluster's kubeconfig, removed on close.
 */
public final class Shell implements AutoCloseable {

    private static final String KUBECONFIG = "KUBECONFIG";
    private static final String KUBECONFIG_FILE = "config";
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Session session;
    private final ShellState state;
    private final Path scratch;
    private final ReentrantLock running = new ReentrantLock();
    private volatile @Nullable Task foreground;
    private volatile boolean closed;

    /**
     * Opens a shell.
     *
     * @param cluster where {@code kubectl} and {@code curl} go; not closed with the shell
     * @param directory where it starts
     * @param environment exported variables to begin with
     * @param programs what can be run, beside the shell's own built-ins
     * @param clock the time of day
     */
    public Shell(
            Cluster cluster,
            Path directory,
            Map<String, String> environment,
            Collection<ShellCommand> programs,
            InstantSource clock) {
        JobTable jobs = new JobTable();
        TreeMap<String, ShellCommand> table = new TreeMap<>();
        programs.forEach(program -> table.put(program.name(), program));
        this.session = new Session(cluster, table, jobs, clock, jobs.nextPid());
        this.state = new ShellState(directory.toAbsolutePath().normalize(), environment);
        this.scratch = writeKubeconfig(cluster.kubeconfig());
        state.variables.put(KUBECONFIG, scratch.resolve(KUBECONFIG_FILE).toString());
        state.exported.add(KUBECONFIG);
    }

    private static Path writeKubeconfig(String kubeconfig) {
        try {
            Path directory = Files.createTempDirectory("meshdojo-shell-");
            Path file = directory.resolve(KUBECONFIG_FILE);
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            }
            Files.writeString(file, kubeconfig);
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Can't write the shell's kubeconfig; is the temporary directory writable?", e);
        }
    }

    /**
     * Runs a script with nothing on its standard input.
     *
     * @param stdout gets output as it is written, UTF-8; jobs left in the background go on writing
     *     to it
     * @return the exit status: 2 for a script that cannot be read, 127 for an unknown command, 128
     *     + signal when interrupted
     */
    public int run(String script, OutputStream stdout, OutputStream stderr) {
        return run(script, InputStream.nullInputStream(), stdout, stderr);
    }

    /** Like {@link #run(String, OutputStream, OutputStream)}, with something to read. */
    public int run(String script, InputStream stdin, OutputStream stdout, OutputStream stderr) {
        Streams streams =
                new Streams(
                        stdin, OpenedRedirections.print(stdout), OpenedRedirections.print(stderr));
        running.lock();
        try {
            if (closed) {
                throw new IllegalStateException("shell is closed; open another");
            }
            Command tree = Parser.parse(script);
            Task task = session.jobs().foreground(script.strip());
            foreground = task;
            try {
                return runOn(task, tree, streams);
            } finally {
                foreground = null;
                session.jobs().forget(task);
            }
        } catch (ShellSyntaxException e) {
            streams.err().println("meshdojo: " + e.getMessage());
            state.status = 2;
            return 2;
        } finally {
            streams.out().flush();
            streams.err().flush();
            running.unlock();
        }
    }

    private int runOn(Task task, Command tree, Streams streams) {
        Interpreter interpreter = new Interpreter(session, state, task, streams);
        Thread runner =
                Thread.ofVirtual()
                        .name("shell-" + task.identity().pid())
                        .unstarted(
                                () -> {
                                    int status = 1;
                                    try {
                                        status = interpreter.runToEnd(tree, streams);
                                    } finally {
                                        task.finish(status);
                                    }
                                });
        task.start(runner);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                    task.kill(Task.SIGINT);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** SIGINT for the script that runs now; nothing when none does. */
    public void interrupt() {
        Task task = foreground;
        if (task != null) {
            task.kill(Task.SIGINT);
        }
    }

    /** Ends a background job; returns whether there was one of that pid. */
    public boolean kill(int pid) {
        Task task = session.jobs().byPid(pid);
        if (task != null) {
            task.kill(Task.SIGTERM);
        }
        return task != null;
    }

    /** Background jobs that run now. */
    public List<RunningJob> jobs() {
        return session.jobs().background().stream()
                .filter(Task::running)
                .map(t -> new RunningJob(t.number(), t.identity(), t.source()))
                .toList();
    }

    /**
     * A background job.
     *
     * @param number as in {@code %1}
     * @param job its pid and ports
     * @param source as typed
     */
    public record RunningJob(int number, Invocation.Job job, String source) {}

    /** The working directory. */
    public Path directory() {
        return state.directory;
    }

    /** Exported variables, a copy. Call between scripts. */
    public Map<String, String> environment() {
        return state.environment();
    }

    /** The value of a variable, exported or not; null when unset. Call between scripts. */
    public @Nullable String variable(String name) {
        return state.variables.get(name);
    }

    /** What a later {@link #restore} needs. Waits for a running script. */
    public SavedShell save() {
        running.lock();
        try {
            SavedShell saved =
                    state.save(
                            jobs().stream()
                                    .map(j -> new SavedShell.SavedJob(j.job().pid(), j.source()))
                                    .toList());
            String own = scratch.resolve(KUBECONFIG_FILE).toString();
            if (!own.equals(saved.variables().get(KUBECONFIG))) {
                return saved;
            }
            Map<String, String> variables = new TreeMap<>(saved.variables());
            variables.remove(KUBECONFIG);
            return new SavedShell(
                    saved.directory(),
                    variables,
                    saved.exported(),
                    saved.readonly(),
                    saved.options(),
                    saved.functions(),
                    saved.jobs());
        } finally {
            running.unlock();
        }
    }

    /**
     * Goes back to what this shell, or another one, was. Background jobs that did not run then are
     * ended; this waits for them, and for a running script.
     *
     * @return those that ran then and do not run now, as typed; nothing can continue them
     */
    public List<String> restore(SavedShell saved) {
        running.lock();
        try {
            List<Task> now = session.jobs().background().stream().filter(Task::running).toList();
            List<SavedShell.SavedJob> lost = new ArrayList<>(saved.jobs());
            List<Task> newer = new ArrayList<>();
            for (Task task : now) {
                if (!lost.remove(new SavedShell.SavedJob(task.identity().pid(), task.source()))) {
                    newer.add(task);
                }
            }
            end(newer);
            session.jobs().background().stream()
                    .filter(task -> !task.running())
                    .forEach(session.jobs()::forget);
            state.become(saved);
            if (!state.variables.containsKey(KUBECONFIG)) {
                state.variables.put(KUBECONFIG, scratch.resolve(KUBECONFIG_FILE).toString());
                state.exported.add(KUBECONFIG);
            }
            return lost.stream().map(SavedShell.SavedJob::source).toList();
        } finally {
            running.unlock();
        }
    }

    /** Kills every job and waits for them to end, then removes the private kubeconfig. */
    @Override
    public void close() {
        closed = true;
        try {
            end(List.copyOf(session.jobs().all()));
        } finally {
            remove();
        }
    }

    private static void end(List<Task> tasks) {
        tasks.forEach(task -> task.kill(Task.SIGTERM));
        try {
            for (Task task : tasks) {
                if (!task.await(STOP_LIMIT)) {
                    throw new IllegalStateException(
                            "job "
                                    + task.identity().pid()
                                    + " ("
                                    + task.source()
                                    + ") does not end");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(scratch.resolve(KUBECONFIG_FILE));
            Files.deleteIfExists(scratch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
