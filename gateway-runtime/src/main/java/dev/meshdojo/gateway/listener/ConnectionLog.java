package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.ConnectionInfo;
import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.http.StreamRecord;
import dev.meshdojo.gateway.stream.ResponseFlag;
import dev.meshdojo.gateway.stream.format.FormatContext;
import io.netty.channel.Channel;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells logs of one accepted connection. Used on its event loop. */
final class ConnectionLog {

    private final ListenerConfig config;
    private final HttpEnvironment environment;
    private final Instant opened;
    private boolean told;

    ConnectionLog(ListenerConfig config, HttpEnvironment environment) {
        this.config = config;
        this.environment = environment;
        this.opened = environment.clock().instant();
    }

    /** A record of the connection, with what is kept of its PROXY header. */
    StreamRecord record(ConnectionInfo info, List<ProxyHeader.Value> values) {
        StreamRecord record =
                new StreamRecord(info, null, environment.clock().instant(), environment.ticker());
        ProxyRules rules = config.proxyProtocol();
        if (rules != null) {
            rules.keep(values, record.dynamicMetadata());
        }
        return record;
    }

    /** The TCP proxy's logs learn of the end of a connection that it never got. */
    void refused(Channel channel, FilterChain.Tcp tcp, StreamRecord record) {
        channel.closeFuture()
                .addListener(
                        closed -> {
                            record.end();
                            environment.report(
                                    tcp.config().accessLogs(),
                                    new FormatContext(null, null, null, record));
                        });
    }

    /** The listener's logs learn that no filter chain fits. */
    void noChain(ConnectionInfo info, @Nullable String failure) {
        StreamRecord record =
                new StreamRecord(info, null, environment.clock().instant(), environment.ticker());
        record.clientTransportFailure(failure);
        record.raise(ResponseFlag.NO_ROUTE_FOUND);
        record.details("filter_chain_not_found");
        record.end();
        told = true;
        environment.report(config.accessLogs(), new FormatContext(null, null, null, record));
    }

    /** The listener's logs learn of the connection's end, unless they know already. */
    void ended(ConnectionInfo info, @Nullable String failure) {
        if (!told) {
            StreamRecord record = new StreamRecord(info, null, opened, environment.ticker());
            record.clientTransportFailure(failure);
            environment.log(config.accessLogs(), new FormatContext(null, null, null, record));
        }
    }
}
