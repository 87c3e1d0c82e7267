package dev.meshdojo.simulator.pilot.server;

import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.pilot.ProxyIdentity;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * istiod in process: follows the API server and keeps every connected proxy's configuration up to
 * date. Changes are gathered for a moment before they are translated. Thread-safe.
 */
public final class ControlPlane implements AutoCloseable {

    private final @Nullable StatusWriter statuses;
    private final JwksResolver keys;
    private final PushLoop loop;
    private final Watches watches;

    /**
     * A control plane for one API server; {@link #start} sets it to work.
     *
     * @param fetcher fetches the key sets that RequestAuthentications name by address
     * @param clock dates the conditions that are written
     */
    public ControlPlane(ResourceApi api, KeyFetcher fetcher, InstantSource clock) {
        this(api, fetcher, new StatusWriter(api, clock));
    }

    private ControlPlane(ResourceApi api, KeyFetcher fetcher, @Nullable StatusWriter statuses) {
        this.statuses = statuses;
        this.keys = new JwksResolver(fetcher, JwksResolver.Pace.ISTIO, this::keysChanged);
        this.loop =
                new PushLoop(api, keys::current, statuses == null ? model -> {} : statuses::look);
        this.watches = new Watches(api, loop::changed);
    }

    /** A control plane that reads only: it writes no status and makes no objects. */
    public static ControlPlane reading(ResourceApi api, KeyFetcher fetcher) {
        return new ControlPlane(api, fetcher, (StatusWriter) null);
    }

    private void keysChanged() {
        loop.keysChanged();
    }

    /** Starts following and pushing. Call once. */
    public void start() {
        if (statuses != null) {
            statuses.start();
        }
        keys.start();
        loop.start();
        watches.start();
    }

    /**
     * Connects a proxy, which gets its configuration soon and every later one.
     *
     * @param apply takes a configuration and says what was refused, or null when its proxy answers
     *     later; called on one thread at a time, which it must not hold up
     */
    public Connection connect(
            ProxyIdentity proxy, Function<XdsSnapshot, @Nullable Acknowledgement> apply) {
        return loop.connect(proxy, apply);
    }

    /**
     * Waits until every connected proxy runs a configuration that reflects all that is stored now.
     * To proxies that connect over the network it was sent by then.
     *
     * @throws TimeoutException after {@code limit}; the message names what is outstanding
     */
    public void awaitConfigured(Duration limit) throws InterruptedException, TimeoutException {
        loop.awaitFlush(limit);
    }

    /** The connected proxies, in order of connection. */
    public List<Connection> connections() {
        return loop.connections();
    }

    @Override
    public void close() {
        watches.close();
        loop.close();
        if (statuses != null) {
            statuses.close();
        }
        keys.close();
    }

    /** A connected proxy. Closing it ends the pushes; the proxy keeps what it has. */
    public interface Connection extends AutoCloseable {

        /** Who it is. */
        ProxyIdentity proxy();

        /** The configuration last pushed, or null before the first. */
        @Nullable XdsSnapshot pushed();

        /** What the proxy said of it; null before the first, and of a proxy that answers later. */
        @Nullable Acknowledgement acknowledged();

        @Override
        void close();
    }
}
