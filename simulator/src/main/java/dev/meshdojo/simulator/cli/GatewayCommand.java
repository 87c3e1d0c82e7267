package dev.meshdojo.simulator.cli;

import dev.meshdojo.gateway.AdminOptions;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.LogFiles;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.BootstrapFile;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.simulator.cluster.remote.RemoteGateway;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code meshdojo gateway}. */
@Command(
        name = "gateway",
        description = {
            "Run the gateway runtime alone and stay in the foreground until Ctrl+C.",
            "Its configuration comes from an Envoy bootstrap file, from a control plane over ADS"
                    + " (istiod, `meshdojo cluster up --xds-port`, or any other), or from the objects"
                    + " of a cluster."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  meshdojo gateway --bootstrap envoy.yaml",
            "  meshdojo gateway --xds 127.0.0.1:15010 --label istio=ingressgateway --label"
                    + " app=istio-ingressgateway",
            "",
            "  meshdojo gateway --kubeconfig ~/.kube/config --namespace istio-system",
            "",
            "istiod of any cluster, by its TLS port:",
            "  kubectl -n istio-system port-forward svc/istiod 15012 &",
            "  kubectl -n istio-system get configmap istio-ca-root-cert -o"
                    + " jsonpath='{.data.root-cert\\.pem}' > root.pem",
            "  kubectl -n istio-system create token default --audience istio-ca > token",
            "  meshdojo gateway --xds 127.0.0.1:15012 --ca-file root.pem --token-file token"
                    + " --service-account default"
        })
final class GatewayCommand implements Callable<Integer> {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--bootstrap",
            paramLabel = "FILE",
            description = {
                "Envoy's bootstrap as YAML, JSON or, named .pb, a serialized proto: static_resources,"
                        + " and dynamic_resources over ADS. Admin pages are served where its admin"
                        + " section says."
            })
    private @Nullable Path bootstrap;

    @Option(
            names = "--xds",
            paramLabel = "HOST:PORT",
            description =
                    "Take everything over ADS from there; plain text unless --ca-file is given.")
    private @Nullable String xds;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = {
                "Follow a cluster's objects and be a gateway of it on this machine's loopback. Nothing"
                        + " is written to the cluster; no istiod is needed."
            })
    private @Nullable Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "With --kubeconfig: the context. Default: the current one.")
    private @Nullable String context;

    @Option(
            names = "--reach",
            paramLabel = "HOW",
            description =
                    "With --kubeconfig: port-forward reaches pods through the API server, direct needs"
                            + " a route to them. Default: ${DEFAULT-VALUE}")
    private String reach = "port-forward";

    @Mixin private XdsOptions proxy = new XdsOptions();

    @Override
    @SuppressWarnings("ClosingStandardOutputStreams") // LogFiles leaves them open
    public Integer call() throws InterruptedException {
        Path cluster = kubeconfig;
        if (cluster != null && bootstrap == null && xds == null) {
            return follow(cluster);
        }
        BootstrapFile file = configuration();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> end(stop, stopped), "gateway-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (LogFiles logs = new LogFiles(System.out, System.err);
                GatewayRuntime runtime = start(file, logs)) {
            announce(runtime);
            stop.await();
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private BootstrapFile configuration() {
        Path path = bootstrap;
        String server = xds;
        if ((path == null) == (server == null) || kubeconfig != null) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "gateway: say where its configuration comes from: --bootstrap FILE, --kubeconfig"
                            + " FILE or --xds HOST:PORT, one of them");
        }
        return path != null
                ? read(path)
                : new BootstrapFile(Path.of("--xds"), proxy.bootstrap(String.valueOf(server)));
    }

    @SuppressWarnings("ClosingStandardOutputStreams") // LogFiles leaves them open
    private Integer follow(Path file) throws InterruptedException {
        if (!List.of("port-forward", "direct").contains(reach)) {
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "--reach: " + reach + " (expected: port-forward or direct)");
        }
        Config config = config(file);
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> end(stop, stopped), "gateway-stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try (LogFiles logs = new LogFiles(System.out, System.err);
                KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
                RemoteGateway _ = remote(client, logs, out)) {
            out.println("following " + client.getMasterUrl() + "; Ctrl+C ends it");
            out.flush();
            stop.await();
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    private RemoteGateway remote(KubernetesClient client, LogFiles logs, PrintWriter out) {
        try {
            return RemoteGateway.start(
                    client,
                    GatewayOptions.defaults().withLogLines(logs),
                    new RemoteGateway.Options(
                            proxy.pod(),
                            reach.equals("port-forward"),
                            line -> {
                                out.println(line);
                                out.flush();
                            }));
        } catch (IOException e) {
            throw new CliException(ExitCode.ENVIRONMENT, "--kubeconfig: " + e.getMessage());
        }
    }

    private static File existing(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        return file.toFile();
    }

    private Config config(Path file) {
        try {
            Config config = Config.fromKubeconfig(context, existing(file));
            if (context != null
                    && config.getContexts().stream()
                            .noneMatch(each -> each.getName().equals(context))) {
                throw new CliException(
                        ExitCode.BAD_INPUT,
                        "--context: "
                                + file
                                + " has no context "
                                + context
                                + "; see `kubectl config"
                                + " get-contexts`");
            }
            config.setRequestRetryBackoffLimit(0);
            return config;
        } catch (NoSuchFileException e) {
            throw new CliException(
                    ExitCode.BAD_INPUT, "--kubeconfig: no file " + file + "; check the name");
        } catch (CliException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // of a parser that is fabric8's own affair
            throw new CliException(
                    ExitCode.BAD_INPUT,
                    "--kubeconfig: "
                            + file
                            + " is no kubeconfig: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static void end(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static BootstrapFile read(Path bootstrap) {
        try {
            return BootstrapFile.read(bootstrap);
        } catch (NoSuchFileException e) {
            throw new CliException(ExitCode.BAD_INPUT, bootstrap + ": no such file");
        } catch (IOException e) {
            throw new CliException(ExitCode.BAD_INPUT, bootstrap + ": " + e.getMessage());
        } catch (InvalidConfigException e) {
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        }
    }

    private static GatewayRuntime start(BootstrapFile file, LogFiles logs) {
        GatewayRuntime runtime;
        try {
            runtime =
                    GatewayRuntime.start(
                            GatewayOptions.defaults().withLogLines(logs).withAdmin(admin(file)));
        } catch (InvalidConfigException e) {
            throw new CliException(ExitCode.ENVIRONMENT, String.valueOf(e.getMessage()));
        }
        try {
            Acknowledgement acknowledgement = runtime.run(file);
            if (!acknowledgement.accepted()) {
                throw refused(file, acknowledgement);
            }
            return runtime;
        } catch (InvalidConfigException e) {
            runtime.close();
            throw new CliException(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()));
        } catch (CliException e) {
            runtime.close();
            throw e;
        }
    }

    private static CliException refused(BootstrapFile file, Acknowledgement acknowledgement) {
        StringBuilder text = new StringBuilder(file.path() + ": refused:");
        boolean ports = true;
        for (Acknowledgement.Rejection rejection : acknowledgement.rejections()) {
            String type = rejection.typeUrl();
            ports &= rejection.reason().startsWith("cannot bind");
            text.append("\n  ")
                    .append(type.substring(type.lastIndexOf('.') + 1))
                    .append(' ')
                    .append(rejection.resource())
                    .append(": ")
                    .append(rejection.reason());
        }
        return new CliException(ports ? ExitCode.ENVIRONMENT : ExitCode.BAD_INPUT, text.toString());
    }

    private static AdminOptions admin(BootstrapFile file) {
        return new AdminOptions(address(file.proto()), null, null, file.proto(), null);
    }

    private static @Nullable InetSocketAddress address(Bootstrap bootstrap) {
        var socket = bootstrap.getAdmin().getAddress();
        return socket.hasSocketAddress()
                ? new InetSocketAddress(
                        socket.getSocketAddress().getAddress(),
                        socket.getSocketAddress().getPortValue())
                : null;
    }

    private void announce(GatewayRuntime runtime) {
        PrintWriter out = spec.commandLine().getOut();
        runtime.listening()
                .forEach(
                        (name, addresses) ->
                                addresses.forEach(
                                        address ->
                                                out.println(
                                                        "listener "
                                                                + name
                                                                + " on "
                                                                + text(address))));
        InetSocketAddress admin = runtime.adminAddress();
        if (admin != null) {
            out.println("admin on http://" + text(admin));
        }
        out.println(
                xds == null
                        ? "ready; Ctrl+C ends it"
                        : "asking "
                                + xds
                                + " for configuration as "
                                + proxy.node()
                                + "; Ctrl+C ends it");
        out.flush();
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }
}
