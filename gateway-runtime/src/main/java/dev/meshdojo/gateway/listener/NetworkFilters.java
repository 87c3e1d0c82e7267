package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.StreamRecord;
import io.netty.channel.Channel;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Network filters that judge a connection before its first byte is relayed. Immutable.
 *
 * @param checks in order
 */
record NetworkFilters(List<NetworkFilter> checks) {

    static final NetworkFilters NONE = new NetworkFilters(List.of());

    NetworkFilters {
        checks = List.copyOf(checks);
    }

    /** How long until a new connection is closed; null when it may go on. */
    @Nullable Duration refuse(Channel channel) {
        for (NetworkFilter check : checks) {
            Duration refusal = check.refuse(channel);
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    boolean admit(StreamRecord record) {
        for (NetworkFilter check : checks) {
            if (!check.admit(record)) {
                return false;
            }
        }
        return true;
    }
}
