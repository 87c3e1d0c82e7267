package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.ContainerProcess;
import dev.meshdojo.simulator.apiserver.stream.PodStreams.Stdio;
import dev.meshdojo.simulator.apps.shell.ContainerShell;
import dev.meshdojo.simulator.apps.shell.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;

/** A command that runs beside a container's program. */
final class ExecProcess implements ContainerProcess {

    private static final Logger LOG = Logger.getLogger(ExecProcess.class.getName());
    private static final int KILLED = 137;
    private static final int BUFFER = 4096;

    private static final Duration SIZE_WAIT = Duration.ofMillis(100);

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final CompletableFuture<Terminal> terminal = new CompletableFuture<>();
    private final CountDownLatch sized = new CountDownLatch(1);
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

    /** Clients tell the size at once; a program that asks for it first thing should know. */
    private Terminal terminal(InputStream in, OutputStream out) throws InterruptedException {
        Terminal opened = new Terminal(out);
        terminal.complete(opened);
        Thread.ofVirtual().name("typing").start(() -> type(in, opened));
        if (!sized.await(SIZE_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
            LOG.finest("the client tells no size");
        }
        return opened;
    }

    private static void type(InputStream in, Terminal terminal) {
        byte[] buffer = new byte[BUFFER];
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                terminal.type(buffer, 0, count);
            }
        } catch (IOException _) {
            // The client is gone.
        } finally {
            terminal.hangUp();
        }
    }

    private int run(RunningContainer container, List<String> command, Stdio stdio) {
        OutputStream out =
                stdio.stdout() == null ? OutputStream.nullOutputStream() : stdio.stdout();
        OutputStream err = stdio.stderr() == null ? out : stdio.stderr();
        InputStream in = stdio.stdin() == null ? ContainerShell.noInput() : stdio.stdin();
        try {
            if (stdio.tty()) {
                return ContainerShell.runWithTerminal(container, command, terminal(in, out));
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
        terminal.thenAccept(
                opened -> {
                    opened.resize(columns, rows);
                    sized.countDown();
                });
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
