package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.http.StreamRecord;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A compiled network filter that judges a connection. Immutable and thread-safe. */
interface NetworkFilter {

    /**
     * Judges a connection that was just accepted.
     *
     * @return how long until it is closed; null when it may go on
     */
    default @Nullable Duration refuse(Channel channel) {
        return null;
    }

    /**
     * Judges a connection when its first bytes are there: whether it may go on. When not, says why
     * in the record's termination details.
     */
    default boolean admit(StreamRecord record) {
        return true;
    }
}
