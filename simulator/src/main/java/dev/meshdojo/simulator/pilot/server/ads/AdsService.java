package dev.meshdojo.simulator.pilot.server.ads;

import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.server.ControlPlane;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The aggregated discovery service of one control plane, for state of the world and for changes.
 * Every stream is a proxy of its own, translated for by what it says of itself. Thread-safe.
 */
public final class AdsService extends AggregatedDiscoveryServiceImplBase {

    /** Whatever ends a stream is told to the proxy and to istiod's log. */
    private static final Logger LIBRARY =
            Logger.getLogger("io.envoyproxy.controlplane.server.DiscoveryServer");

    static {
        LIBRARY.setLevel(Level.OFF);
    }

    private final ControlPlane controlPlane;
    private final AdsOptions options;
    private final Set<ProxyStream> streams = ConcurrentHashMap.newKeySet();

    /** The service of {@code controlPlane}, which is not closed here. */
    public AdsService(ControlPlane controlPlane, AdsOptions options) {
        this.controlPlane = controlPlane;
        this.options = options;
    }

    /** The proxies connected now, by name. */
    public List<SyncStatus> connected() {
        return streams.stream()
                .map(ProxyStream::status)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(SyncStatus::proxy))
                .toList();
    }

    /** All proxies of the control plane by name: those of streams, and those in process. */
    List<SyncStatus> all() {
        List<SyncStatus> all = new ArrayList<>(connected());
        for (ControlPlane.Connection connection : controlPlane.connections()) {
            if (streams.stream().noneMatch(stream -> stream.owns(connection))) {
                all.add(inProcess(connection));
            }
        }
        all.sort(Comparator.comparing(SyncStatus::proxy));
        return all;
    }

    /** A proxy that takes a snapshot before it hears of the next is always in sync. */
    private static SyncStatus inProcess(ControlPlane.Connection connection) {
        ProxyIdentity proxy = connection.proxy();
        XdsSnapshot pushed = connection.pushed();
        String version = pushed == null ? "" : pushed.version();
        Map<String, SyncStatus.TypeStatus> types = new HashMap<>();
        for (XdsType type : XdsType.values()) {
            if (pushed != null && !type.of(pushed).isEmpty()) {
                types.put(
                        type.url(), new SyncStatus.TypeStatus(version, version, Instant.EPOCH, ""));
            }
        }
        return new SyncStatus(proxy.pod() + "." + proxy.namespace(), "Kubernetes", "", types);
    }

    AdsOptions options() {
        return options;
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(
            StreamObserver<DiscoveryResponse> responses) {
        return new DebugStream(serve().streamAggregatedResources(responses), responses, this::all);
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(
            StreamObserver<DeltaDiscoveryResponse> responses) {
        return serve().deltaAggregatedResources(responses);
    }

    /** A discovery server of one stream; the stream's context ends with it, however it ends. */
    private AggregatedDiscoveryServiceImplBase serve() {
        Context context = Context.current();
        ProxyStream stream =
                new ProxyStream(controlPlane, options, CallerIdentity.KEY.get(context));
        streams.add(stream);
        context.addListener(
                ended -> {
                    streams.remove(stream);
                    stream.close();
                },
                Runnable::run);
        return new V3DiscoveryServer(stream, stream.session()).getAggregatedDiscoveryServiceImpl();
    }
}
