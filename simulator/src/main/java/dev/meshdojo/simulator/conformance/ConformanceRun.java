package dev.meshdojo.simulator.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs many cases on several clusters at a time. */
public final class ConformanceRun {

    private final Corpus corpus;
    private final ConformanceTarget.Factory targets;

    /** A run of a corpus' cases on clusters that {@code targets} starts. */
    public ConformanceRun(Corpus corpus, ConformanceTarget.Factory targets) {
        this.corpus = corpus;
        this.targets = targets;
    }

    /**
     * Runs cases; a case that breaks its cluster fails, and a fresh cluster goes on with the rest.
     * Those with a recorded duration run after the others, one at a time.
     *
     * @param parallel how many clusters at most
     * @param done told of each outcome, one at a time
     * @return outcomes in the order of {@code cases}
     */
    public List<CaseRunner.Outcome> run(
            List<ConformanceCase> cases, int parallel, Consumer<CaseRunner.Outcome> done)
            throws InterruptedException {
        Queue<Integer> together = new ConcurrentLinkedQueue<>();
        Queue<Integer> alone = new ConcurrentLinkedQueue<>();
        List<CaseRunner.@Nullable Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            (cases.get(i).timed() ? alone : together).add(i);
            outcomes.add(null);
        }
        work(cases, together, parallel, outcomes, done);
        work(cases, alone, 1, outcomes, done);
        List<CaseRunner.Outcome> all = new ArrayList<>();
        for (CaseRunner.Outcome outcome : outcomes) {
            if (outcome != null) {
                all.add(outcome);
            }
        }
        return all;
    }

    private void work(
            List<ConformanceCase> cases,
            Queue<Integer> waiting,
            int parallel,
            List<CaseRunner.@Nullable Outcome> outcomes,
            Consumer<CaseRunner.Outcome> done)
            throws InterruptedException {
        List<Thread> workers = new ArrayList<>();
        int count = Math.min(parallel, waiting.size());
        for (int i = 0; i < count; i++) {
            workers.add(
                    Thread.ofPlatform()
                            .name("conformance-" + i)
                            .start(() -> work(cases, waiting, outcomes, done)));
        }
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } finally {
            workers.forEach(Thread::interrupt);
        }
    }

    private void work(
            List<ConformanceCase> cases,
            Queue<Integer> waiting,
            List<CaseRunner.@Nullable Outcome> outcomes,
            Consumer<CaseRunner.Outcome> done) {
        Integer next = waiting.poll();
        while (next != null) {
            try (ConformanceTarget target = targets.start(corpus)) {
                CaseRunner runner = new CaseRunner(target, corpus);
                while (next != null) {
                    int index = next;
                    CaseRunner.Outcome outcome = runner.run(cases.get(index));
                    next = null;
                    finish(outcomes, index, outcome, done);
                    next = waiting.poll();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException e) {
                if (next != null) {
                    finish(outcomes, next, broken(cases.get(next), e), done);
                }
                next = waiting.poll();
            }
        }
    }

    private static void finish(
            List<CaseRunner.@Nullable Outcome> outcomes,
            int index,
            CaseRunner.Outcome outcome,
            Consumer<CaseRunner.Outcome> done) {
        synchronized (outcomes) {
            outcomes.set(index, outcome);
            done.accept(outcome);
        }
    }

    private static CaseRunner.Outcome broken(ConformanceCase recorded, Exception e) {
        return new CaseRunner.Outcome(
                recorded,
                recorded.exchanges().size(),
                0,
                List.of(new Difference(recorded.name(), "", "run", "ran", e.toString())));
    }
}
