package dev.meshdojo.gateway.loop;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * What belongs to one event loop: its place in the group, and the connections that wait to be
 * flushed. Connections write without flushing and register here; one task flushes them all when the
 * loop has handled the sockets that were ready, so writes of one round share a system call. Used on
 * its own loop only, but for {@link #loop()} and {@link #index()}.
 */
public final class Worker {

    /** A connection with bytes written and not flushed. */
    public interface Flushable {
        /** Hands the bytes to the socket. */
        void flushNow();
    }

    private final EventLoop loop;
    private final int index;
    private List<Flushable> waiting = new ArrayList<>();
    private List<Flushable> flushing = new ArrayList<>();

    Worker(EventLoop loop, int index) {
        this.loop = loop;
        this.index = index;
    }

    /** The loop. */
    public EventLoop loop() {
        return loop;
    }

    /** The worker's place among its group's, from 0. */
    public int index() {
        return index;
    }

    /** Flushes {@code connection} in this round of the loop; call it once a round. */
    public void flushLater(Flushable connection) {
        if (waiting.isEmpty()) {
            loop.execute(this::flushAll);
        }
        waiting.add(connection);
    }

    private void flushAll() {
        List<Flushable> round = waiting;
        waiting = flushing;
        flushing = round;
        for (int i = 0; i < round.size(); i++) {
            round.get(i).flushNow();
        }
        round.clear();
    }
}
