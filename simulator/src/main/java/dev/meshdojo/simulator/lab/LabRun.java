package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.cluster.fake.FakeClusterOptions;
import dev.meshdojo.simulator.lab.LabResult.StepResult;
import dev.meshdojo.simulator.scenario.HttpProbe;
import dev.meshdojo.simulator.scenario.OperationRunner;
import dev.meshdojo.simulator.scenario.ScenarioContext;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Boots a cluster for a lab and runs the lab on it. Thread-safe: every run has a cluster of its
 * own.
 */
public final class LabRun {

    /** Programs that change the cluster, so that the next command has to wait for the proxies. */
    private static final Set<String> WRITERS = Set.of("kubectl", "istioctl", "helm");

    private final Clock clock;

    public LabRun(Clock clock) {
        this.clock = clock;
    }

    /**
     * A lab that is ready for its first command.
     *
     * @param cluster owned by this
     * @param session owned by this
     * @param shell the session's
     */
    public record OpenLab(Cluster cluster, LabSession session, Shell shell)
            implements AutoCloseable {

        private void save(Lab lab, LoadBalancer loadBalancer, List<StepResult> done, Path file) {
            try {
                SavedLab.save(
                        cluster.checkpoint()
                                .orElseThrow(() -> new IOException("this cluster cannot be saved")),
                        shell.save(),
                        new SavedLab.Progress(lab.name(), loadBalancer, done),
                        file);
            } catch (IOException e) {
                throw new UncheckedIOException(file + " cannot be written", e);
            }
        }

        @Override
        public void close() {
            try (cluster) {
                session.close();
            }
        }
    }

    /** Runs the first {@code steps} steps from start to end, then ends the cluster. */
    public LabResult run(Lab lab, LoadBalancer loadBalancer, int steps, LabListener listener)
            throws InterruptedException {
        return run(lab, loadBalancer, steps, listener, null, null);
    }

    /**
     * The same, going on from an earlier day and keeping a file for a later one.
     *
     * @param loadBalancer used unless {@code from} says it
     * @param from what to go on from, which fits the lab; null to start
     * @param save kept up to date after each step; null for none
     * @throws UncheckedIOException when {@code save} cannot be written
     */
    public LabResult run(
            Lab lab,
            LoadBalancer loadBalancer,
            int steps,
            LabListener listener,
            @Nullable SavedLab from,
            @Nullable Path save)
            throws InterruptedException {
        Instant started = clock.instant();
        Lab shortened =
                new Lab(
                        lab.name(),
                        lab.title(),
                        lab.summary(),
                        lab.root(),
                        lab.istio(),
                        lab.namespaces(),
                        lab.manifests(),
                        lab.steps().subList(0, steps));
        LoadBalancer balancer = from == null ? loadBalancer : from.progress().loadBalancer();
        List<StepResult> done = from == null ? List.of() : from.progress().steps();
        try (OpenLab open = open(shortened, balancer, listener, from)) {
            LabResult result =
                    open.session()
                            .run(
                                    started,
                                    done,
                                    upToNow -> {
                                        if (save != null) {
                                            open.save(lab, balancer, upToNow, save);
                                        }
                                    });
            return new LabResult(
                    result.lab(),
                    result.title(),
                    started,
                    Duration.between(started, clock.instant()),
                    result.steps());
        }
    }

    /** Boots the cluster and prepares it; the caller closes what it gets. */
    public OpenLab open(Lab lab, LoadBalancer loadBalancer, LabListener listener)
            throws InterruptedException {
        return open(lab, loadBalancer, listener, null);
    }

    private OpenLab open(
            Lab lab, LoadBalancer loadBalancer, LabListener listener, @Nullable SavedLab from)
            throws InterruptedException {
        listener.progress("Starting the cluster …");
        FakeClusterOptions options =
                FakeClusterOptions.of(new ClusterSpec(lab.istio(), loadBalancer));
        Cluster cluster =
                FakeCluster.start(from == null ? options : options.withSnapshot(from.cluster()));
        boolean opened = false;
        try {
            if (from == null) {
                LabSetup.prepare(lab, cluster, listener);
            }
            Shell shell =
                    new Shell(
                            cluster,
                            lab.root(),
                            Map.of("HOME", System.getProperty("user.home", "/")),
                            programs(),
                            clock);
            ShellTerminal terminal = new ShellTerminal(shell, listener);
            if (from != null) {
                listener.progress("Resumed. " + UndoLog.LOST);
                ShellRestart.restore(shell, from.shell(), terminal.out(), terminal.err())
                        .forEach(listener::progress);
            }
            OperationRunner checks =
                    new OperationRunner(
                            new ScenarioContext(
                                    cluster,
                                    loadBalancer,
                                    terminal,
                                    HttpProbe.through(cluster.connector())));
            opened = true;
            return new OpenLab(
                    cluster,
                    new LabSession(
                            lab,
                            terminal,
                            checks,
                            new UndoLog<>(cluster, shell, terminal.out(), terminal.err()),
                            listener),
                    shell);
        } finally {
            if (!opened) {
                cluster.close();
            }
        }
    }

    private static List<ShellCommand> programs() {
        return StandardCommands.all().stream()
                .map(
                        command ->
                                WRITERS.contains(command.name())
                                        ? new PacedCommand(command)
                                        : command)
                .toList();
    }
}
