package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A client at the standard output of a container's program; its input goes nowhere. */
final class AttachProcess implements ContainerProcess {

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    AttachProcess(RunningContainer container, Stdio stdio) {
        this.thread =
                Thread.ofVirtual()
                        .name("attach-" + container.pod().name())
                        .start(() -> exit.complete(copy(container, stdio)));
    }

    private static int copy(RunningContainer container, Stdio stdio) {
        OutputStream out =
                stdio.stdout() == null ? OutputStream.nullOutputStream() : stdio.stdout();
        long next = container.output().next();
        try {
            while (true) {
                List<ContainerLog.Line> lines = container.output().await(next);
                if (lines == null) {
                    return container.exit().get();
                }
                next += lines.size();
                for (ContainerLog.Line line : lines) {
                    out.write((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                out.flush();
            }
        } catch (IOException | InterruptedException | ExecutionException e) {
            return 0;
        }
    }

    @Override
    public int await() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void resize(int columns, int rows) {
        // The program does not draw on a screen.
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
