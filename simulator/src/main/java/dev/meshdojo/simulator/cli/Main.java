package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.cluster.fake.FakeReplayClusters;
import dev.meshdojo.simulator.conformance.FakeClusterTargets;
import java.util.Objects;
import java.util.ServiceLoader;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Entry point of {@code meshdojo}. */
@Command(
        name = "meshdojo",
        description = "A local mesh lab simulator and test harness for Istio gateways.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Provider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            LabCommand.class,
            ClusterCommand.class,
            ShellCli.class,
            ExplainCommand.class,
            GatewayCommand.class,
            ApplyCheckCommand.class,
            VersionCommand.class,
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all checks hold",
            "1:a check failed",
            "2:bad usage or invalid input",
            "3:the environment lacks something; the message says what to do"
        },
        footer = {"", "Start here:  meshdojo lab run 03", "Documentation: docs/ and README.md"})
public final class Main implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Runs the command and exits the JVM with its code. */
    public static void main(String[] args) {
        System.setProperty("slf4j.internal.verbosity", "WARN");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        Objects.requireNonNull(commandLine.getSubcommands().get("cluster"))
                .addSubcommand(new ClusterReplayCommand(FakeReplayClusters.FACTORY));
        commandLine.addSubcommand(new ConformanceCommand(new FakeClusterTargets()));
        for (Subcommand extra : ServiceLoader.load(Subcommand.class)) {
            commandLine.addSubcommand(extra);
        }
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setColorScheme(
                CommandLine.Help.defaultColorScheme(Console.coloured() ? Ansi.ON : Ansi.OFF));
        commandLine.setExecutionExceptionHandler(
                (exception, command, parsed) -> {
                    if (exception instanceof CliException expected) {
                        command.getErr().println("meshdojo: " + expected.getMessage());
                        return expected.exitCode();
                    }
                    throw exception;
                });
        return commandLine;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command.");
    }
}
