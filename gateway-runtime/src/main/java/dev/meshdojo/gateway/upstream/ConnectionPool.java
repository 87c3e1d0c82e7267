package dev.meshdojo.gateway.upstream;

import dev.meshdojo.gateway.codec.ClientConnection;
import dev.meshdojo.gateway.codec.ClientStream;
import dev.meshdojo.gateway.codec.ResponseSink;
import dev.meshdojo.gateway.codec.UpstreamReset;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.telemetry.ClusterStats;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one worker to one endpoint. The connection used last is used next, so idle
 * ones time out. Used on the worker's loop only.
 *
 * <p>Source: Envoy's ConnPoolImplBase: one connection attempt for each request that waits beyond
 * the capacity that is coming; a failed attempt fails all that wait.
 */
final class ConnectionPool {

    /**
     * One way to connect; pools are told apart by it.
     *
     * @param cluster whose settings count
     * @param http2 the protocol spoken
     * @param host the request's host when SNI follows it, else empty
     * @param stats where it counts
     * @param client whose connection a PROXY header tells of; null without such a header
     */
    record Transport(
            ClusterConfig cluster,
            CircuitBreaker breaker,
            boolean http2,
            String host,
            ClusterStats stats,
            ProxyHeader.@Nullable Addresses client) {}

    /** Who waits for a stream. */
    interface Waiter {
        /** The stream is there; send the request now. */
        void onReady(ClientStream stream, ClientConnection connection);

        /** There will be none. */
        void onFailure(UpstreamReset reason, @Nullable String transportFailure);
    }

    /** A place in the queue. */
    final class Pending {
        private final ResponseSink sink;
        private final Waiter waiter;

        Pending(ResponseSink sink, Waiter waiter) {
            this.sink = sink;
            this.waiter = waiter;
        }

        void cancel() {
            if (waiting.remove(this)) {
                leaveQueue(1);
            }
        }
    }

    private final Worker worker;
    private final Endpoint endpoint;
    private final Transport transport;
    private @Nullable ConnectionPool next;
    private final ArrayDeque<Pooled> ready = new ArrayDeque<>();
    private final List<Pooled> open = new ArrayList<>();
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private int connecting;
    private boolean drained;

    ConnectionPool(
            Worker worker, Endpoint endpoint, Transport transport, @Nullable ConnectionPool next) {
        this.worker = worker;
        this.endpoint = endpoint;
        this.transport = transport;
        this.next = next;
    }

    Transport transport() {
        return transport;
    }

    @Nullable ConnectionPool next() {
        return next;
    }

    void next(@Nullable ConnectionPool pool) {
        next = pool;
    }

    Worker worker() {
        return worker;
    }

    /** A pool for one client is given up with its last connection. */
    private void leave() {
        if (transport.client() != null && open.isEmpty() && connecting == 0 && waiting.isEmpty()) {
            endpoint.remove(this);
        }
    }

    /** Gives a stream at once or later; null when the waiter was told at once. */
    @Nullable Pending acquire(ResponseSink sink, Waiter waiter) {
        drained = false;
        CircuitBreaker breaker = transport.breaker();
        Pooled pooled = takeReady();
        if (pooled != null) {
            if (!breaker.mayRequest()) {
                pooled.list();
                transport.stats().overflow();
                waiter.onFailure(UpstreamReset.OVERFLOW, null);
                return null;
            }
            pooled.attach(sink, waiter);
            return null;
        }
        if (!breaker.mayWait()) {
            transport.stats().overflow();
            waiter.onFailure(UpstreamReset.OVERFLOW, null);
            return null;
        }
        Pending pending = new Pending(sink, waiter);
        waiting.add(pending);
        breaker.pending(1);
        transport.stats().pending();
        connectAsNeeded();
        return pending;
    }

    private @Nullable Pooled takeReady() {
        for (Pooled pooled = ready.pollFirst(); pooled != null; pooled = ready.pollFirst()) {
            pooled.listed = false;
            if (pooled.usable()) {
                return pooled;
            }
        }
        return null;
    }

    private void connectAsNeeded() {
        int capacity = transport.http2() ? 100 : 1;
        while ((long) connecting * capacity < waiting.size()) {
            if (!transport.breaker().mayConnect() && !(open.isEmpty() && connecting == 0)) {
                return;
            }
            connect();
        }
    }

    private void connect() {
        connecting++;
        transport.breaker().connections(1);
        transport.stats().connecting(transport.http2());
        endpoint.connecting();
        Pooled pooled = new Pooled();
        pooled.start();
    }

    /** Closes what is idle now and the rest when its requests are over. */
    void drain() {
        drained = true;
        for (Pooled pooled : List.copyOf(open)) {
            pooled.connection().drain();
        }
    }

    /** Closes everything. */
    void close() {
        drained = true;
        for (Pooled pooled : List.copyOf(open)) {
            pooled.connection().close();
        }
        failWaiting(UpstreamReset.CONNECTION_TERMINATION, null);
    }

    private void failWaiting(UpstreamReset reason, @Nullable String transportFailure) {
        List<Pending> failed = new ArrayList<>(waiting);
        waiting.clear();
        leaveQueue(failed.size());
        for (Pending pending : failed) {
            pending.waiter.onFailure(reason, transportFailure);
        }
    }

    private void leaveQueue(int requests) {
        transport.breaker().pending(-requests);
        transport.stats().pendingEnded(requests);
    }

    private final class Pooled implements ClientConnection.Owner, UpstreamConnector.Result {
        private @Nullable ClientConnection connection;
        private @Nullable ScheduledFuture<?> idleTimer;
        private @Nullable ScheduledFuture<?> ageTimer;
        private long served;
        private int active;
        private boolean gone;
        private boolean listed;

        void list() {
            if (!listed) {
                listed = true;
                ready.addFirst(this);
            }
        }

        void start() {
            UpstreamConnector.connect(worker, endpoint, transport, this, this);
        }

        ClientConnection connection() {
            return java.util.Objects.requireNonNull(connection);
        }

        boolean usable() {
            return !gone && connection().reusable() && !exhausted();
        }

        private boolean exhausted() {
            long max = transport.cluster().maxRequestsPerConnection();
            return max > 0 && served >= max;
        }

        void attach(ResponseSink sink, Waiter waiter) {
            ScheduledFuture<?> timer = idleTimer;
            if (timer != null) {
                timer.cancel(false);
                idleTimer = null;
            }
            served++;
            active++;
            transport.breaker().requests(1);
            transport.stats().requestBegan();
            endpoint.requestStarted();
            ClientStream stream = connection().open(sink);
            if (connection().streams() < connection().maxStreams() && !exhausted()) {
                list();
            }
            waiter.onReady(stream, connection());
        }

        @Override
        public void onConnected(ClientConnection connected) {
            connecting--;
            connection = connected;
            open.add(this);
            long age = transport.cluster().maxConnectionMillis();
            if (age > 0) {
                ageTimer = worker.loop().schedule(connected::drain, age, TimeUnit.MILLISECONDS);
            }
            if (drained && waiting.isEmpty()) {
                connected.close();
                return;
            }
            serve();
        }

        private void serve() {
            while (usable() && connection().streams() < connection().maxStreams()) {
                Pending pending = waiting.poll();
                if (pending == null) {
                    list();
                    idle();
                    return;
                }
                leaveQueue(1);
                if (transport.breaker().mayRequest()) {
                    attach(pending.sink, pending.waiter);
                } else {
                    transport.stats().overflow();
                    pending.waiter.onFailure(UpstreamReset.OVERFLOW, null);
                }
            }
        }

        private void idle() {
            long timeout = transport.cluster().idleTimeoutMillis();
            if (connection().streams() == 0 && timeout > 0 && idleTimer == null) {
                idleTimer =
                        worker.loop()
                                .schedule(
                                        () -> connection().close(), timeout, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void onConnectFailed(UpstreamReset reason, @Nullable String transportFailure) {
            connecting--;
            gone = true;
            transport.breaker().connections(-1);
            transport.stats().connectFailed(reason == UpstreamReset.CONNECT_TIMEOUT);
            endpoint.disconnected(true);
            failWaiting(reason, transportFailure);
            leave();
        }

        @Override
        public void onStreamEnd(ClientConnection ended) {
            release(1);
            if (exhausted() || drained) {
                ended.drain();
            } else if (ended.reusable()) {
                serve();
            }
        }

        private void release(int streams) {
            active -= streams;
            transport.breaker().requests(-streams);
            for (int i = 0; i < streams; i++) {
                transport.stats().requestEnded();
            }
        }

        @Override
        public void onClosed(ClientConnection closed) {
            if (gone) {
                return;
            }
            gone = true;
            ScheduledFuture<?> timer = idleTimer;
            if (timer != null) {
                timer.cancel(false);
            }
            if (ageTimer != null) {
                ageTimer.cancel(false);
            }
            release(active);
            transport.breaker().connections(-1);
            transport.stats().disconnected();
            endpoint.disconnected(false);
            open.remove(this);
            if (listed) {
                ready.remove(this);
            }
            if (!waiting.isEmpty()) {
                connectAsNeeded();
            }
            leave();
        }
    }
}
