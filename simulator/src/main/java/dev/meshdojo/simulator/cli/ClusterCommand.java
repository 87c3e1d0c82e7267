package dev.meshdojo.simulator.cli;

import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.storage.SnapshotFile;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.fake.FakeCluster;
import dev.meshdojo.simulator.cluster.fake.FakeClusterOptions;
import dev.meshdojo.simulator.cluster.fake.SnapshotKeeper;
import dev.meshdojo.simulator.lab.UndoLog;
import dev.meshdojo.simulator.network.ExposedPort;
import dev.meshdojo.simulator.pilot.server.ads.AdsServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code meshdojo cluster}. */
@Command(
        name = "cluster",
        description = "Run the in-process Kubernetes cluster for other tools.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterCommand.Up.class,
            ClusterSnapshotCommand.class,
            ClusterRestoreCommand.class
        })
final class ClusterCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Missing a command: up, snapshot, restore or replay.");
    }

    /** {@code meshdojo cluster up}. */
    @Command(
            name = "up",
            description = {
                "Start a cluster and stay in the foreground until Ctrl+C; then nothing is left behind.",
                "Node ports answer on 127.0.0.1. Addresses of --load-balancer metallb answer on this"
                        + " machine too."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  meshdojo cluster up --kubeconfig /tmp/lab.kubeconfig --istio demo",
                "  kubectl --kubeconfig /tmp/lab.kubeconfig get pods -A",
                "",
                "Save and go back while it runs:",
                "  meshdojo cluster snapshot --kubeconfig /tmp/lab.kubeconfig now.snapshot",
                "  meshdojo cluster restore --kubeconfig /tmp/lab.kubeconfig now.snapshot",
                "",
                "Go on another day:",
                "  meshdojo cluster up --snapshot lab.snapshot",
                "  meshdojo cluster up --snapshot lab.snapshot --restore lab.snapshot"
            })
    static final class Up implements Callable<Integer> {

        @Spec private CommandSpec spec = CommandSpec.create();

        @Option(
                names = "--kubeconfig",
                paramLabel = "FILE",
                description =
                        "Write the kubeconfig there, readable by you alone; removed at the end."
                                + " Default: ${DEFAULT-VALUE}")
        private Path kubeconfig = Path.of("meshdojo.kubeconfig");

        @Option(
                names = "--load-balancer",
                paramLabel = "MODE",
                description = "none or metallb. Default: ${DEFAULT-VALUE}")
        private LoadBalancer loadBalancer = LoadBalancer.NONE;

        @Option(
                names = "--istio",
                paramLabel = "PROFILE",
                description = "none, minimal, default or demo. Default: ${DEFAULT-VALUE}")
        private IstioProfile istio = IstioProfile.NONE;

        @Option(
                names = "--port",
                paramLabel = "N",
                description = "The API server's port on 127.0.0.1. Default: any free one.")
        private int port;

        @Option(
                names = "--xds-port",
                paramLabel = "N",
                description = {
                    "Serve the control plane's xDS (ADS, plain text as istiod's 15010) on 127.0.0.1:N,"
                            + " 0 for any free port: an Envoy or a `meshdojo gateway --xds` on this"
                            + " machine becomes a gateway of the cluster.",
                    "Inside the cluster istiod serves it at istiod.istio-system:15010 and 15012."
                })
        private @Nullable Integer xdsPort;

        @Option(
                names = "--snapshot",
                paramLabel = "FILE",
                description = {
                    "Keep the cluster's state in this file, at most a second behind, and at the end.",
                    "It holds Secrets and keys and is readable by you alone."
                })
        private @Nullable Path snapshot;

        @Option(
                names = "--restore",
                paramLabel = "FILE",
                description = {
                    "Go on from the state that --snapshot kept: same objects, same resource versions,"
                            + " same keys; pods start again.",
                    "Istio and the load balancer are those of the state."
                })
        private @Nullable Path restore;

        @Override
        public Integer call() throws IOException, InterruptedException {
            PrintWriter out = spec.commandLine().getOut();
            Path directory = kubeconfig.toAbsolutePath().getParent();
            if (directory != null && !Files.isDirectory(directory)) {
                throw new CliException(
                        ExitCode.BAD_INPUT,
                        "--kubeconfig: no directory " + directory + "; create it first");
            }
            SavedFiles.checkTarget("--snapshot", snapshot, "--restore", restore);
            Snapshot saved = saved();
            CountDownLatch stop = new CountDownLatch(1);
            CountDownLatch stopped = new CountDownLatch(1);
            Thread onSignal =
                    new Thread(
                            () -> {
                                stop.countDown();
                                awaitQuietly(stopped);
                            },
                            "shutdown");
            Runtime.getRuntime().addShutdownHook(onSignal);
            try (FakeCluster cluster = start(saved);
                    SnapshotKeeper _ = keep(cluster);
                    AdsServer xds = serveXds(cluster)) {
                writeKubeconfig(cluster.kubeconfig());
                out.println(
                        "Cluster is ready at "
                                + cluster.apiServer().address()
                                + "; kubeconfig: "
                                + kubeconfig
                                + "; Ctrl+C ends it");
                if (saved != null) {
                    out.println(UndoLog.LOST);
                }
                printMoved(out, cluster);
                if (xds != null) {
                    out.println(
                            "xDS for proxies on this machine: 127.0.0.1:"
                                    + xds.address().getPort());
                }
                out.flush();
                stop.await();
            } finally {
                Files.deleteIfExists(kubeconfig);
                stopped.countDown();
            }
            return ExitCode.OK;
        }

        private @Nullable AdsServer serveXds(FakeCluster cluster) {
            if (xdsPort == null) {
                return null;
            }
            try {
                return cluster.serveXds(xdsPort);
            } catch (IOException e) {
                throw new CliException(ExitCode.ENVIRONMENT, "--xds-port: " + e.getMessage());
            }
        }

        private static void printMoved(PrintWriter out, FakeCluster cluster) {
            for (ExposedPort exposed : cluster.exposedPorts()) {
                if (exposed.moved()) {
                    out.println(
                            exposed.namespace()
                                    + "/"
                                    + exposed.service()
                                    + ":"
                                    + exposed.port()
                                    + " answers at "
                                    + exposed.hostAddress().getAddress().getHostAddress()
                                    + ":"
                                    + exposed.hostAddress().getPort());
                }
            }
        }

        private @Nullable Snapshot saved() {
            Path file = restore;
            return file == null ? null : SavedFiles.load("--restore", file, SnapshotFile::load);
        }

        private @Nullable SnapshotKeeper keep(FakeCluster cluster) {
            Path file = snapshot;
            if (file == null) {
                return null;
            }
            try {
                return SnapshotKeeper.start(cluster, file);
            } catch (IOException e) {
                throw new CliException(
                        ExitCode.BAD_INPUT, "--snapshot: " + file + " cannot be written: " + e);
            }
        }

        private FakeCluster start(@Nullable Snapshot saved) throws InterruptedException {
            FakeClusterOptions options =
                    FakeClusterOptions.of(new ClusterSpec(istio, loadBalancer)).withPort(port);
            try {
                return FakeCluster.start(saved == null ? options : options.withSnapshot(saved));
            } catch (IllegalStateException | IllegalArgumentException | UncheckedIOException e) {
                throw new CliException(ExitCode.ENVIRONMENT, causes(e));
            }
        }

        private static String causes(Throwable e) {
            String message = String.valueOf(e.getMessage());
            Throwable cause = e.getCause();
            return cause == null || message.contains(String.valueOf(cause.getMessage()))
                    ? message
                    : message + ": " + cause.getMessage();
        }

        /** Written beside its place and moved there, so that nobody reads half of it. */
        private void writeKubeconfig(String text) throws IOException {
            Path target = kubeconfig.toAbsolutePath();
            Path parent = target.getParent();
            Path part = Files.createTempFile(parent, ".kubeconfig", "");
            try {
                if (part.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.setPosixFilePermissions(
                            part, PosixFilePermissions.fromString("rw-------"));
                }
                Files.writeString(part, text);
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        }

        private static void awaitQuietly(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
