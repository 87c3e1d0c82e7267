package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import dev.meshdojo.simulator.apps.shell.ContainerShell;
import dev.meshdojo.simulator.apps.shell.TerminalStreams;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A command that runs beside a container's program. */
final class ExecProcess implements ContainerProcess {

    private static final int KILLED = 137;

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    ExecProcess(RunningContainer container, List<String> command, Stdio stdio) {
        if (!ContainerShell.knows(command.getFirst())) {
            throw Statuses.internal(
                    "error executing command in container: failed to exec in container: failed to"
                            + " start exec \""
                            + Ids.hex64()
                            + "\": OCI runtime exec failed: exec failed: unable to start container"
                            + " process: exec: \""
                            + command.getFirst()
                            + "\": "
                            + (command.getFirst().startsWith("/")
                                    ? "stat " + command.getFirst() + ": no such file or directory"
                                    : "executable file not found in $PATH"));
        }
        this.thread =
                Thread.ofVirtual()
                        .name("exec-" + container.pod().name())
                        .start(() -> exit.complete(run(container, command, stdio)));
        CompletableFuture<Void> withContainer = container.exit().thenAccept(code -> close());
        exit.whenComplete((code, failure) -> withContainer.cancel(false));
    }

    private static int run(RunningContainer container, List<String> command, Stdio stdio) {
        OutputStream out =
                stdio.stdout() == null ? OutputStream.nullOutputStream() : stdio.stdout();
        OutputStream err = stdio.stderr() == null ? out : stdio.stderr();
        InputStream in = stdio.stdin() == null ? ContainerShell.noInput() : stdio.stdin();
        try {
            if (stdio.tty()) {
                out = TerminalStreams.output(out);
                in = TerminalStreams.input(in, out);
                return ContainerShell.runWithTerminal(container, command, in, out);
            }
            return ContainerShell.run(container, command, in, out, err);
        } catch (InterruptedException e) {
            return KILLED;
        } catch (IOException e) {
            return 1;
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
        // Nothing that runs here draws on the screen.
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
