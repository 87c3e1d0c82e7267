package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.scenario.ScenarioContext.ScriptResult;
import dev.meshdojo.simulator.scenario.ScenarioContext.Scripts;
import dev.meshdojo.simulator.shell.Shell;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A lab's terminal on the lab shell. Background jobs go on writing to it, as in a terminal; their
 * output counts for the command that runs when it comes.
 */
final class ShellTerminal implements LabTerminal, Scripts {

    /**
     * How long a new background job may take until it listens or ends, before the next command is
     * typed.
     */
    private static final Duration JOB_START_LIMIT = Duration.ofSeconds(3);

    private final Shell shell;
    private final LabListener listener;
    private final Transcript transcript = new Transcript();
    private final OutputStream out = new Tap(false);
    private final OutputStream err = new Tap(true);

    ShellTerminal(Shell shell, LabListener listener) {
        this.shell = shell;
        this.listener = listener;
    }

    /** Where commands write to. */
    OutputStream out() {
        return out;
    }

    /** Where commands complain to. */
    OutputStream err() {
        return err;
    }

    @Override
    public Outcome type(String script) throws InterruptedException {
        transcript.clear();
        int exitCode = shell.run(script, out, err);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        awaitJobs();
        return new Outcome(exitCode, transcript.text());
    }

    /**
     * A person takes a second before the next command; a port-forward is up by then. So wait for
     * that, and no longer.
     */
    private void awaitJobs() throws InterruptedException {
        long deadline = System.nanoTime() + JOB_START_LIMIT.toNanos();
        CountDownLatch pause = new CountDownLatch(1);
        while (shell.jobs().stream().anyMatch(job -> job.job().ports().isEmpty())
                && System.nanoTime() < deadline) {
            pause.await(5, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public ScriptResult run(String script) throws InterruptedException {
        ByteArrayOutputStream stdout = new ByteArrayOutputStream();
        ByteArrayOutputStream stderr = new ByteArrayOutputStream();
        int exitCode = shell.run(script, stdout, stderr);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return new ScriptResult(
                exitCode,
                stdout.toString(StandardCharsets.UTF_8),
                stderr.toString(StandardCharsets.UTF_8));
    }

    @Override
    public String expand(String text) throws InterruptedException {
        String quoted = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("`", "\\`");
        return run("printf '%s' \"" + quoted + "\"").stdout();
    }

    @Override
    public void close() {
        shell.close();
    }

    private static final class Transcript {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        synchronized void add(byte[] buffer, int offset, int length) {
            bytes.write(buffer, offset, length);
        }

        synchronized void clear() {
            bytes.reset();
        }

        synchronized String text() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    private final class Tap extends OutputStream {
        private final boolean stderr;

        Tap(boolean stderr) {
            this.stderr = stderr;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) {
            transcript.add(buffer, offset, length);
            listener.output(buffer, offset, length, stderr);
        }
    }
}
