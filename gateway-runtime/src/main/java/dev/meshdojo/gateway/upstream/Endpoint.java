package dev.meshdojo.gateway.upstream;

import com.google.protobuf.Struct;
import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.stream.AddressText;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * One address of a cluster, with what outlives updates of the cluster's membership: pools, counts
 * and ejection. Thread-safe; pools belong to their worker.
 */
public final class Endpoint {

    private final InetSocketAddress address;
    private final String hostname;
    private final String text;
    private final AtomicReferenceArray<@Nullable ConnectionPool> pools;
    private final AtomicInteger activeRequests = new AtomicInteger();
    private final AtomicInteger activeConnections = new AtomicInteger();
    private final LongAdder connections = new LongAdder();
    private final LongAdder connectFailures = new LongAdder();
    private final LongAdder requests = new LongAdder();
    private final LongAdder successes = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder timeouts = new LongAdder();
    private volatile String workload = "";
    private volatile Struct transportMetadata = Struct.getDefaultInstance();
    final OutlierDetector.Monitor monitor = new OutlierDetector.Monitor();

    Endpoint(InetSocketAddress address, String hostname, int workers) {
        this.address = address;
        this.hostname = hostname;
        this.text = AddressText.of(address);
        this.pools = new AtomicReferenceArray<>(workers);
    }

    /** The address that configuration speaks of. */
    public InetSocketAddress address() {
        return address;
    }

    /** The endpoint's host name; empty when it has none. */
    public String hostname() {
        return hostname;
    }

    /** What chooses among a cluster's transport sockets. */
    Struct transportMetadata() {
        return transportMetadata;
    }

    void transportMetadata(Struct metadata) {
        transportMetadata = metadata;
    }

    /**
     * The workload behind it as Istio's control plane writes it, {@code
     * name;namespace;canonical-name;canonical-revision;cluster}; empty when unknown.
     */
    public String workload() {
        return workload;
    }

    void workload(String text) {
        workload = text;
    }

    /** Requests under way. */
    public int activeRequests() {
        return activeRequests.get();
    }

    /** Connections open. */
    public int activeConnections() {
        return activeConnections.get();
    }

    /** Connections opened so far. */
    public long connections() {
        return connections.sum();
    }

    /** Connections that could not be opened. */
    public long connectFailures() {
        return connectFailures.sum();
    }

    /** Requests sent so far. */
    public long requests() {
        return requests.sum();
    }

    /** Requests answered below 500. */
    public long successes() {
        return successes.sum();
    }

    /** Requests that failed, or were answered 500 and above. */
    public long errors() {
        return errors.sum();
    }

    /** Requests that timed out. */
    public long timeouts() {
        return timeouts.sum();
    }

    /** Whether outlier detection keeps requests away. */
    public boolean ejected() {
        return monitor.ejected();
    }

    void requestStarted() {
        activeRequests.incrementAndGet();
        requests.increment();
    }

    void requestEnded(boolean success) {
        activeRequests.decrementAndGet();
        (success ? successes : errors).increment();
    }

    /** A request failed since no connection could be opened for it. */
    public void requestNeverSent() {
        errors.increment();
    }

    void requestTimedOut() {
        timeouts.increment();
    }

    void connecting() {
        activeConnections.incrementAndGet();
        connections.increment();
    }

    void disconnected(boolean neverOpen) {
        activeConnections.decrementAndGet();
        if (neverOpen) {
            connectFailures.increment();
        }
    }

    /** The pool of a worker for one way to connect; on the worker's loop only. */
    ConnectionPool pool(Worker worker, ConnectionPool.Transport transport) {
        ConnectionPool first = pools.get(worker.index());
        for (ConnectionPool pool = first; pool != null; pool = pool.next()) {
            if (pool.transport().equals(transport)) {
                return pool;
            }
        }
        ConnectionPool pool = new ConnectionPool(worker, this, transport, first);
        pools.set(worker.index(), pool);
        return pool;
    }

    /** Forgets a pool; on its worker's loop only. */
    @SuppressWarnings("ReferenceEquality") // this very pool
    void remove(ConnectionPool gone) {
        int worker = gone.worker().index();
        ConnectionPool first = pools.get(worker);
        if (first == gone) {
            pools.set(worker, gone.next());
            return;
        }
        for (ConnectionPool pool = first; pool != null; pool = pool.next()) {
            if (pool.next() == gone) {
                pool.next(gone.next());
                return;
            }
        }
    }

    /** The pools of all workers; each is used on its worker's loop only. */
    List<ConnectionPool> allPools() {
        List<ConnectionPool> all = new ArrayList<>();
        for (int i = 0; i < pools.length(); i++) {
            for (ConnectionPool pool = pools.get(i); pool != null; pool = pool.next()) {
                all.add(pool);
            }
        }
        return all;
    }

    @Override
    public String toString() {
        return text;
    }
}
