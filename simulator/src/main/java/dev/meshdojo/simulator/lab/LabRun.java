package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.scenario.HttpProbe;
import dev.meshdojo.simulator.scenario.OperationRunner;
import dev.meshdojo.simulator.scenario.ScenarioContext;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.ShellCommand;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
     */
    public record OpenLab(Cluster cluster, LabSession session) implements AutoCloseable {
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
        try (OpenLab open = open(shortened, loadBalancer, listener)) {
            LabResult result = open.session().run(started);
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
        listener.progress("Starting the cluster …");
        Cluster cluster = FakeCluster.start(new ClusterSpec(lab.istio(), loadBalancer));
        boolean opened = false;
        try {
            LabSetup.prepare(lab, cluster, listener);
            ShellTerminal terminal =
                    new ShellTerminal(
                            new Shell(
                                    cluster,
                                    lab.root(),
                                    Map.of("HOME", System.getProperty("user.home", "/")),
                                    programs(),
                                    clock),
                            listener);
            OperationRunner checks =
                    new OperationRunner(
                            new ScenarioContext(
                                    cluster,
                                    loadBalancer,
                                    terminal,
                                    HttpProbe.through(cluster.connector())));
            opened = true;
            return new OpenLab(cluster, new LabSession(lab, terminal, checks, listener));
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
