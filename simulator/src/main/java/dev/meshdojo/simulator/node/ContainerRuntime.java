package dev.meshdojo.simulator.node;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one container of a pod going: pulls, creates, starts, probes, restarts with back-off.
 * {@link #run} does so on the calling thread; everything else may be called from any thread.
 */
final class ContainerRuntime {

    private final PodSandbox sandbox;
    private volatile ContainerSpec spec;
    private final Runnable changed;
    private final KubeletServices services;
    private final ImagePull images;
    private final RestartBackoff crashBackoff = new RestartBackoff();
    private ContainerState state;
    private ContainerState.@Nullable Terminated lastState;
    private String containerId = "";
    private int restarts;
    private boolean redefined;
    private boolean ready;
    private boolean started;
    private @Nullable RunningContainer current;
    private @Nullable ContainerLog previousLog;

    ContainerRuntime(PodSandbox sandbox, ContainerSpec spec, Runnable changed) {
        this.sandbox = sandbox;
        this.spec = spec;
        this.changed = changed;
        this.services = sandbox.services();
        this.images = new ImagePull(sandbox);
        ContainerRecord before = ContainerRecord.of(sandbox.pod(), spec);
        this.restarts = before.restarts();
        this.lastState = before.lastEnded();
        ContainerState.Terminated ended = before.ended();
        boolean done = ended != null && !spec.init() && !restarts(ended.exitCode());
        if (ended != null && done) {
            this.state = ended;
            this.containerId = ended.containerId();
            return;
        }
        this.lastState = ended == null ? lastState : ended;
        this.state =
                new ContainerState.Waiting(
                        hasInit(sandbox) ? "PodInitializing" : "ContainerCreating", "");
    }

    private static boolean hasInit(PodSandbox sandbox) {
        return !sandbox.pod().path("spec").path("initContainers").isEmpty();
    }

    /** What a status shows of the container. */
    record View(
            ContainerSpec spec,
            ContainerState state,
            ContainerState.@Nullable Terminated lastState,
            String containerId,
            int restarts,
            boolean ready,
            boolean started) {}

    synchronized View view() {
        return new View(spec, state, lastState, containerId, restarts, ready, started);
    }

    ContainerSpec spec() {
        return spec;
    }

    /** The program that runs now, or null. */
    synchronized @Nullable RunningContainer running() {
        return state instanceof ContainerState.Running ? current : null;
    }

    /** The log of the current or last run; of the one before if asked. */
    synchronized @Nullable ContainerLog log(boolean previous) {
        return previous ? previousLog : current == null ? null : current.output();
    }

    /**
     * Runs the container until its restart policy is content.
     *
     * @return the last exit code
     */
    int run() throws InterruptedException {
        if (view().state() instanceof ContainerState.Terminated before) {
            return before.exitCode();
        }
        try {
            while (true) {
                images.pull(spec, restarts, this::become);
                Map<String, String> env = environment();
                int code = once(env);
                if (takeRedefinition()) {
                    again();
                } else if (restarts(code)) {
                    backOff();
                } else {
                    return code;
                }
            }
        } finally {
            stop();
        }
    }

    /** Runs another image from now on; a program that runs is ended. */
    void redefine(ContainerSpec next) {
        RunningContainer run;
        synchronized (this) {
            spec = next;
            run = running();
            redefined = run != null;
        }
        if (run != null) {
            normal(
                    "Killing",
                    "Container " + next.name() + " definition changed, will be restarted");
            run.terminate();
        }
    }

    private synchronized boolean takeRedefinition() {
        boolean taken = redefined;
        redefined = false;
        return taken;
    }

    /**
     * Gives the program time to get ready for its end.
     *
     * @param limit what is left of the grace period
     */
    void preStop(Duration limit) throws InterruptedException {
        LifecycleHook hook = LifecycleHook.of(spec, "preStop");
        RunningContainer run = running();
        if (hook != null && run != null && !hook.run(spec, run, limit)) {
            warning("FailedPreStopHook", "PreStopHook failed");
        }
    }

    private void postStart(RunningContainer run) throws InterruptedException {
        LifecycleHook hook = LifecycleHook.of(spec, "postStart");
        if (hook != null && !hook.run(spec, run)) {
            warning("FailedPostStartHook", "PostStartHook failed");
            normal("Killing", "FailedPostStartHook");
            run.terminate();
        }
    }

    private boolean restarts(int exitCode) {
        return switch (spec.restartPolicy()) {
            case "Always" -> true;
            case "OnFailure" -> exitCode != 0;
            default -> false;
        };
    }

    private Map<String, String> environment() throws InterruptedException {
        while (true) {
            try {
                return ContainerEnv.of(
                        sandbox.pod(),
                        spec,
                        sandbox.identity(),
                        sandbox.volumes(),
                        ServiceLinks.of(services.api(), sandbox.pod()));
            } catch (ContainerEnv.MissingReference e) {
                String message = String.valueOf(e.getMessage());
                warning("Failed", "Error: " + message);
                become(new ContainerState.Waiting("CreateContainerConfigError", message));
                pause(Duration.ofSeconds(2));
            }
        }
    }

    private int once(Map<String, String> env) throws InterruptedException {
        ImageCatalogue.Choice choice = services.images().choose(spec);
        ContainerLog log = new ContainerLog(services.options().clock());
        RunningContainer run = new RunningContainer(sandbox, spec, env, log, choice.workload());
        pause(services.options().pace().create());
        normal("Created", "Container created");
        if (!choice.known()) {
            normal(
                    "UnknownImage",
                    "Image \""
                            + spec.image()
                            + "\" is not in the image catalogue; a generic responder runs in its"
                            + " place");
        }
        Instant startedAt = services.now();
        synchronized (this) {
            current = run;
            containerId = "containerd://" + Ids.hex64();
            started = Probe.of(spec, Probe.Kind.STARTUP) == null;
            state = new ContainerState.Running(startedAt);
        }
        run.start();
        normal("Started", "Container started");
        List<ProbeLoop> probes = new ArrayList<>();
        try {
            if (run.up().get()) {
                postStart(run);
                watch(run, probes);
            }
            return ended(run.exit().get(), startedAt);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            probes.forEach(ProbeLoop::close);
        }
    }

    /** Starts the probes that the container has; one without a readiness probe is ready. */
    private void watch(RunningContainer run, List<ProbeLoop> probes) {
        Probe startup = Probe.of(spec, Probe.Kind.STARTUP);
        if (startup == null) {
            watchStarted(run, probes);
            return;
        }
        changed.run();
        probes.add(
                new ProbeLoop(
                        startup,
                        spec,
                        run,
                        good -> {
                            if (!good) {
                                kill(run, "startup");
                            } else {
                                watchStarted(run, probes);
                            }
                        }));
    }

    private synchronized void watchStarted(RunningContainer run, List<ProbeLoop> probes) {
        if (current != run || !(state instanceof ContainerState.Running)) {
            return;
        }
        started = true;
        Probe readiness = Probe.of(spec, Probe.Kind.READINESS);
        Probe liveness = Probe.of(spec, Probe.Kind.LIVENESS);
        ready = readiness == null;
        changed.run();
        if (readiness != null) {
            probes.add(new ProbeLoop(readiness, spec, run, good -> becomeReady(run, good)));
        }
        if (liveness != null) {
            probes.add(
                    new ProbeLoop(
                            liveness,
                            spec,
                            run,
                            good -> {
                                if (!good) {
                                    kill(run, "liveness");
                                }
                            }));
        }
    }

    private synchronized void becomeReady(RunningContainer run, boolean good) {
        if (current == run && state instanceof ContainerState.Running) {
            ready = good;
            changed.run();
        }
    }

    private void kill(RunningContainer run, String probe) {
        normal(
                "Killing",
                "Container " + spec.name() + " failed " + probe + " probe, will be restarted");
        run.terminate();
    }

    private synchronized int ended(int code, Instant startedAt) {
        RunningContainer run = current;
        if (run != null) {
            run.output().end();
        }
        ready = false;
        started = false;
        state =
                new ContainerState.Terminated(
                        code,
                        code == 0 ? "Completed" : "Error",
                        run == null ? "" : TerminationMessage.of(spec, run, code),
                        containerId,
                        startedAt,
                        services.now());
        changed.run();
        return code;
    }

    /** The first restart comes at once, each further one after a longer wait. */
    private void backOff() throws InterruptedException {
        if (view().restarts() > 0) {
            Duration wait = crashBackoff.after(services.now());
            warning(
                    "BackOff",
                    "Back-off restarting failed container "
                            + spec.name()
                            + " in pod "
                            + sandbox.fullName());
            synchronized (this) {
                remember();
                state =
                        new ContainerState.Waiting(
                                "CrashLoopBackOff",
                                "back-off "
                                        + RestartBackoff.text(wait)
                                        + " restarting failed container="
                                        + spec.name()
                                        + " pod="
                                        + sandbox.fullName());
            }
            changed.run();
            pause(wait);
        }
        again();
    }

    private void again() {
        synchronized (this) {
            remember();
            previousLog = current == null ? null : current.output();
            restarts++;
        }
    }

    private void remember() {
        if (state instanceof ContainerState.Terminated terminated) {
            lastState = terminated;
        }
    }

    /** Ends the program if it runs, and waits for it. */
    private void stop() throws InterruptedException {
        RunningContainer run = running();
        if (run == null) {
            return;
        }
        run.terminate();
        boolean interrupted = Thread.interrupted();
        Instant startedAt =
                view().state() instanceof ContainerState.Running(Instant at) ? at : services.now();
        ended(run.exit().join(), startedAt);
        if (interrupted) {
            throw new InterruptedException();
        }
    }

    private void become(ContainerState next) {
        synchronized (this) {
            state = next;
        }
        changed.run();
    }

    static void pause(Duration duration) throws InterruptedException {
        if (!duration.isZero()) {
            boolean ended =
                    new java.util.concurrent.CountDownLatch(1)
                            .await(duration.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
            assert !ended : "nobody counts down";
        }
    }

    private void normal(String reason, String message) {
        services.events().normal(sandbox.pod(), spec.fieldPath(), reason, message);
    }

    private void warning(String reason, String message) {
        services.events().warning(sandbox.pod(), spec.fieldPath(), reason, message);
    }
}
