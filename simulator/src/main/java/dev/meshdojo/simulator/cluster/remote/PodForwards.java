package dev.meshdojo.simulator.cluster.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.gateway.listener.SocketAddressing;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a gateway on this machine reaches pods that it has no route to: through the API server, by a
 * port-forward for each port of a pod that a request goes to. Listeners stay on loopback.
 * Thread-safe; a forward is opened by binding a port, which waits for nothing.
 */
final class PodForwards implements SocketAddressing, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodForwards.class);

    private record Key(String ip, int port) {}

    private final KubernetesClient client;
    private final ResourceApi objects;
    private final boolean forward;
    private final Map<Key, LocalPortForward> open = new ConcurrentHashMap<>();

    /**
     * @param client not closed here
     * @param objects tells which pod has an address
     * @param forward whether to go through the API server; else pods are reached as they are
     */
    PodForwards(KubernetesClient client, ResourceApi objects, boolean forward) {
        this.client = client;
        this.objects = objects;
        this.forward = forward;
    }

    @Override
    public InetSocketAddress bindAddress(InetSocketAddress configured) {
        return configured.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), configured.getPort())
                : configured;
    }

    @Override
    public void bound(InetSocketAddress configured, InetSocketAddress bound) {}

    @Override
    public void unbound(InetSocketAddress configured) {}

    @Override
    public InetSocketAddress connectAddress(InetSocketAddress endpoint) {
        if (!forward) {
            return endpoint;
        }
        Key key = new Key(endpoint.getAddress().getHostAddress(), endpoint.getPort());
        LocalPortForward known = open.computeIfPresent(key, (same, old) -> alive(old));
        if (known == null) {
            known = open.computeIfAbsent(key, this::forward);
        }
        return known == null
                ? endpoint
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), known.getLocalPort());
    }

    private static @Nullable LocalPortForward alive(LocalPortForward forward) {
        return forward.isAlive() ? forward : null;
    }

    private @Nullable LocalPortForward forward(Key key) {
        ObjectNode pod = pod(key.ip());
        if (pod == null) {
            return null;
        }
        try {
            return client.pods()
                    .inNamespace(pod.at("/metadata/namespace").asText())
                    .withName(pod.at("/metadata/name").asText())
                    .portForward(key.port());
        } catch (KubernetesClientException e) {
            LOG.warn(
                    "pod {}/{} cannot be reached: {}; the kubeconfig has to allow create on"
                            + " pods/portforward",
                    pod.at("/metadata/namespace").asText(),
                    pod.at("/metadata/name").asText(),
                    e.getMessage());
            return null;
        }
    }

    private @Nullable ObjectNode pod(String ip) {
        for (ObjectNode pod : objects.list("", "pods", "", "").items()) {
            if (pod.at("/status/podIP").asText().equals(ip)) {
                return pod;
            }
        }
        return null;
    }

    @Override
    public InetSocketAddress peerAddress(InetSocketAddress real) {
        return real;
    }

    @Override
    public InetSocketAddress localAddress(InetSocketAddress configured, InetSocketAddress real) {
        return real;
    }

    @Override
    public void close() {
        for (LocalPortForward forward : open.values()) {
            try {
                forward.close();
            } catch (IOException e) {
                LOG.debug("closing a port-forward", e);
            }
        }
    }
}
