package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of one bucket, oldest first. Readers keep a position and share the entries, so a
 * change costs the same for one watcher as for fifty. Thread-safe.
 */
public final class EventLog {

    private static final int BATCH = 256;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition appended = lock.newCondition();
    private final int capacity;
    private @Nullable StoreEvent[] ring = new StoreEvent[16];
    private long first;
    private long next;
    private long oldest;
    private boolean closed;

    EventLog(int capacity, long born) {
        this.capacity = Integer.highestOneBit(Math.max(16, capacity));
        this.oldest = born;
    }

    void append(StoreEvent event) {
        lock.lock();
        try {
            if (next - first == ring.length) {
                if (ring.length < capacity) {
                    grow();
                } else {
                    oldest = at(first).revision();
                    first++;
                }
            }
            ring[(int) (next & (ring.length - 1))] = event;
            next++;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The oldest revision that a reader may start after. */
    long oldest() {
        lock.lock();
        try {
            return oldest;
        } finally {
            lock.unlock();
        }
    }

    /** A reader of everything after a revision; null when the log no longer reaches that far. */
    @Nullable Cursor cursor(long after) {
        lock.lock();
        try {
            return after < oldest ? null : new Cursor(positionAfter(after));
        } finally {
            lock.unlock();
        }
    }

    /** Undoes every change after a revision; null when the log no longer reaches that far. */
    @Nullable PersistentMap<ObjectNode> rewind(PersistentMap<ObjectNode> objects, long to) {
        lock.lock();
        try {
            if (to < oldest) {
                return null;
            }
            PersistentMap<ObjectNode> then = objects;
            for (long position = next - 1; position >= positionAfter(to); position--) {
                StoreEvent event = at(position);
                ObjectNode previous = event.previous();
                then =
                        previous == null
                                ? then.without(event.key())
                                : then.with(event.key(), previous);
            }
            return then;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            appended.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void grow() {
        @Nullable StoreEvent[] wider = new StoreEvent[ring.length * 2];
        for (long position = first; position < next; position++) {
            wider[(int) (position & (wider.length - 1))] = at(position);
        }
        Arrays.fill(ring, null);
        ring = wider;
    }

    private StoreEvent at(long position) {
        StoreEvent event = ring[(int) (position & (ring.length - 1))];
        if (event == null) {
            throw new IllegalStateException("the event log lost position " + position);
        }
        return event;
    }

    private long positionAfter(long revision) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (at(middle).revision() <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** A reader's position. One thread reads; any thread may close. */
    public final class Cursor {
        private long position;
        private boolean ended;

        Cursor(long position) {
            this.position = position;
        }

        /**
         * The changes since the last call, at most some hundreds.
         *
         * @param millis how long to wait for the first one
         * @return empty when the time passed; null when this reader or the store was closed
         * @throws Expired when the log dropped what this reader has not read
         */
        public @Nullable List<StoreEvent> poll(long millis) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = TimeUnit.MILLISECONDS.toNanos(millis);
                while (position == next && !ended && !closed) {
                    if (left <= 0) {
                        return List.of();
                    }
                    left = appended.awaitNanos(left);
                }
                if (ended || (closed && position == next)) {
                    return null;
                }
                if (position < first) {
                    throw new Expired(oldest);
                }
                List<StoreEvent> events = new ArrayList<>();
                while (position < next && events.size() < BATCH) {
                    events.add(at(position++));
                }
                return events;
            } finally {
                lock.unlock();
            }
        }

        /** Ends a waiting {@link #poll}. */
        public void close() {
            lock.lock();
            try {
                ended = true;
                appended.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** A reader fell behind the log. */
    public static final class Expired extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final long oldest;

        Expired(long oldest) {
            super("the event log no longer reaches back: its oldest revision is " + oldest);
            this.oldest = oldest;
        }

        /** The oldest revision the log still reaches back to. */
        public long oldest() {
            return oldest;
        }
    }
}
