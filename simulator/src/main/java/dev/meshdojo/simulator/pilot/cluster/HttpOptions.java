package dev.meshdojo.simulator.pilot.cluster;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.protobuf.UInt32Value;
import dev.meshdojo.simulator.pilot.model.HeaderCase;
import dev.meshdojo.simulator.pilot.model.JsonView;
import dev.meshdojo.simulator.pilot.model.MeshConfig;
import dev.meshdojo.simulator.pilot.model.Protocol;
import dev.meshdojo.simulator.pilot.model.ProxyHeaders;
import dev.meshdojo.simulator.pilot.model.Service;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.Http1ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.Http2ProtocolOptions;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.extensions.upstreams.http.v3.HttpProtocolOptions;
import io.envoyproxy.envoy.type.v3.Percent;

/** The protocol a cluster speaks and the limits of its connection pool. */
final class HttpOptions {

    private static final String KEY = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";
    private static final int UNLIMITED = -1;

    private final Cluster.Builder cluster;
    private final HttpProtocolOptions.Builder options = HttpProtocolOptions.newBuilder();
    private final Http1ProtocolOptions.Builder http1 = Http1ProtocolOptions.newBuilder();
    private boolean needed;

    HttpOptions(Cluster.Builder cluster) {
        this.cluster = cluster;
    }

    /** The protocol by the Service port's, unless the connection pool asks for an upgrade. */
    void protocol(Service.Port port, JsonView pool, MeshConfig mesh) {
        boolean upgrade =
                switch (pool.at("http").text("h2UpgradePolicy")) {
                    case "UPGRADE" -> true;
                    case "DO_NOT_UPGRADE" -> false;
                    default ->
                            port.protocol().http()
                                    && mesh.view().text("h2UpgradePolicy").equals("UPGRADE");
                };
        if (ProxyHeaders.of(mesh).preserveCase()) {
            http1.setHeaderKeyFormat(HeaderCase.PRESERVED);
            needed |= port.protocol().http() || port.protocol() == Protocol.UNSUPPORTED;
        }
        boolean follow = pool.at("http").flag("useClientProtocol");
        if (follow) {
            options.getUseDownstreamProtocolConfigBuilder()
                    .setHttpProtocolOptions(http1)
                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
            needed = true;
        } else if (port.protocol().http2() || upgrade) {
            options.getExplicitHttpConfigBuilder()
                    .setHttp2ProtocolOptions(Http2ProtocolOptions.getDefaultInstance());
            needed = true;
        }
    }

    /** Whether the cluster speaks HTTP/2 always. */
    boolean http2() {
        return options.getExplicitHttpConfig().hasHttp2ProtocolOptions();
    }

    void pool(JsonView pool, JsonView retryBudget, MeshConfig mesh) {
        JsonView http = pool.at("http");
        JsonView tcp = pool.at("tcp");
        CircuitBreakers.Thresholds.Builder limits =
                CircuitBreakers.Thresholds.newBuilder()
                        .setMaxRequests(limit(http, "http2MaxRequests"))
                        .setMaxPendingRequests(limit(http, "http1MaxPendingRequests"))
                        .setMaxRetries(limit(http, "maxRetries"))
                        .setMaxConnections(limit(tcp, "maxConnections"));
        if (retryBudget.present()) {
            budget(limits, retryBudget);
        }
        cluster.setCircuitBreakers(CircuitBreakers.newBuilder().addThresholds(limits));
        Duration connect = tcp.duration("connectTimeout");
        cluster.setConnectTimeout(connect == null ? mesh.connectTimeout() : connect);
        keepalive(
                tcp.has("tcpKeepalive") ? tcp.at("tcpKeepalive") : mesh.view().at("tcpKeepalive"));
        common(http, tcp);
    }

    /** Takes SNI from the Host, and checks the certificate against it. */
    void automaticTls(boolean sni, boolean sans) {
        if (sni || sans) {
            options.getUpstreamHttpProtocolOptionsBuilder()
                    .setAutoSni(sni)
                    .setAutoSanValidation(sans);
            needed = true;
        }
    }

    /** Writes the options into the cluster. */
    void finish() {
        if (!needed) {
            return;
        }
        if (options.getUpstreamProtocolOptionsCase()
                == HttpProtocolOptions.UpstreamProtocolOptionsCase
                        .UPSTREAMPROTOCOLOPTIONS_NOT_SET) {
            options.getExplicitHttpConfigBuilder().setHttpProtocolOptions(http1);
        }
        cluster.putTypedExtensionProtocolOptions(KEY, Any.pack(options.build()));
    }

    private void common(JsonView http, JsonView tcp) {
        Duration idle = http.duration("idleTimeout");
        if (idle == null) {
            idle = tcp.duration("idleTimeout");
        }
        if (idle != null) {
            options.getCommonHttpProtocolOptionsBuilder().setIdleTimeout(idle);
            needed = true;
        }
        int requests = http.integer("maxRequestsPerConnection");
        if (requests > 0) {
            options.getCommonHttpProtocolOptionsBuilder()
                    .setMaxRequestsPerConnection(UInt32Value.of(requests));
            needed = true;
        }
        Duration age = tcp.duration("maxConnectionDuration");
        if (age != null) {
            options.getCommonHttpProtocolOptionsBuilder().setMaxConnectionDuration(age);
            needed = true;
        }
        if (http.integer("maxConcurrentStreams") > 0 || http.has("http2KeepAlive")) {
            options.getCommonHttpProtocolOptionsBuilder();
            needed = true;
        }
        if (http2()) {
            http2Options(http);
        }
    }

    private void http2Options(JsonView http) {
        Http2ProtocolOptions.Builder out =
                options.getExplicitHttpConfigBuilder().getHttp2ProtocolOptionsBuilder();
        int streams = http.integer("maxConcurrentStreams");
        if (streams > 0) {
            out.setMaxConcurrentStreams(UInt32Value.of(streams));
        }
        JsonView keepalive = http.at("http2KeepAlive");
        Duration interval = keepalive.duration("interval");
        Duration timeout = keepalive.duration("timeout");
        if (interval != null && timeout != null) {
            out.getConnectionKeepaliveBuilder().setInterval(interval).setTimeout(timeout);
        }
    }

    private void keepalive(JsonView keepalive) {
        if (!keepalive.present()) {
            return;
        }
        TcpKeepalive.Builder out = TcpKeepalive.newBuilder();
        if (keepalive.integer("probes") > 0) {
            out.setKeepaliveProbes(UInt32Value.of(keepalive.integer("probes")));
        }
        Duration time = keepalive.duration("time");
        if (time != null) {
            out.setKeepaliveTime(UInt32Value.of((int) time.getSeconds()));
        }
        Duration interval = keepalive.duration("interval");
        if (interval != null) {
            out.setKeepaliveInterval(UInt32Value.of((int) interval.getSeconds()));
        }
        cluster.setUpstreamConnectionOptions(
                UpstreamConnectionOptions.newBuilder().setTcpKeepalive(out));
    }

    private static void budget(CircuitBreakers.Thresholds.Builder limits, JsonView budget) {
        double percent = budget.has("percent") ? budget.number("percent") : 20;
        int concurrency = budget.integer("minRetryConcurrency");
        limits.getRetryBudgetBuilder()
                .setBudgetPercent(Percent.newBuilder().setValue(percent))
                .setMinRetryConcurrency(UInt32Value.of(concurrency > 0 ? concurrency : 3));
    }

    private static UInt32Value limit(JsonView settings, String field) {
        int written = settings.integer(field);
        return UInt32Value.of(written > 0 ? written : UNLIMITED);
    }
}
