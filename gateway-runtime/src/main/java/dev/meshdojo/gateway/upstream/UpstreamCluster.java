package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.AddressText;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.telemetry.ClusterStats;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in force: its members, who of them is next, and what keeps them apart from trouble.
 * Thread-safe.
 */
public final class UpstreamCluster {

    /** What the choice of an endpoint depends on. */
    public interface Choice {
        /**
         * The hash of a consistent-hash policy, or a random number. Only asked where endpoints are
         * chosen by hash: making one may give the client a cookie.
         */
        long hash();

        /** Whether to pick again. */
        boolean avoid(Endpoint endpoint);

        /** How often to pick, at least 1; the last pick counts whatever it is. */
        int attempts();
    }

    private final ClusterConfig config;
    private final AtomicReferenceArray<@Nullable Chooser> choosers;
    private final AtomicLong generation = new AtomicLong();
    private final MergedUpdates healthUpdates;
    private final @Nullable OutlierDetector outlier;
    private volatile @Nullable ClusterStats stats;
    private volatile EndpointSet members = EndpointSet.EMPTY;

    UpstreamCluster(ClusterConfig config) {
        this.config = config;
        List<Worker> workers = config.environment().loops().workers();
        this.choosers = new AtomicReferenceArray<>(workers.size());
        this.healthUpdates =
                new MergedUpdates(
                        config.updateMergeMillis(),
                        workers.getFirst().loop(),
                        config.environment().ticker(),
                        generation::incrementAndGet);
        OutlierDetector.Settings settings = config.outlier();
        this.outlier =
                settings == null
                        ? null
                        : new OutlierDetector(
                                settings,
                                () -> members.endpoints(),
                                workers.get(
                                        Math.floorMod(config.name().hashCode(), workers.size())),
                                config.environment().ticker(),
                                healthUpdates::changed,
                                this::stats);
    }

    /** The cluster's name. */
    public String name() {
        return config.name();
    }

    /** What statistics call it. */
    public String statName() {
        return config.statName();
    }

    /** The resource it was made from. */
    public Cluster proto() {
        return config.proto();
    }

    /** What this cluster counts; made when first asked for, since most clusters serve nobody. */
    public ClusterStats stats() {
        ClusterStats known = stats;
        if (known == null) {
            known = ClusterStats.of(config.environment().stats(), config.statName());
            stats = known;
        }
        return known;
    }

    ClusterConfig config() {
        return config;
    }

    EndpointSet members() {
        return members;
    }

    /** The endpoints, in order. */
    public Collection<Endpoint> endpoints() {
        return members.endpoints();
    }

    /** The endpoints with their places, in order. */
    public List<Placed> placed() {
        List<Placed> all = new ArrayList<>();
        List<EndpointSet.Priority> priorities = members.priorities();
        for (int priority = 0; priority < priorities.size(); priority++) {
            for (EndpointSet.Locality locality : priorities.get(priority).localities()) {
                for (EndpointSet.Member member : locality.members()) {
                    all.add(
                            new Placed(
                                    member.endpoint(),
                                    locality.where(),
                                    member.weight(),
                                    priority,
                                    member.usable()));
                }
            }
        }
        return all;
    }

    /**
     * An endpoint in its place.
     *
     * @param usable whether its configured health lets requests through
     */
    public record Placed(
            Endpoint endpoint,
            io.envoyproxy.envoy.config.core.v3.Locality locality,
            int weight,
            int priority,
            boolean usable) {}

    /** The limits that count for a priority. */
    public CircuitBreaker breaker(boolean highPriority) {
        return highPriority ? config.highBreaker() : config.defaultBreaker();
    }

    /** The time a connection may take to open, in milliseconds. */
    public long connectTimeoutMillis() {
        return config.connectTimeoutMillis();
    }

    /** The time a stream may last, in milliseconds; 0 for ever. */
    public long maxStreamMillis() {
        return config.maxStreamMillis();
    }

    void members(EndpointSet set) {
        Collection<Endpoint> before = members.endpoints();
        members = set;
        healthUpdates.now();
        Collection<Endpoint> after = set.endpoints();
        for (Endpoint endpoint : before) {
            if (!after.contains(endpoint)) {
                drain(endpoint);
            }
        }
    }

    /** Picks an endpoint; null when none is healthy. On the worker's loop. */
    public @Nullable Endpoint choose(Worker worker, Choice choice) {
        long now = generation.get();
        Chooser chooser = choosers.get(worker.index());
        if (chooser == null || chooser.generation() != now) {
            chooser = Chooser.build(config, members, now, config.environment().random());
            choosers.set(worker.index(), chooser);
        }
        boolean hashes =
                switch (config.policy()) {
                    case RING_HASH, MAGLEV -> true;
                    case ROUND_ROBIN, LEAST_REQUEST, RANDOM, PROVIDED -> false;
                };
        RandomGenerator random = config.environment().random();
        Endpoint endpoint = null;
        for (int i = 0; i < choice.attempts(); i++) {
            endpoint = chooser.choose(hashes ? choice.hash() : random.nextLong(), random);
            if (endpoint == null || !choice.avoid(endpoint)) {
                return endpoint;
            }
        }
        return endpoint;
    }

    /**
     * Asks for a stream to an endpoint. On the worker's loop.
     *
     * @param host the request's host, which SNI follows where the cluster says so
     * @param http2Downstream whether the client speaks HTTP/2
     * @param client the stream whose client a PROXY header tells of; null when there is none
     */
    public StreamRequest open(
            Worker worker,
            Endpoint endpoint,
            String host,
            boolean http2Downstream,
            boolean highPriority,
            @Nullable StreamInfo client,
            ResponseSink sink,
            StreamRequest.Listener listener) {
        boolean http2 =
                switch (config.protocol()) {
                    case HTTP1 -> false;
                    case HTTP2 -> true;
                    case DOWNSTREAM -> http2Downstream;
                };
        ConnectionPool.Transport transport =
                new ConnectionPool.Transport(
                        config,
                        breaker(highPriority),
                        http2,
                        config.autoSni() ? withoutPort(host) : "",
                        stats(),
                        config.transport(endpoint).proxyHeader() == null
                                ? null
                                : addresses(client));
        StreamRequest request = new StreamRequest(endpoint, http2, listener, config);
        request.start(endpoint.pool(worker, transport), sink);
        return request;
    }

    /** Asks for a stream that no client stands behind. On the worker's loop. */
    public StreamRequest open(
            Worker worker,
            Endpoint endpoint,
            String host,
            boolean http2Downstream,
            boolean highPriority,
            ResponseSink sink,
            StreamRequest.Listener listener) {
        return open(worker, endpoint, host, http2Downstream, highPriority, null, sink, listener);
    }

    private static ProxyHeader.@Nullable Addresses addresses(@Nullable StreamInfo client) {
        return client == null
                ? null
                : new ProxyHeader.Addresses(
                        client.downstreamDirectRemoteAddress(), client.downstreamLocalAddress());
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? host : host.substring(0, colon);
    }

    /** What Envoy's log says of a connection of {@link #dial} that could not be opened. */
    public static String dialFailure(Throwable cause) {
        return UpstreamConnector.failureText(cause);
    }

    /** Opens a plain channel to an endpoint, for TCP proxying. */
    public io.netty.channel.ChannelFuture dial(
            Worker worker, Endpoint endpoint, io.netty.channel.ChannelHandler handlers) {
        return UpstreamConnector.dial(
                worker,
                config,
                config.environment().connectAddress().apply(endpoint.address()),
                handlers);
    }

    /** TLS towards an endpoint for TCP proxying, or null for plain text. */
    public dev.meshdojo.gateway.tls.@Nullable UpstreamTls tls(Endpoint endpoint) {
        return config.transport(endpoint).tls();
    }

    /**
     * What a connection to an endpoint begins with, for TCP proxying, or null.
     *
     * @param client the connection whose client it tells of
     */
    public io.netty.channel.@Nullable ChannelHandler proxyHeader(
            Endpoint endpoint, StreamInfo client) {
        ProxyHeader.Version version = config.transport(endpoint).proxyHeader();
        return version == null ? null : new ProxyHeader(version, addresses(client));
    }

    /** Tells outlier detection of an answer. */
    public void onStatus(Endpoint endpoint, int status) {
        if (outlier != null) {
            outlier.onStatus(endpoint, status);
        }
    }

    /** Tells outlier detection of a connection that failed. */
    public void onLocalFailure(Endpoint endpoint) {
        if (outlier != null) {
            outlier.onLocalFailure(endpoint);
        }
    }

    /** What to call our end of a connection. */
    public String localName(java.net.InetSocketAddress real) {
        return AddressText.of(config.environment().localName().apply(real));
    }

    /** Ends: idle connections close, busy ones after their requests. */
    void retire() {
        if (outlier != null) {
            outlier.close();
        }
        for (Endpoint endpoint : members.endpoints()) {
            drain(endpoint);
        }
    }

    private static void drain(Endpoint endpoint) {
        for (ConnectionPool pool : endpoint.allPools()) {
            pool.worker().loop().execute(pool::drain);
        }
    }

    /** Ends at once: all connections close. */
    void close() {
        if (outlier != null) {
            outlier.close();
        }
        for (Endpoint endpoint : members.endpoints()) {
            for (ConnectionPool pool : endpoint.allPools()) {
                pool.worker().loop().execute(pool::close);
            }
        }
    }
}
