package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabLoader;
import dev.meshdojo.simulator.lab.LabReports;
import dev.meshdojo.simulator.lab.LabResult;
import dev.meshdojo.simulator.lab.LabRun;
import dev.meshdojo.simulator.lab.SavedLab;
import dev.meshdojo.simulator.scenario.spec.InvalidSpecException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshdojo lab}. */
@Command(
        name = "lab",
        description = "List and run labs.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {LabCommand.ListLabs.class, LabCommand.Run.class})
final class LabCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing a command: list or run.");
    }

    /** {@code meshdojo lab list}. */
    @Command(
            name = "list",
            description = "List the labs under ./labs, or of this installation.",
            mixinStandardHelpOptions = true)
    static final class ListLabs implements Callable<Integer> {

        @Spec private CommandSpec spec = CommandSpec.create();

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            LabLoader loader = new LabLoader(LabRoot.find());
            for (String name : loader.names()) {
                Lab lab = load(loader, name);
                out.printf("%-6s %s%n       %s%n", name, lab.title(), lab.summary());
            }
            return ExitCode.OK;
        }
    }

    /** {@code meshdojo lab run}. */
    @Command(
            name = "run",
            description = "Run a lab's commands and checks, step by step, and tell how it went.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Examples:",
                "  meshdojo lab run 03",
                "  meshdojo lab run 03 --load-balancer metallb --report target/labs",
                "",
                "Go on another day:",
                "  meshdojo lab run 03 --step 4 --save lab03.snapshot",
                "  meshdojo lab run 03 --resume lab03.snapshot --save lab03.snapshot"
            })
    static final class Run implements Callable<Integer> {

        @Spec private CommandSpec spec = CommandSpec.create();

        @Parameters(paramLabel = "LAB", description = "The lab's name; see: meshdojo lab list")
        private String name = "";

        @Option(
                names = "--load-balancer",
                paramLabel = "MODE",
                description =
                        "Who answers for Services of type LoadBalancer: none (external addresses"
                                + " stay <pending>) or metallb. Default: ${DEFAULT-VALUE}")
        private LoadBalancer loadBalancer = LoadBalancer.NONE;

        @Option(
                names = "--step",
                paramLabel = "N",
                description = "Stop after step N, counted from 1.")
        private @Nullable Integer lastStep;

        @Option(
                names = "--report",
                paramLabel = "DIR",
                description = "Write lab-NAME.json and TEST-lab-NAME.xml (JUnit) there.")
        private @Nullable Path report;

        @Option(
                names = "--save",
                paramLabel = "FILE",
                description = {
                    "Keep cluster, shell and progress in this file, from step to step.",
                    "It holds Secrets and keys and is readable by you alone."
                })
        private @Nullable Path save;

        @Option(
                names = "--resume",
                paramLabel = "FILE",
                description = {
                    "Go on behind the last step that --save kept, with its load balancer.",
                    "Port-forwards start again; logs and files of pods are gone."
                })
        private @Nullable Path resume;

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            Lab lab = load(new LabLoader(LabRoot.find()), name);
            if (lastStep != null && (lastStep < 1 || lastStep > lab.steps().size())) {
                throw new CliException(
                        ExitCode.BAD_INPUT,
                        "--step must be 1 to " + lab.steps().size() + ", but is " + lastStep);
            }
            int last = lastStep == null ? lab.steps().size() : lastStep;
            SavedFiles.checkTarget("--save", save, "--resume", resume);
            SavedLab from = resumed(lab, last);
            LabConsole console = new LabConsole(lab, out, Console.coloured());
            LabResult result = run(lab, last, console, from);
            console.summary(result);
            if (report != null) {
                LabReports.write(result, report);
                out.println("Reports: " + report.resolve("lab-" + lab.name() + ".json"));
            }
            out.flush();
            return result.passed() ? ExitCode.OK : ExitCode.CHECK_FAILED;
        }

        private LabResult run(Lab lab, int last, LabConsole console, @Nullable SavedLab from)
                throws InterruptedException {
            try {
                return new LabRun(Clock.systemUTC())
                        .run(lab, loadBalancer, last, console, from, save);
            } catch (UncheckedIOException e) {
                throw new CliException(
                        ExitCode.BAD_INPUT,
                        e.getMessage() + ": " + Objects.requireNonNull(e.getCause()).getMessage());
            }
        }

        private @Nullable SavedLab resumed(Lab lab, int last) {
            Path file = resume;
            if (file == null) {
                return null;
            }
            SavedLab saved = SavedFiles.load("--resume", file, SavedLab::load);
            String mismatch = saved.mismatch(lab);
            if (mismatch == null && saved.progress().steps().size() > last) {
                mismatch =
                        "steps 1 to "
                                + saved.progress().steps().size()
                                + " are done there, so --step "
                                + last
                                + " is past";
            }
            if (mismatch != null) {
                throw new CliException(
                        ExitCode.BAD_INPUT, "--resume: " + file + " does not fit: " + mismatch);
            }
            return saved;
        }
    }

    private static Lab load(LabLoader loader, String name) {
        try {
            return loader.load(name);
        } catch (InvalidSpecException | IOException e) {
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        }
    }
}
