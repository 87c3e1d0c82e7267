package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Runs the stages of a pipeline, each in a subshell on its own virtual thread. */
final class PipelineRun {

    private final Interpreter shell;
    private final Streams streams;

    PipelineRun(Interpreter shell, Streams streams) {
        this.shell = shell;
        this.streams = streams;
    }

    int run(List<Command> stages) {
        int[] statuses = new int[stages.size()];
        List<Thread> threads = new ArrayList<>();
        InputStream in = streams.in();
        Closeable readEnd = () -> {};
        for (int i = 0; i < stages.size(); i++) {
            boolean last = i == stages.size() - 1;
            Pipe pipe = new Pipe();
            PrintStream out = last ? streams.out() : OpenedRedirections.print(pipe.writer());
            Closeable writeEnd = last ? () -> {} : out;
            Streams own = new Streams(in, out, streams.err());
            threads.add(start(stages.get(i), i, own, List.of(writeEnd, readEnd), statuses));
            in = pipe.reader();
            readEnd = in;
        }
        join(threads);
        if (shell.state().has(ShellState.Option.PIPEFAIL)) {
            for (int i = statuses.length - 1; i >= 0; i--) {
                if (statuses[i] != 0) {
                    return statuses[i];
                }
            }
        }
        return statuses[statuses.length - 1];
    }

    private Thread start(
            Command stage, int index, Streams own, List<Closeable> ends, int[] statuses) {
        Interpreter child = shell.subshell();
        return Thread.ofVirtual()
                .name("stage-" + shell.task().identity().pid() + "-" + index)
                .start(
                        () -> {
                            try {
                                statuses[index] = child.runToEnd(stage, own);
                            } finally {
                                ends.forEach(PipelineRun::close);
                            }
                        });
    }

    private static void close(Closeable end) {
        try {
            end.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (BrokenPipeException e) {
            // The reader left first; nothing of this stage is lost that anyone would read.
            return;
        }
    }

    private static void join(List<Thread> threads) {
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
        }
        if (interrupted) {
            throw new ControlFlow.Interrupted();
        }
    }
}
