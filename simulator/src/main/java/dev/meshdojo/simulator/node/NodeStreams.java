package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apiserver.stream.PodStreams;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The kubelet's streaming side. */
final class NodeStreams implements PodStreams {

    private static final int REMEMBERED = 200;

    /** Sandboxes that ports were forwarded to, which may be gone. */
    private final Map<PodName, String> forwarded = Collections.synchronizedMap(new Recent());

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
            throw options.previous()
                    ? StreamRefusals.noPrevious(pod, name)
                    : StreamRefusals.waitingToStart(pod, name, null);
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
        String name = containerName(worker(pod), container);
        RunningContainer running = running(pod, name);
        if (running == null) {
            throw StreamRefusals.cannotExec(name);
        }
        return new ExecProcess(running, command, stdio);
    }

    @Override
    public ContainerProcess attach(PodName pod, @Nullable String container, Stdio stdio) {
        String name = containerName(worker(pod), container);
        RunningContainer running = running(pod, name);
        if (running == null) {
            throw StreamRefusals.cannotAttach(pod, name);
        }
        return new AttachProcess(running, stdio);
    }

    private @Nullable RunningContainer running(PodName pod, String container) {
        ContainerRuntime runtime = worker(pod).container(container);
        return runtime == null ? null : runtime.running();
    }

    @Override
    public Socket dial(PodName pod, int port) throws IOException {
        PodWorker worker = workers.apply(pod);
        PodSandbox sandbox = worker == null ? null : worker.sandbox();
        if (sandbox == null) {
            String before = forwarded.get(pod);
            if (before == null) {
                throw StreamRefusals.podNotFound(pod);
            }
            throw forwardError(
                    port, before, "network namespace for sandbox \"" + before + "\" is closed");
        }
        forwarded.put(pod, sandbox.id());
        InetSocketAddress real = sandbox.attachment().listening(port);
        try {
            if (real == null) {
                throw new java.net.ConnectException("Connection refused");
            }
            return services.network().connect(sandbox.attachment(), "localhost", port);
        } catch (IOException e) {
            IOException told =
                    forwardError(
                            port,
                            sandbox.id(),
                            "failed to execute portforward in network namespace \""
                                    + sandbox.networkNamespace()
                                    + "\": failed to connect to localhost:"
                                    + port
                                    + " inside namespace \""
                                    + sandbox.id()
                                    + "\", IPv4: dial tcp4 127.0.0.1:"
                                    + port
                                    + ": connect: connection refused IPv6 dial tcp6 [::1]:"
                                    + port
                                    + ": connect: connection refused ");
            told.initCause(e);
            throw told;
        }
    }

    private static IOException forwardError(int port, String sandbox, String why) {
        return new IOException(
                "error forwarding port " + port + " to pod " + sandbox + ", uid : " + why);
    }

    /** The newest entries only. */
    private static final class Recent extends LinkedHashMap<PodName, String> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PodName, String> eldest) {
            return size() > REMEMBERED;
        }
    }
}
