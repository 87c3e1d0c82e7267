package dev.meshdojo.simulator.conformance;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.apiserver.ApiServer;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.network.ClusterNetwork;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A cluster in this JVM as a target. Closing it closes the cluster. */
public final class ClusterTarget implements ConformanceTarget {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ADDRESS = "cni.projectcalico.org/ipAddrs";
    private static final String CLUSTER_DOMAIN = ".svc.cluster.local";
    private static final String ECHO = "meshdojo/echo:";

    private final Parts parts;
    private final ResourceApi api;
    private final ApiClient client;
    private final Map<ResourceKey, ObjectNode> world = new HashMap<>();
    private final Set<String> elsewhere = new HashSet<>();

    /**
     * The cluster.
     *
     * @param server its API server, which stamps objects with {@code clock}
     * @param observations fed with the gateways' access logs
     * @param owner closes all of it
     */
    public record Parts(
            ApiServer server,
            ClusterNetwork network,
            ControlPlane controlPlane,
            AgedClock clock,
            Observations observations,
            AutoCloseable owner) {}

    private ClusterTarget(Parts parts) throws GeneralSecurityException, IOException {
        this.parts = parts;
        this.api = parts.server().api("meshdojo-conformance");
        this.client = new ApiClient(parts.server());
    }

    /**
     * Puts a corpus' world into a cluster and waits until it runs.
     *
     * @throws IllegalStateException when it does not; the message says what is missing
     */
    public static ClusterTarget start(Parts parts, Corpus corpus)
            throws IOException, InterruptedException {
        try {
            ClusterTarget target = new ClusterTarget(parts);
            target.create(corpus);
            return target;
        } catch (GeneralSecurityException e) {
            throw new IOException("the API server's authority is unusable", e);
        }
    }

    private void create(Corpus corpus) throws InterruptedException {
        for (ObjectNode node : api.list("", "services", "", "").items()) {
            JsonView metadata = JsonView.of(node).at("metadata");
            elsewhere.add(
                    metadata.text("name") + "." + metadata.text("namespace") + CLUSTER_DOMAIN);
        }
        List<ObjectNode> all = new ArrayList<>(corpus.world());
        all.addAll(corpus.secrets());
        int echoes = 0;
        for (ObjectNode written : all) {
            ObjectNode object = written.deepCopy();
            if (object.path("kind").asText().equals("Deployment")
                    && image(JsonView.of(object)).startsWith(ECHO)) {
                echoes++;
                object.withObject("/spec/template/metadata/annotations")
                        .put(ADDRESS, "[\"10.244.1." + echoes + "\"]");
            }
            if (api.find(key(object)) == null) {
                world.put(key(object), api.create(object));
            }
        }
        awaitPods();
        followEchoes();
        awaitConfigured();
    }

    private void awaitPods() throws InterruptedException {
        Set<String> missing = new HashSet<>();
        await(
                () -> {
                    missing.clear();
                    int gateways = 0;
                    for (ObjectNode node : deployments()) {
                        JsonView deployment = JsonView.of(node);
                        if (deployment.at("status").integer("readyReplicas") < 1) {
                            missing.add(deployment.at("metadata").text("name"));
                        }
                        gateways += image(deployment).equals("auto") ? 1 : 0;
                    }
                    return missing.isEmpty()
                            && parts.controlPlane().connections().size() >= gateways;
                },
                () -> "pods of " + missing + " are not ready");
    }

    private List<ObjectNode> deployments() {
        return api.list("apps", "deployments", "", "").items();
    }

    private static String image(JsonView deployment) {
        return deployment
                .at("spec")
                .at("template")
                .at("spec")
                .list("containers")
                .getFirst()
                .text("image");
    }

    private void followEchoes() {
        for (ObjectNode node : api.list("", "pods", "", "").items()) {
            JsonView pod = JsonView.of(node);
            JsonView metadata = pod.at("metadata");
            if (pod.at("spec").list("containers").getFirst().text("image").startsWith(ECHO)) {
                client.follow(
                        metadata.text("namespace"),
                        metadata.text("name"),
                        parts.observations()::received);
            }
        }
    }

    private static void await(BooleanSupplier condition, Supplier<String> otherwise) {
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .atMost(PATIENCE)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "after " + PATIENCE.toSeconds() + " s " + otherwise.get(), e);
        }
    }

    private @Nullable ResourceType type(ObjectNode object) {
        String apiVersion = object.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        ResourceDefinition definition =
                parts.server()
                        .registry()
                        .findKind(
                                slash < 0 ? "" : apiVersion.substring(0, slash),
                                object.path("kind").asText());
        return definition == null ? null : api.type(definition.group(), definition.plural());
    }

    private ResourceKey key(ObjectNode object) {
        ResourceType type = type(object);
        if (type == null) {
            throw new IllegalStateException(
                    "the API server does not serve "
                            + object.path("apiVersion").asText()
                            + " "
                            + object.path("kind").asText());
        }
        return new ResourceKey(type.group(), type.plural(), namespace(type, object), name(object));
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asText();
    }

    private static String namespace(ResourceType type, ObjectNode object) {
        String written = object.path("metadata").path("namespace").asText();
        if (!type.namespaced()) {
            return "";
        }
        return written.isEmpty() ? "default" : written;
    }

    @Override
    public Applied apply(ObjectNode object, Instant created) throws InterruptedException {
        ResourceType type = type(object);
        if (type == null) {
            return new Applied(
                    "no matches for kind \"" + object.path("kind").asText() + "\"", List.of());
        }
        String apiVersion = object.path("apiVersion").asText();
        String namespace = namespace(type, object);
        String collection =
                (apiVersion.contains("/") ? "/apis/" : "/api/")
                        + apiVersion
                        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                        + "/"
                        + type.plural();
        ObjectNode sent = object.deepCopy();
        ((ObjectNode) sent.get("metadata")).remove("creationTimestamp");
        parts.clock().hold(created);
        try {
            return client.apply(collection, sent);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            parts.clock().release();
        }
    }

    @Override
    public void remove(ObjectNode object) throws InterruptedException {
        ResourceKey key = key(object);
        ObjectNode before = world.get(key);
        if (before == null) {
            api.delete(key);
            await(() -> api.find(key) == null, () -> key + " is still there");
            return;
        }
        api.edit(
                key,
                now -> {
                    ObjectNode restored = before.deepCopy();
                    ((ObjectNode) restored.get("metadata")).remove("resourceVersion");
                    return restored;
                });
    }

    @Override
    public void awaitConfigured() throws InterruptedException {
        try {
            parts.controlPlane().awaitConfigured(PATIENCE);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public @Nullable InetSocketAddress address(String service, int port) {
        String[] name = service.split("/", 2);
        return parts.network().resolve("default", name[1] + "." + name[0], port);
    }

    @Override
    public String gatewayAddress(String service) {
        return connection(service).proxy().ip();
    }

    private ControlPlane.Connection connection(String service) {
        String[] name = service.split("/", 2);
        return parts.controlPlane().connections().stream()
                .filter(
                        c ->
                                c.proxy().namespace().equals(name[0])
                                        && c.proxy().pod().startsWith(name[1]))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no gateway behind " + service));
    }

    @Override
    public String clientAddress() {
        return LoopbackNetwork.OUTSIDE_IP;
    }

    @Override
    public void clearObservations() {
        parts.observations().clear();
    }

    @Override
    public List<Map<String, @Nullable Object>> accessLog() {
        return parts.observations().entries();
    }

    @Override
    public List<JsonView> received() {
        return parts.observations().requests();
    }

    @Override
    public void awaitObserved(int requests, int entries, Duration atMost)
            throws InterruptedException {
        parts.observations().await(requests, entries, atMost);
    }

    @Override
    public void awaitSilence(Duration silence) throws InterruptedException {
        parts.observations().awaitSilence(silence);
    }

    @Override
    public XdsSnapshot configuration(String service) {
        XdsSnapshot pushed = connection(service).pushed();
        return pushed == null ? XdsSnapshot.empty() : withoutElsewhere(pushed);
    }

    /** Cases were recorded on the world alone, without the Services that every cluster has. */
    private XdsSnapshot withoutElsewhere(XdsSnapshot pushed) {
        return new XdsSnapshot(
                pushed.version(),
                pushed.listeners(),
                pushed.routes(),
                pushed.clusters().stream()
                        .filter(cluster -> !isElsewhere(cluster.getName()))
                        .toList(),
                pushed.endpoints(),
                pushed.secrets());
    }

    private boolean isElsewhere(String cluster) {
        return elsewhere.stream()
                .anyMatch(host -> cluster.endsWith("|" + host) || cluster.endsWith("_." + host));
    }

    @Override
    public void close() {
        client.close();
        try {
            parts.owner().close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the cluster did not close", e);
        }
    }
}
