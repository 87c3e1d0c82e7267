package dev.meshdojo.desktop.bridge;

import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.TrafficHop;
import dev.meshdojo.simulator.lab.Lab;
import dev.meshdojo.simulator.lab.LabBlock;
import dev.meshdojo.simulator.lab.LabListener;
import dev.meshdojo.simulator.lab.LabRun;
import dev.meshdojo.simulator.lab.LabRun.OpenLab;
import dev.meshdojo.simulator.scenario.CheckResult;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Runs one lab for the desktop app. Work happens on one virtual thread, in the order it was asked
 * for; every answer reaches the listener through the UI executor, so the screen never waits and
 * never sees another thread.
 */
public final class LabBridge implements AutoCloseable {

    private final Lab lab;
    private final LoadBalancer loadBalancer;
    private final Listener listener;
    private final Executor ui;
    private final ExecutorService worker =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("lab").factory());
    private volatile @Nullable OpenLab open;

    /** What the page shows of a lab. All methods are called on the UI executor. */
    public interface Listener {

        /** The cluster is getting ready; {@code message} says what it waits for. */
        void progress(String message);

        /** Commands can be run now. */
        void ready();

        /** The lab could not start. */
        void failed(String message);

        /** A command was started. */
        void commandStarted(Lab.Step step, LabBlock.Command command);

        /** Text that a command, or a background job, wrote. */
        void output(String text, boolean stderr);

        /** A command ended. */
        void commandEnded(Lab.Step step, LabBlock.Command command, int exitCode, Duration elapsed);

        /** A check ended. */
        void checkEnded(Lab.Step step, CheckResult result);

        /** A step was undone; {@code notes} say what did not come back, one sentence each. */
        void stepUndone(Lab.Step step, List<String> notes);

        /** What would be undone next; null when there is nothing. */
        void undoable(Lab.@Nullable Step step);

        /** A request passed. */
        void traffic(TrafficHop hop);
    }

    /**
     * @param ui runs tasks on the UI thread, in order
     */
    public LabBridge(Lab lab, LoadBalancer loadBalancer, Listener listener, Executor ui) {
        this.lab = lab;
        this.loadBalancer = loadBalancer;
        this.listener = listener;
        this.ui = ui;
    }

    /** Boots the cluster. Returns at once. */
    public void start() {
        worker.execute(
                () -> {
                    try {
                        OpenLab started =
                                new LabRun(Clock.systemUTC())
                                        .open(lab, loadBalancer, new Forwarder());
                        started.cluster()
                                .watchTraffic(hop -> ui.execute(() -> listener.traffic(hop)));
                        open = started;
                        ui.execute(listener::ready);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (RuntimeException e) {
                        ui.execute(() -> listener.failed(String.valueOf(e.getMessage())));
                    }
                });
    }

    /** Runs one command. Returns at once; commands wait for each other. */
    public void run(Lab.Step step, LabBlock.Command command) {
        submit(
                lab -> {
                    lab.session().run(step, command);
                    tellUndoable(lab);
                });
    }

    /**
     * Takes the cluster and the lab's shell back to where the last step began. Returns at once;
     * waits for commands that were asked for before.
     */
    public void undo() {
        ui.execute(() -> listener.progress("Going back …"));
        submit(
                lab -> {
                    lab.session().undo();
                    tellUndoable(lab);
                });
    }

    private void tellUndoable(OpenLab lab) {
        Lab.Step next = lab.session().undoable().orElse(null);
        ui.execute(() -> listener.undoable(next));
    }

    /** Runs a step's checks. Returns at once. */
    public void check(Lab.Step step) {
        submit(lab -> lab.session().check(step));
    }

    /** Interrupts what runs and ends the cluster. Waits until it is gone. */
    @Override
    public void close() {
        worker.shutdownNow();
        worker.close();
        OpenLab started = open;
        if (started != null) {
            started.close();
        }
    }

    private interface Work {
        void run(OpenLab lab) throws InterruptedException;
    }

    private void submit(Work work) {
        worker.execute(
                () -> {
                    OpenLab started = open;
                    if (started == null) {
                        return;
                    }
                    try {
                        work.run(started);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
    }

    private final class Forwarder implements LabListener {
        @Override
        public void progress(String message) {
            ui.execute(() -> listener.progress(message));
        }

        @Override
        public void commandStarted(Lab.Step step, LabBlock.Command command) {
            ui.execute(() -> listener.commandStarted(step, command));
        }

        @Override
        public void output(byte[] bytes, int offset, int length, boolean stderr) {
            String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
            ui.execute(() -> listener.output(text, stderr));
        }

        @Override
        public void commandEnded(
                Lab.Step step, LabBlock.Command command, int exitCode, Duration elapsed) {
            ui.execute(() -> listener.commandEnded(step, command, exitCode, elapsed));
        }

        @Override
        public void stepUndone(Lab.Step step, List<String> notes) {
            ui.execute(() -> listener.stepUndone(step, notes));
        }

        @Override
        public void checkEnded(Lab.Step step, CheckResult result) {
            ui.execute(() -> listener.checkEnded(step, result));
        }
    }
}
