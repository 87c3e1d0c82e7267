package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import dev.meshdojo.simulator.apps.shell.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A client at the standard streams of a container's program, until the program ends or the client
 * leaves. The program's exit code is not the client's: it gets 0, as the kubelet does it.
 */
final class AttachProcess implements ContainerProcess {

    private static final int BUFFER = 4096;

    private final CompletableFuture<Integer> done = new CompletableFuture<>();
    private final RunningContainer container;
    private final AutoCloseable output;

    AttachProcess(RunningContainer container, Stdio stdio) {
        this.container = container;
        OutputStream out =
                stdio.stdout() == null ? OutputStream.nullOutputStream() : stdio.stdout();
        this.output = container.console().attach(out);
        InputStream in = stdio.stdin();
        if (in != null && container.takesInput()) {
            Thread.ofVirtual()
                    .name("attach-" + container.pod().name())
                    .start(() -> copy(in, container));
        }
        container.exit().whenComplete((code, failure) -> done.complete(0));
    }

    private static void copy(InputStream in, RunningContainer container) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                container.console().type(Arrays.copyOf(buffer, count));
            }
        } catch (IOException _) {
            // The client is gone.
        }
        if (container.takesInputOnce()) {
            container.console().endInput();
        }
    }

    @Override
    public int await() throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void resize(int columns, int rows) {
        Terminal terminal = container.console().terminal();
        if (terminal != null) {
            terminal.resize(columns, rows);
        }
    }

    @Override
    public void close() {
        try {
            output.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        done.complete(0);
    }
}
