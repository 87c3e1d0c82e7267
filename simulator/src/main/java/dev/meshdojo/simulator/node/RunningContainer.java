package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.ContainerFiles;
import dev.meshdojo.simulator.apps.PodIdentity;
import dev.meshdojo.simulator.apps.Workload;
import dev.meshdojo.simulator.apps.shell.Terminal;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One run of a container: its program on a thread of its own, with environment and files. */
final class RunningContainer implements Container {

    private static final int SIGINT = 2;
    private static final int TERMINATED = 143;
    private static final Set<Integer> HARMLESS = Set.of(0, 9, 13, 17, 18, 19, 20, 23, 28);

    private final PodSandbox sandbox;
    private final ContainerSpec spec;
    private final Map<String, String> env;
    private final ContainerLog log;
    private final ContainerConsole console;
    private final ContainerFiles files = new ContainerFiles();
    private final CompletableFuture<Boolean> up = new CompletableFuture<>();
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    RunningContainer(
            PodSandbox sandbox,
            ContainerSpec spec,
            Map<String, String> env,
            ContainerLog log,
            Workload workload) {
        this.sandbox = sandbox;
        this.spec = spec;
        this.env = Map.copyOf(env);
        this.log = log;
        this.console = new ContainerConsole(log, Fields.flag(spec.json(), "tty"));
        if (!takesInput()) {
            console.endInput();
        }
        Terminal terminal = console.terminal();
        if (terminal != null) {
            terminal.foreground(() -> signal(SIGINT));
        }
        NetworkFiles.mount(files, sandbox.identity(), sandbox.pod().path("spec"));
        sandbox.volumes().mount(spec, files, env);
        this.thread =
                Thread.ofVirtual()
                        .name(sandbox.identity().name() + "/" + spec.name())
                        .unstarted(() -> run(workload));
    }

    private void run(Workload workload) {
        int code;
        try {
            code = workload.run(this);
        } catch (InterruptedException e) {
            code = TERMINATED;
        } catch (IOException e) {
            log(String.valueOf(e.getMessage()));
            code = 1;
        } catch (RuntimeException e) {
            log("panic: " + e);
            code = 2;
        }
        up.complete(false);
        exit.complete(code & 0xff);
    }

    void start() {
        thread.start();
    }

    /** Completes when the program is up, or with false when it ended before. */
    CompletableFuture<Boolean> up() {
        return up;
    }

    /** Completes with the exit code. */
    CompletableFuture<Integer> exit() {
        return exit;
    }

    /** Sends SIGTERM. */
    void terminate() {
        thread.interrupt();
    }

    ContainerConsole console() {
        return console;
    }

    /** Whether something may be typed to the program. */
    boolean takesInput() {
        return Fields.flag(spec.json(), "stdin");
    }

    /** Whether its input ends with the first client that attached. */
    boolean takesInputOnce() {
        return Fields.flag(spec.json(), "stdinOnce");
    }

    ContainerLog output() {
        return log;
    }

    PodSandbox sandbox() {
        return sandbox;
    }

    @Override
    public String name() {
        return spec.name();
    }

    @Override
    public String image() {
        return spec.image();
    }

    @Override
    public PodIdentity pod() {
        return sandbox.identity();
    }

    @Override
    public List<String> command() {
        return ContainerEnv.expand(spec.command(), env);
    }

    @Override
    public List<String> args() {
        return ContainerEnv.expand(spec.args(), env);
    }

    @Override
    public Map<String, String> env() {
        return env;
    }

    @Override
    public List<Integer> ports() {
        return spec.ports();
    }

    @Override
    public ContainerFiles files() {
        return files;
    }

    @Override
    public ClusterNetwork.PodAttachment network() {
        return sandbox.attachment();
    }

    @Override
    public ClusterNetwork cluster() {
        return sandbox.services().network();
    }

    @Override
    public EventLoops eventLoops() {
        return sandbox.services().eventLoops();
    }

    @Override
    public Clock clock() {
        return sandbox.services().options().clock();
    }

    @Override
    public void log(String line) {
        console.println(line);
    }

    @Override
    public OutputStream stdout() {
        return console.output();
    }

    @Override
    public InputStream stdin() {
        return console.input();
    }

    @Override
    public @Nullable Terminal terminal() {
        return console.terminal();
    }

    @Override
    public void signal(int number) {
        if (!HARMLESS.contains(number)) {
            terminate();
        }
    }

    @Override
    public @Nullable Map<String, byte[]> secret(String name) {
        return sandbox.secret(name);
    }

    @Override
    public void called(String host, String request, int status) {
        sandbox.services().options().calls().called(this, host, request, status);
    }

    @Override
    public void started() {
        up.complete(true);
    }
}
