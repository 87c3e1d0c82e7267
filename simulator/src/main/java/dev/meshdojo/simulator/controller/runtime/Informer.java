package dev.meshdojo.simulator.controller.runtime;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceApi.Event;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventStream;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import dev.meshdojo.simulator.apiserver.ResourceApi.ObjectList;
import dev.meshdojo.simulator.controller.object.Meta;
import dev.meshdojo.simulator.controller.object.ObjectName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live copy of all objects of one kind: lists, then watches, and lists again when its version
 * left the log.
 *
 * <p>Reads see a controller's own writes at once when the controller reports them with {@link
 * #observe} and {@link #forget}; so no controller acts twice on a picture that its last write has
 * outdated. Handlers run on the informer's thread, in the order of changes, and must not block.
 * Thread-safe. Source: client-go's shared informer.
 */
public final class Informer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Informer.class);

    private final ResourceApi api;
    private final String group;
    private final String plural;
    private final List<Handler> handlers = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Object lock = new Object();
    private final ObjectIndex view = new ObjectIndex();
    private final ObjectIndex delivered = new ObjectIndex();
    private final Map<ObjectName, String> gone = new HashMap<>();
    private @Nullable Thread thread;
    private @Nullable EventStream stream;
    private long followed;
    private volatile boolean closed;

    Informer(ResourceApi api, String group, String plural) {
        this.api = api;
        this.group = group;
        this.plural = plural;
    }

    /**
     * Called for each change; {@code before} is null for a new object, {@code after} for a gone.
     */
    @FunctionalInterface
    public interface Handler {
        /** Takes the change; must not block. */
        void changed(@Nullable ObjectNode before, @Nullable ObjectNode after);
    }

    /** Registers a handler; before the informers start. */
    public void onChange(Handler handler) {
        handlers.add(handler);
    }

    /**
     * Registers a handler that gets the state after a change, or the last state when it is gone.
     */
    public void onEach(java.util.function.Consumer<ObjectNode> handler) {
        onChange(
                (before, after) -> {
                    ObjectNode object = after == null ? before : after;
                    if (object != null) {
                        handler.accept(object);
                    }
                });
    }

    /** The object, or null. */
    public @Nullable ObjectNode get(ObjectName name) {
        synchronized (lock) {
            return view.get(name.namespace(), name.name());
        }
    }

    /** The objects of a namespace in name order; all when {@code namespace} is empty. */
    public List<ObjectNode> list(String namespace) {
        synchronized (lock) {
            return view.list(namespace);
        }
    }

    /** The objects that {@code owner} owns. */
    public List<ObjectNode> ownedBy(ObjectNode owner) {
        synchronized (lock) {
            return view.ownedBy(Meta.uid(owner));
        }
    }

    /** Shows an object that the caller just wrote, before its event arrives. */
    public ObjectNode observe(ObjectNode written) {
        synchronized (lock) {
            ObjectNode known = view.get(Meta.namespace(written), Meta.name(written));
            long revision = Meta.revision(written);
            boolean newer = known == null ? revision > followed : Meta.revision(known) < revision;
            if (newer) {
                view.put(written);
            }
        }
        return written;
    }

    /** Hides an object that the caller just deleted, before its event arrives. */
    public void forget(ObjectNode deleted) {
        synchronized (lock) {
            ObjectName name = Meta.objectName(deleted);
            ObjectNode known = view.get(name.namespace(), name.name());
            if (known != null && Meta.uid(known).equals(Meta.uid(deleted))) {
                view.remove(name.namespace(), name.name());
                gone.put(name, Meta.uid(deleted));
            }
        }
    }

    /** Waits until the first list is in. */
    void awaitSync() throws InterruptedException {
        synced.await();
    }

    void start(String clusterName) {
        synchronized (lock) {
            if (thread == null && !closed) {
                thread =
                        Thread.ofVirtual()
                                .name(clusterName + "-informer-" + plural)
                                .start(this::run);
            }
        }
    }

    private void run() {
        while (!closed) {
            try {
                ObjectList list = api.list(group, plural, "", "");
                replace(list.items());
                synced.countDown();
                follow(list.resourceVersion());
            } catch (InterruptedException e) {
                return;
            } catch (ApiException e) {
                if (!closed && e.code() != 410) {
                    LOG.warn("Watching {} ended: {}. Listing again.", plural, e.getMessage());
                    pause();
                }
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.warn("Watching {} failed. Listing again.", plural, e);
                    pause();
                }
            }
        }
    }

    /** Keeps a failing list from spinning; ends early when the informer closes. */
    private void pause() {
        try {
            boolean ended = closing.await(200, TimeUnit.MILLISECONDS);
            assert !ended || closed;
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private void follow(String resourceVersion) throws InterruptedException {
        try (EventStream events = api.watch(group, plural, "", resourceVersion)) {
            synchronized (lock) {
                if (closed) {
                    return;
                }
                stream = events;
            }
            for (Event event = events.next(); event != null; event = events.next()) {
                apply(event.type(), event.object());
            }
        }
    }

    private void replace(List<ObjectNode> items) {
        Set<ObjectName> present = new HashSet<>();
        items.forEach(item -> present.add(Meta.objectName(item)));
        List<ObjectNode> vanished = new ArrayList<>();
        synchronized (lock) {
            for (ObjectName name : delivered.names()) {
                ObjectNode old = delivered.get(name.namespace(), name.name());
                if (old != null && !present.contains(name)) {
                    vanished.add(old);
                }
            }
        }
        vanished.forEach(old -> apply(EventType.DELETED, old));
        items.forEach(item -> apply(EventType.MODIFIED, item));
    }

    private void apply(EventType type, ObjectNode object) {
        ObjectName name = Meta.objectName(object);
        ObjectNode before;
        ObjectNode after = type == EventType.DELETED ? null : object;
        synchronized (lock) {
            before =
                    after == null
                            ? delivered.remove(name.namespace(), name.name())
                            : delivered.put(after);
            show(type, name, object);
        }
        if (before == null && after == null) {
            return;
        }
        for (Handler handler : handlers) {
            handler.changed(before, after);
        }
    }

    private void show(EventType type, ObjectName name, ObjectNode object) {
        followed = Math.max(followed, Meta.revision(object));
        if (Meta.uid(object).equals(gone.get(name))) {
            if (type == EventType.DELETED) {
                gone.remove(name);
            }
            return;
        }
        ObjectNode known = view.get(name.namespace(), name.name());
        boolean newer = known != null && Meta.revision(known) > Meta.revision(object);
        if (type == EventType.DELETED) {
            if (known != null && Meta.uid(known).equals(Meta.uid(object))) {
                view.remove(name.namespace(), name.name());
            }
        } else if (!newer) {
            view.put(object);
        }
    }

    @Override
    public void close() {
        closed = true;
        closing.countDown();
        Thread running;
        EventStream open;
        synchronized (lock) {
            running = thread;
            open = stream;
        }
        if (open != null) {
            open.close();
        }
        if (running != null) {
            running.interrupt();
        }
    }
}
