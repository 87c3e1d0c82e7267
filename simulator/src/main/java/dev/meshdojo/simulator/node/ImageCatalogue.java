package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.SampleApps;
import dev.meshdojo.simulator.apps.Workload;
import dev.meshdojo.simulator.apps.shell.ContainerShell;
import dev.meshdojo.simulator.apps.shell.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Which image runs as which in-process program. Immutable. */
public final class ImageCatalogue {

    private static final Set<String> GATEWAYS = Set.of("proxyv2", "auto");
    private static final Set<String> ENVOYS =
            Set.of("envoyproxy/envoy", "envoyproxy/envoy-distroless");
    private static final Set<String> SHELLS =
            Set.of("busybox", "netshoot", "alpine", "ubuntu", "debian", "bash", "kubectl", "shell");
    private static final Set<String> SLEEPERS =
            Set.of("curl", "sleep", "toolbox", "network-multitool", "pause", "dnsutils");

    private final GatewayWorkload gateway;
    private final Workload istiod;

    /** The usual images; {@code gateway} runs the proxies, {@code istiod} the control plane. */
    public ImageCatalogue(GatewayWorkload gateway, Workload istiod) {
        this.gateway = gateway;
        this.istiod = istiod;
    }

    /** What a container runs, and whether its image was known. */
    record Choice(Workload workload, boolean known) {}

    /** Why an image cannot be had, or null when it can. */
    @Nullable String refusal(String image, boolean strict) {
        ImageName name = ImageName.parse(image);
        boolean refused = image.contains("missing") || (strict && !known(name));
        return refused ? name.pullFailure(image) : null;
    }

    private static boolean isGateway(ImageName name) {
        return GATEWAYS.contains(name.base()) || ENVOYS.contains(name.repository());
    }

    private static boolean known(ImageName name) {
        return isGateway(name)
                || SHELLS.contains(name.base())
                || SLEEPERS.contains(name.base())
                || name.base().equals("pilot")
                || SampleApps.find(name.repository()) != null;
    }

    /**
     * The program for a container: a command of the userland when the container names one, else the
     * image's own.
     */
    Choice choose(ContainerSpec spec) {
        ImageName name = ImageName.parse(spec.image());
        List<String> command = spec.command();
        if (!command.isEmpty() && ContainerShell.knows(command.getFirst())) {
            return new Choice(ImageCatalogue::shell, true);
        }
        if (isGateway(name)) {
            return new Choice(gateway(spec), true);
        }
        Workload app = SampleApps.find(name.repository());
        if (app != null) {
            return new Choice(app, true);
        }
        if (name.base().equals("pilot")) {
            return new Choice(istiod, true);
        }
        if (SLEEPERS.contains(name.base())) {
            return new Choice(sleeper(name), true);
        }
        if (SHELLS.contains(name.base())) {
            return new Choice(ImageCatalogue::shell, true);
        }
        return new Choice(standIn(spec), false);
    }

    /** Stands in for a program nobody knows; among others in a pod it guesses no ports. */
    private static Workload standIn(ContainerSpec spec) {
        if (!spec.restartPolicy().equals("Always")) {
            return container -> 0;
        }
        return spec.ports().isEmpty() && !spec.alone()
                ? ImageCatalogue::idle
                : SampleApps.generic();
    }

    private static int idle(Container container) throws InterruptedException {
        container.started();
        new CountDownLatch(1).await();
        return 0;
    }

    private Workload gateway(ContainerSpec spec) {
        if (spec.init() && !spec.sidecar()) {
            return container -> 0;
        }
        return container -> {
            AutoCloseable proxy = gateway.start(container);
            try {
                container.started();
                new CountDownLatch(1).await();
                return 0;
            } finally {
                close(proxy);
            }
        };
    }

    private static void close(AutoCloseable proxy) throws IOException {
        try {
            proxy.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** An image of tools: runs what its arguments say, or sleeps. */
    private static Workload sleeper(ImageName name) {
        return container -> {
            List<String> words = commandLine(container);
            boolean bare = words.isEmpty();
            boolean command = !bare && ContainerShell.knows(words.getFirst());
            if (!command && name.base().equals("curl")) {
                words = new ArrayList<>(words);
                words.addFirst("curl");
                command = true;
            }
            if (command) {
                return run(container, words);
            }
            return idle(container);
        };
    }

    private static int shell(Container container) throws IOException, InterruptedException {
        List<String> words = commandLine(container);
        return run(container, words.isEmpty() ? List.of("sh") : words);
    }

    private static List<String> commandLine(Container container) {
        List<String> words = new ArrayList<>(container.command());
        words.addAll(container.args());
        return words;
    }

    private static int run(Container container, List<String> words)
            throws IOException, InterruptedException {
        container.started();
        try (OutputStream out = container.stdout()) {
            Terminal terminal = container.terminal();
            return terminal != null
                    ? ContainerShell.runWithTerminal(container, words, terminal)
                    : ContainerShell.run(container, words, container.stdin(), out, out);
        }
    }
}
