package dev.meshdojo.simulator.pilot.server.ads;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.Value;
import dev.meshdojo.simulator.pilot.server.ads.SyncStatus.TypeStatus;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.status.v3.ClientConfig;
import io.envoyproxy.envoy.service.status.v3.ConfigStatus;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A stream that may also ask which proxies are in sync, as {@code istioctl proxy-status} does with
 * the type {@code istio.io/debug/syncz}. Other requests go on to the proxy's own stream.
 */
final class DebugStream implements StreamObserver<DiscoveryRequest> {

    private static final String SYNCZ = "istio.io/debug/syncz";
    private static final String NONCE = "syncz";

    private final StreamObserver<DiscoveryRequest> proxy;
    private final StreamObserver<DiscoveryResponse> responses;
    private final Supplier<List<SyncStatus>> connected;

    DebugStream(
            StreamObserver<DiscoveryRequest> proxy,
            StreamObserver<DiscoveryResponse> responses,
            Supplier<List<SyncStatus>> connected) {
        this.proxy = proxy;
        this.responses = responses;
        this.connected = connected;
    }

    @Override
    public void onNext(DiscoveryRequest request) {
        if (!request.getTypeUrl().equals(SYNCZ)) {
            proxy.onNext(request);
            return;
        }
        if (request.getResponseNonce().equals(NONCE)) {
            return; // it acknowledges; istioctl's first request has a nonce of its own
        }
        DiscoveryResponse.Builder response =
                DiscoveryResponse.newBuilder()
                        .setTypeUrl(SYNCZ)
                        .setVersionInfo("1")
                        .setNonce(NONCE);
        for (SyncStatus each : connected.get()) {
            response.addResources(Any.pack(config(each)));
        }
        synchronized (responses) {
            responses.onNext(response.build());
        }
    }

    private static ClientConfig config(SyncStatus status) {
        ClientConfig.Builder config = ClientConfig.newBuilder();
        Struct.Builder metadata = Struct.newBuilder();
        put(metadata, "CLUSTER_ID", status.clusterId());
        put(metadata, "ISTIO_VERSION", status.istioVersion());
        put(metadata, "NAMESPACE", status.proxy().substring(status.proxy().lastIndexOf('.') + 1));
        config.getNodeBuilder().setId(status.proxy()).setMetadata(metadata);
        new TreeMap<>(status.types())
                .forEach(
                        (url, type) -> {
                            var one =
                                    config.addGenericXdsConfigsBuilder()
                                            .setTypeUrl(url)
                                            .setConfigStatus(state(type))
                                            .setLastUpdated(timestamp(type.sentTime()));
                            if (!type.lastError().isEmpty()) {
                                one.getErrorStateBuilder()
                                        .setDetails(type.lastError())
                                        .setLastUpdateAttempt(timestamp(type.sentTime()));
                            }
                        });
        return config.build();
    }

    private static ConfigStatus state(TypeStatus type) {
        if (!type.lastError().isEmpty()) {
            return ConfigStatus.ERROR;
        }
        if (type.sent().isEmpty()) {
            return ConfigStatus.NOT_SENT;
        }
        return type.sent().equals(type.acked()) ? ConfigStatus.SYNCED : ConfigStatus.STALE;
    }

    private static void put(Struct.Builder metadata, String name, String value) {
        if (!value.isEmpty()) {
            metadata.putFields(name, Value.newBuilder().setStringValue(value).build());
        }
    }

    private static Timestamp timestamp(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    @Override
    public void onError(Throwable failure) {
        proxy.onError(failure);
    }

    @Override
    public void onCompleted() {
        proxy.onCompleted();
    }
}
