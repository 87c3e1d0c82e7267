package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFormat;
import dev.meshdojo.simulator.lab.UndoLog;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshdojo cluster restore}. */
@Command(
        name = "restore",
        description = {
            "Take a cluster that `meshdojo cluster up` runs back to a saved state.",
            "Clients stay connected; watches see the difference as changes."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  meshdojo cluster restore before-upgrade.snapshot"})
final class ClusterRestoreCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster's kubeconfig. Default: ${DEFAULT-VALUE}")
    private Path kubeconfig = Path.of("meshdojo.kubeconfig");

    @Parameters(
            paramLabel = "FILE",
            description =
                    "What `cluster snapshot`, `cluster up --snapshot` or `lab run --save` kept.")
    private Path file = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        byte[] state = SnapshotFormat.encode(SavedFiles.load("FILE", file, SnapshotFile::load));
        try (RunningCluster cluster = RunningCluster.open(kubeconfig)) {
            cluster.restore(state);
            PrintWriter console = spec.commandLine().getOut();
            console.println("The cluster at " + cluster.address() + " is as " + file + " says.");
            console.println(UndoLog.LOST);
            console.flush();
            return ExitCode.OK;
        }
    }
}
