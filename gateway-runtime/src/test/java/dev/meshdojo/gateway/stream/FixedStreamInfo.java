package dev.meshdojo.gateway.stream;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stream whose facts a test sets. */
public final class FixedStreamInfo implements StreamInfo {

    public InetSocketAddress remote = address("203.0.113.7", 40000);
    public InetSocketAddress direct = address("203.0.113.7", 40000);
    public InetSocketAddress local = address("10.1.0.5", 8080);
    public @Nullable String serverName;
    public @Nullable TlsInfo tls;
    public int status;
    public @Nullable String details;
    public @Nullable String upstreamHost;
    public @Nullable String upstreamCluster;
    public @Nullable String routeName;
    public final Set<ResponseFlag> flags = EnumSet.noneOf(ResponseFlag.class);
    private final DynamicMetadata metadata = new DynamicMetadata();

    /** A socket address from literals. */
    public static InetSocketAddress address(String ip, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(ip), port);
    }

    @Override
    public String protocol() {
        return "HTTP/1.1";
    }

    @Override
    public Instant startTime() {
        return Instant.parse("2026-03-01T12:34:56.789123Z");
    }

    @Override
    public Duration duration() {
        return Duration.ofMillis(42);
    }

    @Override
    public InetSocketAddress downstreamRemoteAddress() {
        return remote;
    }

    @Override
    public InetSocketAddress downstreamDirectRemoteAddress() {
        return direct;
    }

    @Override
    public InetSocketAddress downstreamLocalAddress() {
        return local;
    }

    @Override
    public long connectionId() {
        return 7;
    }

    @Override
    public @Nullable String requestedServerName() {
        return serverName;
    }

    @Override
    public @Nullable TlsInfo tls() {
        return tls;
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
    public Set<ResponseFlag> responseFlags() {
        return flags;
    }

    @Override
    public long bytesReceived() {
        return 5;
    }

    @Override
    public long bytesSent() {
        return 11;
    }

    @Override
    public @Nullable String upstreamHost() {
        return upstreamHost;
    }

    @Override
    public @Nullable String upstreamCluster() {
        return upstreamCluster;
    }

    @Override
    public @Nullable String routeName() {
        return routeName;
    }

    @Override
    public DynamicMetadata dynamicMetadata() {
        return metadata;
    }
}
