package dev.meshdojo.gateway.listener;

import io.netty.channel.Channel;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The open connections of one listener. Thread-safe. */
final class Connections {

    private static final class Entry {
        private volatile @Nullable FilterChain chain;
        private volatile @Nullable Runnable retire;
        private volatile @Nullable Runnable drain;
    }

    private final Map<Channel, Entry> open = new ConcurrentHashMap<>();

    void opened(Channel channel) {
        open.put(channel, new Entry());
        channel.closeFuture().addListener(closed -> open.remove(channel));
    }

    void chosen(Channel channel, FilterChain chain) {
        Entry entry = open.get(channel);
        if (entry != null) {
            entry.chain = chain;
        }
    }

    void serving(Channel channel, Runnable retire, Runnable drain) {
        Entry entry = open.get(channel);
        if (entry != null) {
            entry.retire = retire;
            entry.drain = drain;
        }
    }

    /** How many are open. */
    int size() {
        return open.size();
    }

    /** Lets those whose chain is {@code gone} end with their next response. */
    void retire(Predicate<FilterChain> gone) {
        open.forEach(
                (channel, entry) -> {
                    FilterChain chain = entry.chain;
                    Runnable retire = entry.retire;
                    if (chain != null && retire != null && gone.test(chain)) {
                        channel.eventLoop().execute(retire);
                    }
                });
    }

    /** Ends those whose chain is {@code gone}: idle ones now, busy ones after their request. */
    void drain(Predicate<FilterChain> gone) {
        open.forEach(
                (channel, entry) -> {
                    FilterChain chain = entry.chain;
                    if (chain != null && gone.test(chain)) {
                        Runnable drain = entry.drain;
                        channel.eventLoop().execute(drain != null ? drain : channel::close);
                    }
                });
    }

    /** Closes all at once. */
    void close() {
        open.keySet().forEach(Channel::close);
    }
}
