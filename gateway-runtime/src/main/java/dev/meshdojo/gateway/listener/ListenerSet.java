package dev.meshdojo.gateway.listener;

import dev.meshdojo.gateway.config.Acknowledgement.Rejection;
import dev.meshdojo.gateway.http.HttpCompiler;
import dev.meshdojo.gateway.http.HttpEnvironment;
import dev.meshdojo.gateway.loop.EventLoops;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.tls.SecretStore;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The listeners in force. An unchanged listener is left alone; a changed one keeps its sockets when
 * its addresses stay; a removed one stops accepting and drains. Methods are called by one thread at
 * a time, not on an event loop.
 */
public final class ListenerSet implements AutoCloseable {

    private static final String TYPE = "type.googleapis.com/envoy.config.listener.v3.Listener";

    private record Entry(Listener proto, List<Secret> secrets, BoundListener bound) {}

    private final EventLoops loops;
    private final SocketAddressing addressing;
    private final HttpEnvironment environment;
    private final ListenerCompiler compiler;
    private final Duration drainTime;
    private final List<BoundListener> draining = new ArrayList<>();
    private Map<String, Entry> entries = new LinkedHashMap<>();
    private @org.jspecify.annotations.Nullable SecretStore lastSecrets;

    /**
     * A set without listeners.
     *
     * @param drainTime how long connections of a removed listener may go on
     */
    public ListenerSet(
            EventLoops loops,
            SocketAddressing addressing,
            HttpEnvironment environment,
            HttpCompiler http,
            Duration drainTime) {
        this.loops = loops;
        this.addressing = addressing;
        this.environment = environment;
        this.compiler = new ListenerCompiler(http, environment.clock());
        this.drainTime = drainTime;
    }

    /** Puts {@code listeners} in force; those not named go. New sockets are open on return. */
    @SuppressWarnings("ReferenceEquality") // the same instance needs no comparing
    public void apply(List<Listener> listeners, SecretStore secrets, Consumer<Rejection> rejected) {
        Map<String, Entry> next = new LinkedHashMap<>();
        List<BoundListener> moved = new ArrayList<>();
        Map<String, Listener> wanted = new LinkedHashMap<>();
        for (Listener proto : listeners) {
            wanted.put(proto.getName(), proto);
        }
        entries.forEach(
                (name, entry) -> {
                    if (!wanted.containsKey(name)) {
                        retire(entry.bound());
                    }
                });
        for (Listener proto : wanted.values()) {
            Entry before = entries.get(proto.getName());
            List<Secret> used =
                    before != null && secrets == lastSecrets && before.proto() == proto
                            ? before.secrets()
                            : secrets.namedIn(proto);
            if (before != null && before.proto().equals(proto) && before.secrets().equals(used)) {
                next.put(proto.getName(), before);
                continue;
            }
            try {
                ListenerConfig config = compiler.compile(proto, secrets);
                next.put(proto.getName(), new Entry(proto, used, bind(before, config, moved)));
            } catch (InvalidConfigException e) {
                rejected.accept(
                        new Rejection(TYPE, proto.getName(), String.valueOf(e.getMessage())));
                if (before != null) {
                    next.put(proto.getName(), before);
                }
            }
        }
        entries = next;
        lastSecrets = secrets;
        moved.forEach(this::retire);
    }

    /**
     * Compiles listeners without putting them in force.
     *
     * @param rejected told of each that cannot be run
     */
    public void check(List<Listener> listeners, SecretStore secrets, Consumer<Rejection> rejected) {
        for (Listener proto : listeners) {
            try {
                compiler.compile(proto, secrets);
            } catch (InvalidConfigException e) {
                rejected.accept(
                        new Rejection(TYPE, proto.getName(), String.valueOf(e.getMessage())));
            }
        }
    }

    private BoundListener bind(
            @org.jspecify.annotations.Nullable Entry before,
            ListenerConfig config,
            List<BoundListener> moved) {
        if (before != null && before.bound().config().addresses().equals(config.addresses())) {
            BoundListener bound = before.bound();
            bound.replace(config);
            drainLater(bound, false);
            return bound;
        }
        BoundListener bound = new BoundListener(loops, addressing, environment, config);
        bound.bind();
        if (before != null) {
            moved.add(before.bound());
        }
        return bound;
    }

    private void retire(BoundListener bound) {
        bound.stopAccepting();
        synchronized (draining) {
            draining.add(bound);
        }
        drainLater(bound, true);
    }

    private void drainLater(BoundListener bound, boolean all) {
        loops.workers()
                .getFirst()
                .loop()
                .schedule(
                        () -> {
                            ListenerConfig now = bound.config();
                            bound.connections().drain(chain -> all || !now.has(chain));
                            if (all) {
                                synchronized (draining) {
                                    draining.remove(bound);
                                }
                            }
                        },
                        drainTime.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /** The listeners in force by name, with the addresses they really listen on. */
    public Map<String, List<InetSocketAddress>> bound() {
        Map<String, List<InetSocketAddress>> addresses = new LinkedHashMap<>();
        entries.forEach((name, entry) -> addresses.put(name, entry.bound().bound()));
        return addresses;
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.bound().close());
        entries = new LinkedHashMap<>();
        synchronized (draining) {
            draining.forEach(BoundListener::close);
            draining.clear();
        }
    }
}
