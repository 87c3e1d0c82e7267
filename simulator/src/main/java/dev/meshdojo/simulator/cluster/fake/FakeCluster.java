package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.simulator.admission.IstioValidationPlugin;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ApiServerOptions;
import dev.meshdojo.simulator.apiserver.ExtensionPoints;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.policy.PolicyAdmission;
import dev.meshdojo.simulator.apiserver.schema.CustomDefinition;
import dev.meshdojo.simulator.apiserver.schema.CustomResources;
import dev.meshdojo.simulator.apiserver.schema.Preinstalled;
import dev.meshdojo.simulator.apiserver.storage.Snapshot;
import dev.meshdojo.simulator.apiserver.stream.PodStreamsExtension;
import dev.meshdojo.simulator.apiserver.surface.KubernetesSurface;
import dev.meshdojo.simulator.apiserver.webhook.WebhookAdmission;
import dev.meshdojo.simulator.apps.IstiodWorkload;
import dev.meshdojo.simulator.cluster.Cluster;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import dev.meshdojo.simulator.cluster.Connector;
import dev.meshdojo.simulator.cluster.TrafficHop;
import dev.meshdojo.simulator.controller.ClusterControllers;
import dev.meshdojo.simulator.controller.ControllerOptions;
import dev.meshdojo.simulator.controller.FreshCluster;
import dev.meshdojo.simulator.controller.service.AddressPool;
import dev.meshdojo.simulator.istio.ApiInstallTarget;
import dev.meshdojo.simulator.istio.InstallException;
import dev.meshdojo.simulator.istio.InstallOptions;
import dev.meshdojo.simulator.istio.IstioInstaller;
import dev.meshdojo.simulator.istio.IstioPresence;
import dev.meshdojo.simulator.istio.IstioRelease;
import dev.meshdojo.simulator.network.ExposedPort;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import dev.meshdojo.simulator.node.ImageCatalogue;
import dev.meshdojo.simulator.node.Kubelet;
import dev.meshdojo.simulator.node.KubeletOptions;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import dev.meshdojo.simulator.pilot.server.ads.AdsServer;
import dev.meshdojo.simulator.pilot.server.ads.SyncStatus;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A Kubernetes cluster with Istio inside this JVM. The owner of everything that runs in it: closing
 * frees every port and thread. Thread-safe.
 */
public final class FakeCluster implements Cluster {

    private static final System.Logger LOG = System.getLogger(FakeCluster.class.getName());
    private static final ResourceKey ISTIO_WEBHOOK =
            new ResourceKey(
                    "admissionregistration.k8s.io",
                    "validatingwebhookconfigurations",
                    "",
                    "istio-validator-istio-system");
    private static final Duration QUIET_LIMIT = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Traffic traffic = new Traffic();
    private final LoopbackNetwork network;
    private final ApiServer server;
    private final ControlPlane controlPlane;
    private final Connector connector;
    private final ClusterState state;
    private final IstiodPorts istiod;
    private @Nullable KubernetesClient client;

    private FakeCluster(FakeClusterOptions options) {
        Snapshot saved = options.snapshot();
        network =
                own(
                        new LoopbackNetwork(
                                new Random(options.seed()),
                                options.clock(),
                                this::portMoved,
                                ClusterState.pool(saved)));
        LoadBalancer formerly = ClusterState.balancer(saved);
        LoadBalancer balancer = formerly == null ? options.spec().loadBalancer() : formerly;
        PodStreamsExtension streams = new PodStreamsExtension();
        List<CustomDefinition> kinds = new ArrayList<>(Preinstalled.istio());
        kinds.addAll(Preinstalled.gatewayApi());
        server =
                own(
                        ApiServer.start(
                                ApiServerOptions.defaults()
                                        .withPort(options.port())
                                        .withContext(options.context(), options.namespace())
                                        .withClock(options.clock())
                                        .withSnapshot(saved)
                                        .with(new IstioPresence())
                                        .with(
                                                new KubernetesSurface(
                                                        options.clock(),
                                                        FreshCluster.NODE_ADDRESS + ":6443"))
                                        .with(
                                                new ClusterControllers(
                                                        options.clock(), options.seed()))
                                        .with(streams)
                                        .with(new CustomResources(kinds, options.clock()))
                                        .with(
                                                new PolicyAdmission(
                                                        Preinstalled.gatewayApiPolicies()))
                                        .with(this::install)
                                        .with(new WebhookAdmission(new NodeRoutes(network)))));
        new FreshCluster(
                        server::api,
                        options.clock(),
                        server.address().getPort(),
                        server.authorityPem())
                .create();
        network.serveOnNode(
                server.address().getPort(),
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), server.address().getPort()));
        network.follow(server.api("kube-proxy"));
        ClusterTokens tokens = new ClusterTokens(server);
        RestartableControllers controllers =
                own(
                        new RestartableControllers(
                                new ControllerOptions(
                                        options.context(),
                                        server::api,
                                        options.clock(),
                                        server.authorityPem(),
                                        tokens::ofSecret,
                                        server::signCertificate,
                                        pool(balancer))));
        state = new ClusterState(server, network, balancer, controllers);
        connector = new HostConnector(network);
        controlPlane =
                own(
                        new ControlPlane(
                                server.api("istiod"),
                                new ConnectorFetcher(connector),
                                options.clock()));
        controlPlane.start();
        istiod = new IstiodPorts(server, network, controlPlane, options.clock());
        GatewayLoops loops = own(GatewayLoops.lease());
        Kubelet kubelet =
                own(
                        new Kubelet(
                                server.api("kubelet"),
                                network,
                                network.eventLoops(),
                                new ImageCatalogue(
                                        new GatewayProxies(
                                                controlPlane,
                                                container ->
                                                        AgentSecrets.of(
                                                                container,
                                                                server.authorityPem(),
                                                                server::workloadIdentity),
                                                loops,
                                                traffic,
                                                options.seed(),
                                                options.accessLog()),
                                        new IstiodWorkload(istiod)),
                                new KubeletOptions(
                                        FreshCluster.NODE,
                                        options.clock(),
                                        options.pace(),
                                        options.kubeletEvents(),
                                        options.strictImages(),
                                        tokens::ofPod,
                                        (from, host, request, status) ->
                                                traffic.passedWorkload(
                                                        network, from, host, request, status))));
        streams.connect(kubelet.streams());
        kubelet.start();
    }

    /** Starts a cluster with defaults; see {@link #start(FakeClusterOptions)}. */
    public static FakeCluster start(ClusterSpec spec) throws InterruptedException {
        return start(FakeClusterOptions.of(spec));
    }

    /**
     * Starts a cluster; it answers, and Istio is installed and ready, when this returns. From a
     * snapshot: pods that were ready are so again, or have been waited for.
     *
     * @throws IllegalStateException when Istio does not become ready; the message says what was
     *     seen
     */
    public static FakeCluster start(FakeClusterOptions options) throws InterruptedException {
        FakeCluster cluster = new FakeCluster(options);
        boolean started = false;
        try {
            Snapshot saved = options.snapshot();
            if (saved == null) {
                cluster.installIstio(options.spec().istio());
            } else {
                cluster.awaitPods(saved);
            }
            started = true;
            return cluster;
        } finally {
            if (!started) {
                cluster.close();
            }
        }
    }

    private void awaitPods(Snapshot saved) throws InterruptedException {
        try {
            RestoredPods.all(api(), saved).await(QUIET_LIMIT);
            awaitConfigured(QUIET_LIMIT);
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, e::getMessage);
        }
    }

    private void installIstio(IstioProfile profile) throws InterruptedException {
        if (profile == IstioProfile.NONE) {
            return;
        }
        try {
            new IstioInstaller(
                            new ApiInstallTarget(server.api("istio-operator")),
                            IstioRelease.CURRENT,
                            List.of())
                    .install(
                            InstallOptions.profile(profile.name().toLowerCase(Locale.ROOT)),
                            SilentProgress.INSTANCE);
        } catch (InstallException e) {
            throw new IllegalStateException("Istio could not be installed: " + e.getMessage(), e);
        }
    }

    private void install(ExtensionPoints points) {
        points.admission(new IstioValidationPlugin(this::istioValidates));
        points.http(new SnapshotEndpoint(this::snapshot, this::restore));
        points.http(new ResourceProxy(points.api("kube-apiserver"), network));
    }

    private boolean istioValidates() {
        return server.api("kube-apiserver").find(ISTIO_WEBHOOK) != null;
    }

    private @Nullable AddressPool pool(LoadBalancer mode) {
        if (mode == LoadBalancer.NONE) {
            return null;
        }
        List<String> addresses = network.loadBalancerPool();
        return addresses.isEmpty()
                ? AddressPool.of("default-pool", "192.168.49.240", "192.168.49.250")
                : AddressPool.of("default-pool", addresses.getFirst(), addresses.getLast());
    }

    /**
     * A port that answers elsewhere on this host than the cluster says is told by an event on its
     * Service.
     */
    private void portMoved(ExposedPort port) {
        ServiceEvents.portMoved(server.api("kube-proxy"), port);
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** All verbs with full rights, in process. */
    public ResourceApi api() {
        return server.api("meshdojo");
    }

    /**
     * The cluster's state now; costs nothing to take. For {@link #restore}, for {@link
     * FakeClusterOptions#withSnapshot}, and for {@link
     * dev.meshdojo.simulator.apiserver.storage.SnapshotFile}. Holds Secrets and keys.
     */
    public Snapshot snapshot() {
        return state.take();
    }

    /**
     * Takes the cluster back to a state: objects are as they were, pods that run and were there go
     * on, others end or start anew. Clients stay connected, watches see the difference, and
     * resource versions go on. Controllers pause meanwhile.
     */
    public void restore(Snapshot snapshot) {
        state.restore(snapshot);
    }

    @Override
    public Optional<Checkpoint> checkpoint() {
        return Optional.of(state.checkpoint(this));
    }

    /** Where node ports and load-balancer ports answer on this host now. */
    public List<ExposedPort> exposedPorts() {
        return network.exposed();
    }

    /** The cluster's network. */
    public LoopbackNetwork network() {
        return network;
    }

    /** The API server. */
    public ApiServer apiServer() {
        return server;
    }

    /**
     * Serves the control plane's ADS on this host, in plain text as istiod's port 15010 does, for
     * proxies that run outside the cluster.
     *
     * @param port on 127.0.0.1; 0 for any free one
     * @throws IOException when the port cannot be opened; the message says why
     */
    public AdsServer serveXds(int port) throws IOException {
        return istiod.onHost(port);
    }

    /** The proxies that are connected over ADS now. */
    public List<SyncStatus> connectedProxies() {
        return istiod.connected();
    }

    /** The control plane. */
    public ControlPlane controlPlane() {
        return controlPlane;
    }

    @Override
    public synchronized KubernetesClient client() {
        KubernetesClient existing = client;
        if (existing == null) {
            existing =
                    new KubernetesClientBuilder()
                            .withConfig(Config.fromKubeconfig(kubeconfig()))
                            .build();
            client = existing;
        }
        return existing;
    }

    @Override
    public String kubeconfig() {
        return server.kubeconfig();
    }

    @Override
    public Connector connector() {
        return connector;
    }

    @Override
    public void awaitConfigured(Duration limit) throws InterruptedException, TimeoutException {
        controlPlane.awaitConfigured(limit.compareTo(QUIET_LIMIT) > 0 ? QUIET_LIMIT : limit);
    }

    @Override
    public AutoCloseable watchTraffic(Consumer<TrafficHop> listener) {
        return traffic.watch(listener);
    }

    /**
     * Watches every exchange at every gateway, with the routes that were looked at and why not
     * those.
     *
     * @param listener called on event loops with the gateway's {@code namespace/workload}; must not
     *     block
     * @return closing it stops the watch
     */
    public AutoCloseable watchGateways(BiConsumer<String, TrafficEvent> listener) {
        return traffic.watchGateways(listener);
    }

    @Override
    public void close() {
        KubernetesClient existing;
        synchronized (this) {
            existing = client;
            client = null;
        }
        if (existing != null) {
            existing.close();
        }
        RuntimeException failure = null;
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IllegalStateException("closing " + part + " failed", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
