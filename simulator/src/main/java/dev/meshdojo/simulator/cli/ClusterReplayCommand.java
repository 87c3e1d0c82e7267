package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.replay.ReplayCluster;
import dev.meshdojo.simulator.replay.ReplayReport;
import dev.meshdojo.simulator.replay.ReplayTools;
import dev.meshdojo.simulator.replay.Transcript;
import dev.meshdojo.simulator.replay.TranscriptReader;
import dev.meshdojo.simulator.replay.TranscriptResult;
import dev.meshdojo.simulator.replay.TranscriptRunner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code meshdojo cluster replay DIR}. */
@Command(
        name = "replay",
        description =
                "Replays recorded kubectl transcripts against the in-process cluster and prints where"
                        + " it answers otherwise.")
public final class ClusterReplayCommand implements Callable<Integer> {

    private static final int DIFFERS = 1;
    private static final int BAD_USAGE = 2;
    private static final int LACKS_TOOL = 3;

    private final ReplayCluster.Factory clusters;

    @Spec private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Directory with KubectlTranscript files.")
    private Path directory = Path.of(".");

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description = "Where to write replay.json, one entry for each step.")
    private @Nullable Path report;

    @Option(names = "--area", paramLabel = "A", description = "Only transcripts of this area.")
    private @Nullable String area;

    @Option(names = "--name", paramLabel = "N", description = "Only the transcript of this name.")
    private @Nullable String name;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description = "Clusters at a time (default: one for each processor).")
    private int parallel = Runtime.getRuntime().availableProcessors();

    /**
     * @param clusters makes a fresh cluster for each transcript
     */
    public ClusterReplayCommand(ReplayCluster.Factory clusters) {
        this.clusters = clusters;
    }

    /** Returns 0 when all agree, 1 on a difference, 2 on bad usage, 3 when kubectl is missing. */
    @Override
    public Integer call() throws InterruptedException, IOException {
        CommandSpec command = java.util.Objects.requireNonNull(spec, "picocli sets it");
        PrintWriter out = command.commandLine().getOut();
        PrintWriter err = command.commandLine().getErr();
        if (!Files.isDirectory(directory)) {
            err.println("no directory " + directory + "; name the one that holds the transcripts");
            return BAD_USAGE;
        }
        List<Transcript> chosen =
                TranscriptReader.readAll(directory).stream().filter(this::isChosen).toList();
        if (chosen.isEmpty()) {
            err.println("no KubectlTranscript in " + directory + " matches --area and --name");
            return BAD_USAGE;
        }
        Optional<ReplayTools> tools = ReplayTools.find(System.getenv());
        if (tools.isEmpty()) {
            err.println("no kubectl on PATH; install it or set MESHDOJO_KUBECTL to the program");
            return LACKS_TOOL;
        }
        List<TranscriptResult> results =
                new TranscriptRunner(clusters, tools.get())
                        .runAll(chosen, Math.max(1, parallel), result -> print(out, result));
        return summarize(out, results);
    }

    private boolean isChosen(Transcript transcript) {
        return (area == null || area.equals(transcript.area()))
                && (name == null || name.equals(transcript.name()));
    }

    private static void print(PrintWriter out, TranscriptResult result) {
        long passed = result.steps().stream().filter(step -> step.passed()).count();
        out.printf(
                "%s %s (%d of %d steps)%n",
                result.passed() ? "ok  " : "DIFF",
                result.transcript().id(),
                passed,
                result.transcript().steps().size());
        if (!result.passed()) {
            out.println(result.explanation());
        }
        out.flush();
    }

    private int summarize(PrintWriter out, List<TranscriptResult> results) throws IOException {
        long good = results.stream().filter(TranscriptResult::passed).count();
        out.printf("%d of %d transcripts agree%n", good, results.size());
        Path target = report;
        if (target != null) {
            out.println("report: " + ReplayReport.write(results, target));
        }
        out.flush();
        return good == results.size() ? 0 : DIFFERS;
    }
}
