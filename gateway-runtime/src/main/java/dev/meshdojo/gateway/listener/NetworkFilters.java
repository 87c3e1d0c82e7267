package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.StreamRecord;
import java.util.List;

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

    boolean admit(StreamRecord record) {
        for (NetworkFilter check : checks) {
            if (!check.admit(record)) {
                return false;
            }
        }
        return true;
    }
}
