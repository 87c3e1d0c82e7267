package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.stream.PodStreams;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kubelet's streaming side. */
final class NodeStreams implements PodStreams {

    private final KubeletServices services;
    private final Function<PodName, @Nullable PodWorker> workers;

    NodeStreams(KubeletServices services, Function<PodName, @Nullable PodWorker> workers) {
        this.services = services;
        this.workers = workers;
    }

    private PodWorker worker(PodName pod) {
        PodWorker worker = workers.apply(pod);
        if (worker == null) {
            throw StreamRefusals.podNotFound(pod);
        }
        return worker;
    }

    @Override
    public InputStream logs(PodName pod, LogOptions options) {
        PodWorker worker = worker(pod);
        String name = containerName(worker, options.container());
        ContainerRuntime container = worker.container(name);
        if (container == null) {
            throw StreamRefusals.containerNotFound(pod, name);
        }
        ContainerLog log = container.log(options.previous());
        if (log == null) {
            if (options.previous()) {
                throw StreamRefusals.noPrevious(pod, name);
            }
            throw StreamRefusals.waitingToStart(pod, name, container.view().state());
        }
        return new LogStream(log, options, services.now());
    }

    private static String containerName(PodWorker worker, @Nullable String asked) {
        if (asked != null && !asked.isEmpty()) {
            return asked;
        }
        return worker.defaultContainer();
    }

    @Override
    public ContainerProcess exec(
            PodName pod, @Nullable String container, List<String> command, Stdio stdio) {
        return new ExecProcess(running(pod, container), command, stdio);
    }

    @Override
    public ContainerProcess attach(PodName pod, @Nullable String container, Stdio stdio) {
        return new AttachProcess(running(pod, container), stdio);
    }

    private RunningContainer running(PodName pod, @Nullable String container) {
        PodWorker worker = worker(pod);
        String name = containerName(worker, container);
        ContainerRuntime runtime = worker.container(name);
        RunningContainer running = runtime == null ? null : runtime.running();
        if (running == null) {
            throw runtime == null
                    ? StreamRefusals.containerNotFound(pod, name)
                    : StreamRefusals.notRunning(pod, name);
        }
        return running;
    }

    @Override
    public Socket dial(PodName pod, int port) throws IOException {
        PodSandbox sandbox = worker(pod).sandbox();
        if (sandbox == null) {
            throw StreamRefusals.podNotFound(pod);
        }
        InetSocketAddress real = sandbox.attachment().listening(port);
        try {
            if (real == null) {
                throw new java.net.ConnectException("Connection refused");
            }
            return services.network().connect(sandbox.attachment(), "localhost", port);
        } catch (IOException e) {
            throw new IOException(
                    "error forwarding port "
                            + port
                            + " to pod "
                            + sandbox.id()
                            + ", uid : failed to execute portforward in network namespace \""
                            + sandbox.networkNamespace()
                            + "\": failed to connect to localhost:"
                            + port
                            + " inside namespace \""
                            + sandbox.id()
                            + "\", IPv4: dial tcp4 127.0.0.1:"
                            + port
                            + ": connect: connection refused IPv6 dial tcp6 [::1]:"
                            + port
                            + ": connect: connection refused ",
                    e);
        }
    }
}
