package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.rest.Certificates;
import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.apps.IstiodWorkload;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import dev.meshdojo.simulator.pilot.server.ads.AdsOptions;
import dev.meshdojo.simulator.pilot.server.ads.AdsServer;
import dev.meshdojo.simulator.pilot.server.ads.AdsService;
import dev.meshdojo.simulator.pilot.server.ads.SyncStatus;
import io.envoyproxy.controlplane.cache.Resources;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * istiod's xDS ports: 15010 in plain text and 15012 with TLS, inside the cluster's network, and a
 * port of the host where somebody asks for one. Thread-safe.
 *
 * <p>Proxies that run in pods of the cluster get their translation as it is; a proxy whose address
 * is no pod's runs on the host and gets what it can reach from there.
 */
final class IstiodPorts implements IstiodWorkload.ControlPlanePorts {

    private static final int PLAINTEXT_PORT = 15010;
    private static final int TLS_PORT = 15012;
    private static final List<String> AUDIENCES = List.of("istio-ca");
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> FIELDS =
            Map.of(
                    Resources.V3.CLUSTER_TYPE_URL, "cluster",
                    Resources.V3.LISTENER_TYPE_URL, "listener",
                    Resources.V3.ROUTE_TYPE_URL, "route",
                    Resources.V3.ENDPOINT_TYPE_URL, "endpoint");

    private final ApiServer server;
    private final LoopbackNetwork network;
    private final InstantSource clock;
    private final AdsService service;
    private final Set<Container> running = ConcurrentHashMap.newKeySet();

    IstiodPorts(
            ApiServer server,
            LoopbackNetwork network,
            ControlPlane controlPlane,
            InstantSource clock) {
        this.server = server;
        this.network = network;
        this.clock = clock;
        this.service =
                new AdsService(
                        controlPlane, new AdsOptions(clock, this::spiffe, this::view, this::log));
    }

    /** The service account of a token that is meant for istiod. */
    private @Nullable String spiffe(String token) {
        String user = server.tokenUser(token, AUDIENCES);
        if (user == null || !user.startsWith(ACCOUNT)) {
            return null;
        }
        String[] account = user.substring(ACCOUNT.length()).split(":", 2);
        return "spiffe://cluster.local/ns/" + account[0] + "/sa/" + account[1];
    }

    private UnaryOperator<XdsSnapshot> view(ProxyIdentity proxy, @Nullable String identity) {
        if (network.isPod(proxy.ip())) {
            return identity == null ? IstiodPorts::withoutSecrets : UnaryOperator.identity();
        }
        AgentSecrets agent =
                identity == null
                        ? null
                        : new AgentSecrets(
                                identity,
                                path -> null,
                                server.authorityPem(),
                                server::workloadIdentity);
        return new HostView(network, proxy.namespace(), agent);
    }

    private static XdsSnapshot withoutSecrets(XdsSnapshot snapshot) {
        return new XdsSnapshot(
                snapshot.version(),
                snapshot.listeners(),
                snapshot.routes(),
                snapshot.clusters(),
                snapshot.endpoints(),
                List.of());
    }

    /** Into the log of every istiod that runs, as there is one control plane behind them. */
    private void log(String line) {
        String stamped = clock.instant() + "\t" + line;
        running.forEach(container -> container.log(stamped));
    }

    @Override
    public AutoCloseable open(Container container) throws IOException {
        var addressing = container.network().addressing();
        InetSocketAddress plain = new InetSocketAddress("0.0.0.0", PLAINTEXT_PORT);
        InetSocketAddress secure = new InetSocketAddress("0.0.0.0", TLS_PORT);
        AdsServer first = AdsServer.plaintext(addressing.bindAddress(plain), service);
        AdsServer second;
        try {
            second =
                    AdsServer.tls(
                            addressing.bindAddress(secure),
                            service,
                            certificate(container.pod().namespace()));
        } catch (IOException e) {
            first.close();
            throw e;
        }
        addressing.bound(plain, first.address());
        addressing.bound(secure, second.address());
        running.add(container);
        return () -> {
            running.remove(container);
            addressing.unbound(plain);
            addressing.unbound(secure);
            first.close();
            second.close();
        };
    }

    private AdsServer.Certificate certificate(String namespace) {
        Certificates.Identity own = server.serviceIdentity("istiod", namespace);
        String key =
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(own.key().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n";
        return new AdsServer.Certificate(own.certificatePem() + server.authorityPem(), key);
    }

    /**
     * Serves plain text on 127.0.0.1 of the host.
     *
     * @param port 0 for any free one
     */
    AdsServer onHost(int port) throws IOException {
        return AdsServer.plaintext(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), service);
    }

    /** The proxies that are connected over the network. */
    List<SyncStatus> connected() {
        return service.connected();
    }

    @Override
    public String syncz() {
        ArrayNode all = JSON.createArrayNode();
        for (SyncStatus status : service.connected()) {
            ObjectNode proxy = all.addObject();
            put(proxy, "cluster_id", status.clusterId());
            put(proxy, "proxy", status.proxy());
            put(proxy, "proxy_type", "router");
            put(proxy, "istio_version", status.istioVersion());
            ObjectNode resources = JSON.createObjectNode();
            status.types()
                    .forEach(
                            (url, type) -> {
                                String field = FIELDS.get(url);
                                if (field != null) {
                                    put(proxy, field + "_sent", type.sent());
                                    put(proxy, field + "_acked", type.acked());
                                }
                                ObjectNode one = resources.putObject(url);
                                put(one, "sent", type.sent());
                                put(one, "acked", type.acked());
                                put(one, "sentTime", type.sentTime().toString());
                                put(one, "lastError", type.lastError());
                            });
            proxy.set("resources", resources);
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree that was just made", e);
        }
    }

    private static void put(ObjectNode object, String field, String value) {
        if (!value.isEmpty()) {
            object.put(field, value);
        }
    }
}
