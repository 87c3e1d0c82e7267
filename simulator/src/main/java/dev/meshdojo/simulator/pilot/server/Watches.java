package dev.meshdojo.simulator.pilot.server;

import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.pilot.server.WatchedKinds.Kind;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Follows every kind that is served, one virtual thread a kind, and tells which kinds changed.
 * Kinds that a later CustomResourceDefinition brings are followed from then on.
 */
final class Watches implements AutoCloseable {

    private static final int GONE = 410;

    private final ResourceApi api;
    private final Consumer<Kind> changed;
    private final Map<Kind, ResourceApi.EventStream> streams = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Watches(ResourceApi api, Consumer<Kind> changed) {
        this.api = api;
        this.changed = changed;
    }

    void start() {
        follow(WatchedKinds.DEFINITIONS);
        followServed();
    }

    private synchronized void followServed() {
        for (Kind kind : WatchedKinds.ALL) {
            if (!closed
                    && !streams.containsKey(kind)
                    && api.type(kind.group(), kind.plural()) != null) {
                follow(kind);
            }
        }
    }

    private void follow(Kind kind) {
        if (api.type(kind.group(), kind.plural()) == null) {
            return;
        }
        ResourceApi.EventStream stream = open(kind);
        if (stream == null) {
            return;
        }
        streams.put(kind, stream);
        Thread.ofVirtual()
                .name("pilot-watch-" + kind.groupResource())
                .start(() -> read(kind, stream));
    }

    private ResourceApi.@Nullable EventStream open(Kind kind) {
        try {
            String version = api.list(kind.group(), kind.plural(), "", "").resourceVersion();
            changed.accept(kind);
            return api.watch(kind.group(), kind.plural(), "", version);
        } catch (ApiException e) {
            return null;
        }
    }

    private void read(Kind kind, ResourceApi.EventStream first) {
        ResourceApi.EventStream stream = first;
        while (!closed) {
            try {
                ResourceApi.Event event = stream.next();
                if (event == null) {
                    break;
                }
                if (kind.equals(WatchedKinds.DEFINITIONS)) {
                    followServed();
                } else {
                    changed.accept(kind);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (ApiException e) {
                if (e.code() != GONE) {
                    break;
                }
                stream.close();
                ResourceApi.EventStream again = open(kind);
                if (again == null) {
                    break;
                }
                streams.put(kind, again);
                stream = again;
            }
        }
        streams.remove(kind);
        stream.close();
    }

    @Override
    public void close() {
        closed = true;
        streams.values().forEach(ResourceApi.EventStream::close);
    }
}
