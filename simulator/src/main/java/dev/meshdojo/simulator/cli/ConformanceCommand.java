package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.conformance.CaseRunner;
import dev.meshdojo.simulator.conformance.ConformanceCase;
import dev.meshdojo.simulator.conformance.ConformanceReport;
import dev.meshdojo.simulator.conformance.ConformanceRun;
import dev.meshdojo.simulator.conformance.ConformanceTarget;
import dev.meshdojo.simulator.conformance.Corpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshdojo conformance DIR}. */
@Command(
        name = "conformance",
        description =
                "Replays recorded exchanges against the in-process mesh and prints every field that"
                        + " differs.")
public final class ConformanceCommand implements Callable<Integer> {

    private static final int DIFFERS = 1;
    private static final int BAD_USAGE = 2;
    private static final int CLUSTERS = 4;

    private final ConformanceTarget.Factory targets;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "Directory with ConformanceCase files, world.yaml and secrets.yaml.")
    private Path directory = Path.of(".");

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where to write conformance.json.")
    private @Nullable Path report;

    @Option(names = "--area", paramLabel = "A", description = "Only cases of this area.")
    private @Nullable String area;

    @Option(names = "--case", paramLabel = "NAME", description = "Only the case of this name.")
    private @Nullable String name;

    @Option(names = "--parallel", paramLabel = "N", description = "Clusters at a time.")
    private int parallel = Math.min(CLUSTERS, Runtime.getRuntime().availableProcessors());

    /**
     * @param targets makes clusters
     */
    public ConformanceCommand(ConformanceTarget.Factory targets) {
        this.targets = targets;
    }

    /** Returns 0 when all agree, 1 on a difference, 2 on bad usage. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        CommandSpec command = Objects.requireNonNull(spec, "picocli sets it");
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        if (!Files.isDirectory(directory)) {
            err.println("no directory " + directory + "; name the one that holds the cases");
            return BAD_USAGE;
        }
        Corpus corpus = Corpus.read(directory);
        List<ConformanceCase> chosen = corpus.cases().stream().filter(this::isChosen).toList();
        if (chosen.isEmpty()) {
            err.println("no ConformanceCase in " + directory + " matches --area and --case");
            return BAD_USAGE;
        }
        ConformanceReport result =
                new ConformanceReport(
                        new ConformanceRun(corpus, targets)
                                .run(
                                        chosen,
                                        Math.max(1, parallel),
                                        outcome -> print(out, outcome)));
        out.printf(
                "%d cases, %d of %d exchanges equal%n",
                result.outcomes().size(), result.equal(), result.compared());
        Path target = report;
        if (target != null) {
            out.println("report: " + result.write(target));
        }
        out.flush();
        return result.passed() && result.outcomes().size() == chosen.size() ? 0 : DIFFERS;
    }

    private boolean isChosen(ConformanceCase recorded) {
        return (area == null || area.equals(recorded.area()))
                && (name == null || name.equals(recorded.name()));
    }

    private static void print(PrintWriter out, CaseRunner.Outcome outcome) {
        out.printf(
                "%s %s/%s (%d of %d exchanges)%n",
                outcome.differences().isEmpty() ? "ok  " : "DIFF",
                outcome.recorded().area(),
                outcome.recorded().name(),
                outcome.equal(),
                outcome.compared());
        outcome.differences().forEach(difference -> out.println("  " + difference));
        out.flush();
    }
}
