package dev.meshdojo.simulator.cluster.remote;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.istio.proxy.ProxyPod;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A gateway on this machine for a cluster elsewhere: the pilot follows the cluster's objects and
 * the runtime serves what they say, on loopback. Nothing is written to the cluster. Thread-safe.
 */
public final class RemoteGateway implements AutoCloseable {

    private static final int UNAUTHORIZED = 401;

    /**
     * What to run.
     *
     * @param pod the gateway's pod as Gateways select it
     * @param portForward whether pods are reached through the API server; else directly
     * @param notes takes lines that tell the user what was seen
     */
    public record Options(ProxyPod pod, boolean portForward, Consumer<String> notes) {}

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final GatewayRuntime runtime;

    private RemoteGateway(KubernetesClient client, GatewayOptions surroundings, Options options) {
        boolean up = false;
        try {
            runtime = open(client, surroundings, options);
            up = true;
        } finally {
            if (!up) {
                close();
            }
        }
    }

    private GatewayRuntime open(
            KubernetesClient client, GatewayOptions surroundings, Options options) {
        RemoteObjects objects = own(new RemoteObjects(client, options.notes()));
        if (objects.type("networking.istio.io", "gateways") == null
                && objects.type("gateway.networking.k8s.io", "gateways") == null) {
            options.notes()
                    .accept(
                            "the cluster serves neither Istio's nor the Gateway API's Gateways:"
                                    + " nothing is listened on until their CRDs are there (istioctl"
                                    + " install, or the chart istio/base)");
        }
        PodForwards addressing = own(new PodForwards(client, objects, options.portForward()));
        GatewayRuntime started = own(GatewayRuntime.start(surroundings.withAddressing(addressing)));
        ControlPlane controlPlane = own(ControlPlane.reading(objects, RemoteGateway::fetch));
        controlPlane.start();
        ProxyPod pod = options.pod();
        own(
                controlPlane.connect(
                        new ProxyIdentity(
                                ProxyIdentity.Role.ROUTER,
                                pod.namespace(),
                                pod.name(),
                                pod.ip(),
                                pod.labels(),
                                Map.of()),
                        snapshot -> put(started, snapshot, options)));
        return started;
    }

    /**
     * Starts; the configuration follows as the cluster's objects come in.
     *
     * @param client not closed here
     * @param surroundings the runtime's, but for its addresses
     * @throws IOException when the cluster does not answer or does not let us in; the message says
     *     why and what to do
     */
    public static RemoteGateway start(
            KubernetesClient client, GatewayOptions surroundings, Options options)
            throws IOException {
        try {
            client.getKubernetesVersion();
            return new RemoteGateway(client, surroundings, options);
        } catch (KubernetesClientException e) {
            throw new IOException(failure(client, e), e);
        }
    }

    private static String failure(KubernetesClient client, KubernetesClientException e) {
        String where = String.valueOf(client.getMasterUrl());
        if (e.getCode() == UNAUTHORIZED) {
            return where
                    + " does not know these credentials (401 Unauthorized): the token or certificate"
                    + " has expired or is another cluster's; get a new kubeconfig";
        }
        if (e.getCode() > 0) {
            return where + " answers " + e.getCode() + ": " + e.getMessage();
        }
        return where
                + " cannot be reached: "
                + why(e)
                + "; start the cluster, or check the server in the kubeconfig";
    }

    private static String why(Throwable failure) {
        String last = String.valueOf(failure.getMessage());
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof ConnectException) {
                return "connection refused";
            }
            if (each instanceof UnresolvedAddressException
                    || each instanceof UnknownHostException) {
                return "no such host";
            }
            last = each.getMessage() == null ? last : each.getMessage();
        }
        return last;
    }

    private static Acknowledgement put(
            GatewayRuntime runtime, XdsSnapshot snapshot, Options options) {
        Acknowledgement answer = runtime.apply(snapshot);
        for (Acknowledgement.Rejection rejection : answer.rejections()) {
            options.notes()
                    .accept(
                            "refused "
                                    + rejection
                                            .typeUrl()
                                            .substring(rejection.typeUrl().lastIndexOf('.') + 1)
                                    + " "
                                    + rejection.resource()
                                    + ": "
                                    + rejection.reason());
        }
        runtime.listening()
                .forEach(
                        (name, addresses) ->
                                options.notes().accept("listener " + name + " on " + addresses));
        return answer;
    }

    private static String fetch(URI uri, Duration limit) throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newBuilder().connectTimeout(limit).build()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(uri).timeout(limit).build(),
                            HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException(uri + " answers status " + answer.statusCode());
            }
            return answer.body();
        }
    }

    private <T extends AutoCloseable> T own(T part) {
        parts.push(part);
        return part;
    }

    /** The data plane. */
    public GatewayRuntime runtime() {
        return runtime;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("closing the gateway failed", e);
            }
        }
    }
}
