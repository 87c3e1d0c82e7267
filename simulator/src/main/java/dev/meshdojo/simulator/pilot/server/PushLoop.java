package dev.meshdojo.simulator.pilot.server;

import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.pilot.Pilot;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import dev.meshdojo.simulator.pilot.ProxyTranslator;
import dev.meshdojo.simulator.pilot.model.MeshIndex;
import dev.meshdojo.simulator.pilot.model.MeshModel;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import dev.meshdojo.simulator.pilot.server.WatchedKinds.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gathers changes, translates and pushes, all on one virtual thread. A change after a while of
 * quiet is pushed at once; one of many waits for a quiet moment, but not for ever; somebody who
 * waits for a flush is served at once.
 */
final class PushLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PushLoop.class);
    private static final long QUIET_MILLIS = 1;
    private static final long LONGEST_GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MOST_GATHERED = 10_000;

    /** Changes that come later than this after a push are no part of a burst. */
    private static final long BURST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private sealed interface Task {}

    private record Changed(Kind kind) implements Task {}

    private record Connected(Proxy proxy) implements Task {}

    private record Flush(CompletableFuture<Void> done) implements Task {}

    private record KeysChanged() implements Task {}

    private record Stop() implements Task {}

    private final ResourceApi api;
    private final Supplier<JwksSource> keys;
    private final Consumer<MeshModel> observer;
    private final MeshView view;
    private final BlockingQueue<Task> tasks = new LinkedBlockingQueue<>();
    private final List<Proxy> proxies = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private final MeshIndex index = Pilot.index();
    private @Nullable MeshModel model;
    private @Nullable MeshModel observed;
    private long sequence;

    /**
     * @param keys the key sets now, another instance when one changed
     * @param observer told of each new model after the proxies were; must not block
     */
    PushLoop(ResourceApi api, Supplier<JwksSource> keys, Consumer<MeshModel> observer) {
        this.api = api;
        this.observer = observer;
        this.keys = keys;
        this.view = new MeshView(api);
        this.thread = Thread.ofVirtual().name("pilot-push").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void changed(Kind kind) {
        tasks.add(new Changed(kind));
    }

    void keysChanged() {
        tasks.add(new KeysChanged());
    }

    ControlPlane.Connection connect(
            ProxyIdentity identity, Function<XdsSnapshot, @Nullable Acknowledgement> apply) {
        Proxy proxy = new Proxy(identity, apply);
        proxies.add(proxy);
        tasks.add(new Connected(proxy));
        return proxy;
    }

    List<ControlPlane.Connection> connections() {
        return List.copyOf(proxies);
    }

    void awaitFlush(Duration limit) throws InterruptedException, TimeoutException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.add(new Flush(done));
        try {
            done.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw (TimeoutException)
                    new TimeoutException(
                                    "the proxies were not configured after "
                                            + limit
                                            + ": "
                                            + tasks.size()
                                            + " changes wait, "
                                            + proxies.size()
                                            + " proxies are connected")
                            .initCause(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(
                    "the control plane stopped before the proxies were configured", e.getCause());
        }
    }

    private void run() {
        List<Task> batch = new ArrayList<>();
        long pushed = System.nanoTime();
        try {
            while (true) {
                batch.clear();
                batch.add(tasks.take());
                if (System.nanoTime() - pushed < BURST_NANOS) {
                    gather(batch);
                } else {
                    tasks.drainTo(batch);
                }
                if (!work(batch)) {
                    return;
                }
                pushed = System.nanoTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fail(batch);
            tasks.drainTo(batch);
            fail(batch);
        }
    }

    /** Waits for a quiet moment, unless somebody waits for us. */
    private void gather(List<Task> batch) throws InterruptedException {
        long started = System.nanoTime();
        while (batch.size() < MOST_GATHERED
                && System.nanoTime() - started < LONGEST_GATHERING_NANOS
                && batch.stream().allMatch(task -> task instanceof Changed)) {
            Task next = tasks.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null) {
                return;
            }
            batch.add(next);
        }
        tasks.drainTo(batch);
    }

    private boolean work(List<Task> batch) {
        Set<Kind> kinds = new HashSet<>();
        boolean everything = model == null;
        boolean stop = false;
        for (Task task : batch) {
            switch (task) {
                case Changed changed -> kinds.add(changed.kind());
                case Flush flush -> everything = true;
                case Connected connected -> {}
                case KeysChanged ignored -> sequence++;
                case Stop ignored -> stop = true;
            }
        }
        if (stop) {
            return false;
        }
        try {
            refresh(everything ? WatchedKinds.ALL : List.copyOf(kinds));
            push();
            observe();
            for (Task task : batch) {
                if (task instanceof Flush flush) {
                    flush.done().complete(null);
                }
            }
        } catch (RuntimeException e) {
            LOG.error("the proxies keep their configuration: the new one could not be made", e);
            for (Task task : batch) {
                if (task instanceof Flush flush) {
                    flush.done().completeExceptionally(e);
                }
            }
        }
        return true;
    }

    private void refresh(List<Kind> kinds) {
        String revision = api.resourceVersion();
        if (view.refresh(kinds) || model == null) {
            model = index.update(view.snapshot(revision));
            sequence++;
        }
    }

    @SuppressWarnings("ReferenceEquality") // each model is told of once
    private void observe() {
        MeshModel current = model;
        if (current != null && current != observed) {
            observed = current;
            observer.accept(current);
        }
    }

    private void push() {
        MeshModel current = model;
        if (current == null) {
            return;
        }
        for (Proxy proxy : proxies) {
            if (proxy.sequence != sequence) {
                proxy.push(
                        proxy.translator.translate(current, Long.toString(sequence), keys.get()));
                proxy.sequence = sequence;
            }
        }
    }

    private static void fail(List<Task> batch) {
        for (Task task : batch) {
            if (task instanceof Flush flush) {
                flush.done()
                        .completeExceptionally(
                                new IllegalStateException("the control plane was closed"));
            }
        }
    }

    @Override
    public void close() {
        tasks.add(new Stop());
    }

    private final class Proxy implements ControlPlane.Connection {
        private final ProxyIdentity identity;
        private final ProxyTranslator translator;
        private final Function<XdsSnapshot, @Nullable Acknowledgement> apply;
        private volatile @Nullable XdsSnapshot pushed;
        private volatile @Nullable Acknowledgement acknowledged;
        private long sequence = -1;

        Proxy(ProxyIdentity identity, Function<XdsSnapshot, @Nullable Acknowledgement> apply) {
            this.identity = identity;
            this.translator = new ProxyTranslator(identity);
            this.apply = apply;
        }

        void push(XdsSnapshot snapshot) {
            XdsSnapshot last = pushed;
            if (last != null && sameContent(last, snapshot)) {
                return;
            }
            pushed = snapshot;
            @Nullable Acknowledgement answer;
            try {
                answer = apply.apply(snapshot);
            } catch (RuntimeException e) {
                if (proxies.contains(this)) {
                    throw e;
                }
                return; // it left while it was told
            }
            if (answer == null) {
                return;
            }
            acknowledged = answer;
            for (Acknowledgement.Rejection rejection : answer.rejections()) {
                LOG.warn(
                        "{}/{} refused {} {}: {}",
                        identity.namespace(),
                        identity.pod(),
                        rejection.typeUrl(),
                        rejection.resource(),
                        rejection.reason());
            }
        }

        private static boolean sameContent(XdsSnapshot a, XdsSnapshot b) {
            return a.listeners().equals(b.listeners())
                    && a.routes().equals(b.routes())
                    && a.clusters().equals(b.clusters())
                    && a.endpoints().equals(b.endpoints())
                    && a.secrets().equals(b.secrets());
        }

        @Override
        public ProxyIdentity proxy() {
            return identity;
        }

        @Override
        public @Nullable XdsSnapshot pushed() {
            return pushed;
        }

        @Override
        public @Nullable Acknowledgement acknowledged() {
            return acknowledged;
        }

        @Override
        public void close() {
            proxies.remove(this);
        }
    }
}
