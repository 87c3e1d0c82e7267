package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.EventLoops;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A container that runs a workload on a network of its own, for tests. */
final class RunningContainer implements Container, AutoCloseable {

    final LoopbackNetwork network;
    final List<String> log = new CopyOnWriteArrayList<>();
    private final boolean ownsNetwork;
    private final ClusterNetwork.PodAttachment attachment;
    private final PodIdentity pod;
    private final List<String> args;
    private final Map<String, String> env;
    private final ContainerFiles files = new ContainerFiles();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CompletableFuture<Integer> exit = new CompletableFuture<>();
    private final Thread thread;

    private RunningContainer(
            LoopbackNetwork network,
            boolean ownsNetwork,
            Workload workload,
            String name,
            List<String> args,
            Map<String, String> env) {
        this.network = network;
        this.ownsNetwork = ownsNetwork;
        this.attachment = network.attachPod("apps", name);
        this.pod =
                new PodIdentity(
                        "apps",
                        name,
                        "uid-1",
                        attachment.podIp(),
                        "default",
                        "lab-node",
                        Map.of("app", name, "version", "v1"),
                        Map.of());
        this.args = args;
        this.env = env;
        this.thread =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                exit.complete(workload.run(this));
                            } catch (InterruptedException e) {
                                exit.complete(143);
                            } catch (IOException e) {
                                log.add(String.valueOf(e.getMessage()));
                                exit.complete(1);
                            }
                        });
    }

    static LoopbackNetwork newNetwork() {
        return new LoopbackNetwork(new java.util.Random(1), Clock.systemUTC(), port -> {});
    }

    static RunningContainer start(
            Workload workload, String name, List<String> args, Map<String, String> env)
            throws InterruptedException {
        return startIn(newNetwork(), true, workload, name, args, env);
    }

    static RunningContainer startIn(
            LoopbackNetwork network,
            boolean ownsNetwork,
            Workload workload,
            String name,
            List<String> args,
            Map<String, String> env)
            throws InterruptedException {
        RunningContainer container =
                new RunningContainer(network, ownsNetwork, workload, name, args, env);
        if (!container.started.await(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("not started: " + container.log);
        }
        return container;
    }

    /** Sends raw bytes from the pod itself and reads until the server closes. */
    String exchange(int port, String request) throws IOException {
        try (Socket socket = network.connect(attachment, attachment.podIp(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public java.io.OutputStream stdout() {
        return java.io.OutputStream.nullOutputStream();
    }

    @Override
    public String name() {
        return "main";
    }

    @Override
    public String image() {
        return "test";
    }

    @Override
    public PodIdentity pod() {
        return pod;
    }

    @Override
    public List<String> command() {
        return List.of();
    }

    @Override
    public List<String> args() {
        return args;
    }

    @Override
    public Map<String, String> env() {
        return env;
    }

    @Override
    public List<Integer> ports() {
        return List.of();
    }

    @Override
    public ContainerFiles files() {
        return files;
    }

    @Override
    public ClusterNetwork.PodAttachment network() {
        return attachment;
    }

    @Override
    public ClusterNetwork cluster() {
        return network;
    }

    @Override
    public EventLoops eventLoops() {
        return network.eventLoops();
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public void log(String line) {
        log.add(line);
    }

    @Override
    public @Nullable Map<String, byte[]> secret(String name) {
        return null;
    }

    @Override
    public void started() {
        started.countDown();
    }

    @Override
    public void close() {
        thread.interrupt();
        exit.orTimeout(10, TimeUnit.SECONDS).join();
        attachment.close();
        if (ownsNetwork) {
            network.close();
        }
    }
}
