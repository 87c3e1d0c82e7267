package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.stream.DynamicMetadata;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.StreamInfo;
import dev.meshdojo.gateway.stream.TlsInfo;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The facts of one stream as they come to be known. Owned by one stream. */
public final class StreamRecord implements StreamInfo {

    private final ConnectionInfo connection;
    private final @Nullable String protocol;
    private final Instant start;
    private final LongSupplier ticker;
    private final long startTick;
    private final Set<ResponseFlag> flags = new LinkedHashSet<>(4);
    private final DynamicMetadata metadata = new DynamicMetadata();
    private InetSocketAddress client;
    private long endTick = -1;
    private long requestTick = -1;
    private long responseTick = -1;
    private int status;
    private @Nullable String details;
    private @Nullable String terminationDetails;
    private long received;
    private long sent;
    private @Nullable String upstreamHost;
    private @Nullable String upstreamLocal;
    private String workload = "";
    private @Nullable String cluster;
    private @Nullable String clusterAlias;
    private @Nullable String transportFailure;
    private @Nullable String clientTransportFailure;
    private int attempts;
    private @Nullable String route;
    private @Nullable String virtualHost;

    /** A record of a stream that begins now. */
    public StreamRecord(
            ConnectionInfo connection,
            @Nullable String protocol,
            Instant start,
            LongSupplier ticker) {
        this.connection = connection;
        this.protocol = protocol;
        this.start = start;
        this.ticker = ticker;
        this.startTick = ticker.getAsLong();
        this.client = connection.remote();
    }

    /** The client's connection. */
    public ConnectionInfo connection() {
        return connection;
    }

    /** Sets the trusted client address. */
    void client(InetSocketAddress address) {
        client = address;
    }

    /** The stream ends now. */
    public void end() {
        endTick = ticker.getAsLong();
    }

    /** Whether it ended. */
    public boolean ended() {
        return endTick >= 0;
    }

    void requestRead() {
        requestTick = ticker.getAsLong();
    }

    void responseStarted() {
        responseTick = ticker.getAsLong();
    }

    /** Sets the status and details that count. */
    public void answered(int code, @Nullable String why) {
        status = code;
        details = why;
    }

    /** Sets the details that count. */
    public void details(String why) {
        details = why;
    }

    /** Says why the connection was ended. */
    public void terminationDetails(String why) {
        terminationDetails = why;
    }

    /** Raises a flag. */
    public void raise(ResponseFlag flag) {
        flags.add(flag);
    }

    /** Counts body bytes from the client. */
    public void received(long bytes) {
        received += bytes;
    }

    /** Counts body bytes to the client. */
    public void sent(long bytes) {
        sent += bytes;
    }

    /** Sets where the last try went. */
    public void upstream(@Nullable String host, @Nullable String local) {
        upstreamHost = host;
        upstreamLocal = local;
    }

    /** Sets the workload behind it. */
    void workload(String described) {
        workload = described;
    }

    /** Sets the cluster. */
    public void cluster(UpstreamCluster chosen) {
        cluster = chosen.name();
        clusterAlias = chosen.statName();
    }

    /** Says why the last upstream connection failed. */
    public void transportFailure(@Nullable String reason) {
        transportFailure = reason;
    }

    /** Says why the client's handshake failed. */
    public void clientTransportFailure(@Nullable String reason) {
        clientTransportFailure = reason;
    }

    void attempt() {
        attempts++;
    }

    /** Sets what matched. */
    public void matched(@Nullable String routeName, @Nullable String virtualHostName) {
        route = routeName;
        virtualHost = virtualHostName;
    }

    @Override
    public @Nullable String protocol() {
        return protocol;
    }

    @Override
    public Instant startTime() {
        return start;
    }

    @Override
    public Duration duration() {
        return Duration.ofNanos((ended() ? endTick : ticker.getAsLong()) - startTick);
    }

    @Override
    public @Nullable Duration requestDuration() {
        return requestTick < 0 ? null : Duration.ofNanos(requestTick - startTick);
    }

    @Override
    public @Nullable Duration responseDuration() {
        return responseTick < 0 ? null : Duration.ofNanos(responseTick - startTick);
    }

    @Override
    public InetSocketAddress downstreamRemoteAddress() {
        return client;
    }

    @Override
    public InetSocketAddress downstreamDirectRemoteAddress() {
        return connection.direct();
    }

    @Override
    public InetSocketAddress downstreamLocalAddress() {
        return connection.local();
    }

    @Override
    public long connectionId() {
        return connection.id();
    }

    @Override
    public @Nullable String requestedServerName() {
        return connection.serverName();
    }

    @Override
    public @Nullable TlsInfo tls() {
        return connection.tls();
    }

    @Override
    public int responseCode() {
        return status;
    }

    @Override
    public @Nullable String responseCodeDetails() {
        return details;
    }

    @Override
    public @Nullable String connectionTerminationDetails() {
        return terminationDetails;
    }

    @Override
    public Set<ResponseFlag> responseFlags() {
        return flags;
    }

    @Override
    public long bytesReceived() {
        return received;
    }

    @Override
    public long bytesSent() {
        return sent;
    }

    @Override
    public @Nullable String upstreamHost() {
        return upstreamHost;
    }

    @Override
    public @Nullable String upstreamLocalAddress() {
        return upstreamLocal;
    }

    @Override
    public @Nullable String upstreamCluster() {
        return cluster;
    }

    @Override
    public @Nullable String upstreamClusterAlias() {
        return clusterAlias;
    }

    @Override
    public String upstreamWorkload() {
        return workload;
    }

    @Override
    public @Nullable String upstreamTransportFailureReason() {
        return transportFailure;
    }

    @Override
    public @Nullable String downstreamTransportFailureReason() {
        return clientTransportFailure;
    }

    @Override
    public int upstreamAttempts() {
        return attempts;
    }

    @Override
    public @Nullable String routeName() {
        return route;
    }

    @Override
    public @Nullable String virtualHostName() {
        return virtualHost;
    }

    @Override
    public DynamicMetadata dynamicMetadata() {
        return metadata;
    }
}
