package dev.meshdojo.simulator.replay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Replays transcripts with the real kubectl and helm, each on a cluster of its own, and compares.
 * Runs on platform threads, so that its limits hold however busy the clusters in this JVM are.
 * Thread-safe.
 */
public final class TranscriptRunner {

    private static final Duration STEP_LIMIT = Duration.ofMinutes(2);

    private final ReplayCluster.Factory clusters;
    private final ReplayTools tools;

    /**
     * @param clusters makes the cluster of each transcript
     * @param tools the programs to run
     */
    public TranscriptRunner(ReplayCluster.Factory clusters, ReplayTools tools) {
        this.clusters = clusters;
        this.tools = tools;
    }

    /**
     * Replays one transcript: all steps, also after one that differs, as later steps may still
     * agree.
     */
    public TranscriptResult run(Transcript transcript) throws InterruptedException {
        try (ReplayCluster cluster = clusters.start()) {
            LabKubeconfig kubeconfig = LabKubeconfig.from(cluster.kubeconfig());
            Normalizer normalizer = new Normalizer(transcript, kubeconfig.server());
            List<StepResult> results = new ArrayList<>();
            try (Workspace workspace = Workspace.create(transcript, kubeconfig, tools)) {
                for (Transcript.Step step : transcript.steps()) {
                    long start = System.nanoTime();
                    Workspace.Outcome outcome = workspace.run(step.run(), STEP_LIMIT);
                    results.add(
                            new StepResult(
                                    step,
                                    outcome.exit(),
                                    OutputComparison.compare(
                                            step,
                                            step.stdout(),
                                            normalizer.normalize(step, outcome.stdout())),
                                    OutputComparison.compare(
                                            step,
                                            step.stderr(),
                                            normalizer.normalize(step, outcome.stderr())),
                                    Duration.ofNanos(System.nanoTime() - start)));
                }
            }
            return new TranscriptResult(transcript, results);
        } catch (IOException e) {
            throw new UncheckedIOException(transcript.id() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Replays many, some at a time.
     *
     * @param parallel how many clusters may run at once
     * @param done told of each result as it comes, one at a time
     * @return in the order of {@code transcripts}
     */
    public List<TranscriptResult> runAll(
            List<Transcript> transcripts, int parallel, Consumer<TranscriptResult> done)
            throws InterruptedException {
        try (ExecutorService pool =
                Executors.newFixedThreadPool(
                        parallel, Thread.ofPlatform().daemon().name("replay-", 0).factory())) {
            List<Future<TranscriptResult>> pending = new ArrayList<>();
            for (Transcript transcript : transcripts) {
                pending.add(
                        pool.submit(
                                () -> {
                                    TranscriptResult result = run(transcript);
                                    synchronized (done) {
                                        done.accept(result);
                                    }
                                    return result;
                                }));
            }
            List<TranscriptResult> results = new ArrayList<>();
            for (Future<TranscriptResult> result : pending) {
                results.add(await(result));
            }
            return results;
        }
    }

    private static TranscriptResult await(Future<TranscriptResult> result)
            throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a transcript could not be replayed", e.getCause());
        }
    }
}
