package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabListener;
import dev.meshdojo.simulator.lab.LabLoader;
import dev.meshdojo.simulator.lab.LabSetup;
import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import dev.meshdojo.simulator.shell.Shell;
import dev.meshdojo.simulator.shell.command.StandardCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshdojo shell}. */
@Command(
        name = "shell",
        description =
                "Open the lab shell on a fresh cluster: kubectl, istioctl, curl and friends, all built in.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  meshdojo shell --istio demo",
            "  meshdojo shell --lab 03",
            "  meshdojo shell -c 'kubectl get nodes'",
            "",
            "A line that is just `undo` takes back the last line that changed the cluster or the shell;",
            "`undo -l` lists what can be taken back."
        })
final class ShellCli implements Callable<Integer> {

    @Option(
            names = "--lab",
            paramLabel = "LAB",
            description = "Prepare the cluster as this lab does.")
    private @Nullable String lab;

    @Option(
            names = "--istio",
            paramLabel = "PROFILE",
            description =
                    "none, minimal, default or demo; a lab brings its own. Default: ${DEFAULT-VALUE}")
    private IstioProfile istio = IstioProfile.DEMO;

    @Option(
            names = "--load-balancer",
            paramLabel = "MODE",
            description = "none or metallb. Default: ${DEFAULT-VALUE}")
    private LoadBalancer loadBalancer = LoadBalancer.NONE;

    @Option(names = "-c", paramLabel = "COMMAND", description = "Run this and exit with its code.")
    private @Nullable String command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Lab prepared = lab == null ? null : load(lab);
        IstioProfile profile = prepared == null ? istio : prepared.istio();
        Path directory = prepared == null ? Path.of("") : prepared.root();
        try (FakeCluster cluster = FakeCluster.start(new ClusterSpec(profile, loadBalancer))) {
            if (prepared != null) {
                LabSetup.prepare(prepared, cluster, new LabListener() {});
            }
            try (Shell shell =
                    new Shell(
                            cluster,
                            directory,
                            Map.of("HOME", System.getProperty("user.home", "/")),
                            StandardCommands.all(),
                            Clock.systemUTC())) {
                return command == null
                        ? new ShellDialogue(cluster, shell).converse()
                        : shell.run(command, System.out, System.err);
            }
        }
    }

    private static Lab load(String name) {
        try {
            return new LabLoader(LabRoot.find()).load(name);
        } catch (InvalidSpecException | IOException e) {
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        }
    }
}
