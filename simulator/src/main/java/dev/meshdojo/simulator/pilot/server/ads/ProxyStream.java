package dev.meshdojo.simulator.pilot.server.ads;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import io.envoyproxy.controlplane.server.DiscoveryServerCallbacks;
import io.envoyproxy.controlplane.server.exception.RequestException;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Status;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The life of one proxy's stream: who connects, whether it may, what it acknowledges, and that its
 * translation ends with the stream. Thread-safe.
 */
final class ProxyStream implements DiscoveryServerCallbacks, AutoCloseable {

    private final ControlPlane controlPlane;
    private final AdsOptions options;
    private final @Nullable String identity;
    private final ProxySession session = new ProxySession();
    private @Nullable ProxyNode node;
    private ControlPlane.@Nullable Connection connection;
    private boolean closed;

    /**
     * @param identity the SPIFFE identity that the proxy has proven; null when it has none
     */
    ProxyStream(ControlPlane controlPlane, AdsOptions options, @Nullable String identity) {
        this.controlPlane = controlPlane;
        this.options = options;
        this.identity = identity;
    }

    ProxySession session() {
        return session;
    }

    /** How far the proxy has come; null before its first request. */
    synchronized @Nullable SyncStatus status() {
        ProxyNode known = node;
        return known == null
                ? null
                : new SyncStatus(
                        known.proxy(), known.clusterId(), known.istioVersion(), session.statuses());
    }

    /** Whether the control plane's connection is this stream's. */
    @SuppressWarnings("ReferenceEquality") // that is the question
    synchronized boolean owns(ControlPlane.Connection other) {
        return connection == other;
    }

    @Override
    public void onV3StreamRequest(long streamId, DiscoveryRequest request) throws RequestException {
        asked(
                request.hasNode() ? request.getNode() : null,
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? request.getErrorDetail() : null);
    }

    @Override
    public void onV3StreamDeltaRequest(long streamId, DeltaDiscoveryRequest request)
            throws RequestException {
        asked(
                request.hasNode() ? request.getNode() : null,
                request.getTypeUrl(),
                request.getResponseNonce(),
                request.hasErrorDetail() ? request.getErrorDetail() : null);
    }

    private void asked(
            @Nullable Node from,
            String typeUrl,
            String nonce,
            com.google.rpc.@Nullable Status refusal)
            throws RequestException {
        ProxyNode known = connect(from);
        session.asked(typeUrl, nonce, refusal == null ? null : refusal.getMessage());
        if (refusal != null) {
            XdsType type = XdsType.of(typeUrl);
            options.log()
                    .accept(
                            "warn\tads\tADS:"
                                    + (type == null ? typeUrl : type.service())
                                    + ": ACK ERROR "
                                    + known.proxy()
                                    + " "
                                    + code(refusal.getCode())
                                    + ":"
                                    + refusal.getMessage());
        }
    }

    /** The code as gRPC for Go prints it: {@code Internal}, {@code InvalidArgument}. */
    private static String code(int number) {
        StringBuilder name = new StringBuilder();
        for (String word : Status.fromCodeValue(number).getCode().name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return name.toString();
    }

    private synchronized ProxyNode connect(@Nullable Node from) throws RequestException {
        ProxyNode known = node;
        if (known != null) {
            return known;
        }
        if (from == null || from.getId().isEmpty()) {
            throw refuse(Status.INVALID_ARGUMENT, "missing node information");
        }
        try {
            known = ProxyNode.parse(from);
        } catch (IllegalArgumentException e) {
            throw refuse(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
        authorize(known);
        node = known;
        if (!closed) {
            options.log().accept("info\tads\tADS: new connection for node:" + known.proxy());
            UnaryOperator<XdsSnapshot> view = options.view().of(known.identity(), identity);
            connection =
                    controlPlane.connect(
                            known.identity(),
                            snapshot -> {
                                session.push(view.apply(snapshot));
                                return null; // the proxy answers over its stream
                            });
        }
        return known;
    }

    /** A proxy may ask for its own namespace and service account only. */
    private void authorize(ProxyNode asking) throws RequestException {
        if (identity == null) {
            return;
        }
        String namespace = asking.identity().namespace();
        String account = asking.serviceAccount();
        boolean matches =
                (namespace.isEmpty() || identity.contains("/ns/" + namespace + "/sa/"))
                        && (account.isEmpty() || identity.endsWith("/sa/" + account));
        if (!matches) {
            throw refuse(
                    Status.PERMISSION_DENIED,
                    "authorization failed: no identities (["
                            + identity
                            + "]) matched "
                            + namespace
                            + "/"
                            + account);
        }
    }

    private RequestException refuse(Status status, String why) {
        options.log().accept("warn\tads\tADS: refused a proxy: " + why);
        return new RequestException(status.withDescription(why));
    }

    @Override
    public void onV3StreamResponse(
            long streamId, DiscoveryRequest request, DiscoveryResponse response) {
        session.sent(response.getTypeUrl(), response.getNonce(), options.clock().instant());
    }

    @Override
    public void onV3StreamDeltaResponse(
            long streamId, DeltaDiscoveryRequest request, DeltaDiscoveryResponse response) {
        session.sent(response.getTypeUrl(), response.getNonce(), options.clock().instant());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        ControlPlane.Connection open = connection;
        ProxyNode known = node;
        if (open != null && known != null) {
            open.close();
            options.log().accept("info\tads\tADS: \"" + known.proxy() + "\" terminated");
        }
    }
}
