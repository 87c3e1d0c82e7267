package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshdojo cluster snapshot}. */
@Command(
        name = "snapshot",
        description = {
            "Save the state of a cluster that `meshdojo cluster up` runs, while it runs on.",
            "The file holds Secrets and keys and is readable by you alone."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  meshdojo cluster snapshot before-upgrade.snapshot",
            "  meshdojo cluster restore before-upgrade.snapshot"
        })
final class ClusterSnapshotCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "The cluster's kubeconfig. Default: ${DEFAULT-VALUE}")
    private Path kubeconfig = Path.of("meshdojo.kubeconfig");

    @Option(names = "--force", description = "Overwrite a file that exists.")
    private boolean force;

    @Parameters(paramLabel = "OUT", description = "Where to save it.")
    private Path out = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        if (Files.exists(out) && !force) {
            throw new CliException(
                    ExitCode.BAD_INPUT, out + " exists; name another file, or add --force");
        }
        try (RunningCluster cluster = RunningCluster.open(kubeconfig)) {
            Snapshot state = SnapshotFormat.decode(cluster.state(), "the answer");
            SnapshotFile.save(state, out);
            int objects =
                    state.image().buckets().values().stream().mapToInt(map -> map.size()).sum();
            PrintWriter console = spec.commandLine().getOut();
            console.println(
                    "Saved "
                            + objects
                            + " objects of the cluster at "
                            + cluster.address()
                            + " to "
                            + out);
            console.println("Go back: meshdojo cluster restore " + out);
            console.flush();
            return ExitCode.OK;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT, out + " cannot be written: " + e.getMessage());
        }
    }
}
