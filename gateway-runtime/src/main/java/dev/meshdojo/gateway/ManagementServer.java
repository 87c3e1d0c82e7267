package dev.meshdojo.gateway;

import com.google.protobuf.ByteString;
import dev.meshdojo.gateway.config.ads.AdsConnector;
import dev.meshdojo.gateway.grpc.GrpcCall;
import dev.meshdojo.gateway.grpc.GrpcStatus;
import dev.meshdojo.gateway.http.LiveConfig;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.core.v3.GrpcService;
import java.util.Locale;
import java.util.function.Supplier;

/** The management server that a bootstrap names, reached through the runtime's own cluster. */
final class ManagementServer implements AdsConnector {

    private static final String METHOD =
            "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";

    private final EventLoops loops;
    private final GrpcService service;
    private final Supplier<LiveConfig> live;

    ManagementServer(EventLoops loops, Bootstrap bootstrap, Supplier<LiveConfig> live) {
        this.loops = loops;
        this.service = bootstrap.getDynamicResources().getAdsConfig().getGrpcServices(0);
        this.live = live;
    }

    @Override
    public AdsStream open(Listener listener) {
        String name = service.getEnvoyGrpc().getClusterName();
        String authority = service.getEnvoyGrpc().getAuthority();
        UpstreamCluster cluster = live.get().cluster(name);
        if (cluster == null) {
            listener.onClosed(GrpcStatus.UNAVAILABLE, "Cluster not available");
            return new Nowhere();
        }
        HeaderMap metadata = new HeaderMap();
        service.getInitialMetadataList()
                .forEach(
                        each ->
                                metadata.add(
                                        each.getKey().toLowerCase(Locale.ROOT), each.getValue()));
        GrpcCall call =
                GrpcCall.start(
                        loops.workers().getFirst(),
                        cluster,
                        authority.isEmpty() ? name : authority,
                        METHOD,
                        metadata,
                        new GrpcCall.Listener() {
                            @Override
                            public void onMessage(ByteString message) {
                                listener.onResponse(message);
                            }

                            @Override
                            public void onClosed(GrpcStatus status) {
                                listener.onClosed(status.code(), status.message());
                            }
                        });
        return new AdsStream() {
            @Override
            public void send(ByteString request) {
                call.send(request);
            }

            @Override
            public void cancel() {
                call.cancel();
            }
        };
    }

    private static final class Nowhere implements AdsStream {
        @Override
        public void send(ByteString request) {}

        @Override
        public void cancel() {}
    }
}
