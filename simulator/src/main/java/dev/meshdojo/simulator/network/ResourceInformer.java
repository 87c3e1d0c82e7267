package dev.meshdojo.simulator.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lists a kind, then follows its changes on a virtual thread of its own, and lists again when the
 * watch falls out of the log. Changes reach the listener one at a time, in order.
 */
public final class ResourceInformer implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ResourceInformer.class.getName());
    private static final long RETRY_MILLIS = 100;

    private final ResourceApi api;
    private final String group;
    private final String plural;
    private final Listener listener;
    private final Map<String, ObjectNode> known = new HashMap<>();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile ResourceApi.@Nullable EventStream stream;

    /** Receives changes. An exception is logged and the next change follows. */
    public interface Listener {
        /** The object was made or changed. */
        void stored(ObjectNode object);

        /** The object is gone; {@code object} is its last state. */
        void removed(ObjectNode object);
    }

    private ResourceInformer(ResourceApi api, String group, String plural, Listener listener) {
        this.api = api;
        this.group = group;
        this.plural = plural;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("informer-" + plural).unstarted(this::run);
    }

    /** Starts to follow all objects of a kind in all namespaces; the caller closes it. */
    public static ResourceInformer start(
            ResourceApi api, String group, String plural, Listener listener) {
        ResourceInformer informer = new ResourceInformer(api, group, plural, listener);
        informer.thread.start();
        return informer;
    }

    private void run() {
        while (!closed) {
            try {
                follow(list());
                pause();
            } catch (ApiException e) {
                if (!closed && e.code() != 410) {
                    LOG.log(Level.FINE, "cannot follow " + plural + ", trying again", e);
                    pause();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Keeps a server that goes away from being asked again and again. */
    private void pause() {
        try {
            boolean done = closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
            assert !done || closed : "counted down by close only";
        } catch (InterruptedException e) {
            closed = true;
        }
    }

    private String list() {
        ResourceApi.ObjectList list = api.list(group, plural, "", "");
        Map<String, ObjectNode> gone = new HashMap<>(known);
        for (ObjectNode object : list.items()) {
            gone.remove(key(object));
            deliver(new ResourceApi.Event(ResourceApi.EventType.MODIFIED, object));
        }
        for (ObjectNode object : gone.values()) {
            deliver(new ResourceApi.Event(ResourceApi.EventType.DELETED, object));
        }
        return list.resourceVersion();
    }

    private void follow(String resourceVersion) throws InterruptedException {
        try (ResourceApi.EventStream events = api.watch(group, plural, "", resourceVersion)) {
            stream = events;
            while (!closed) {
                ResourceApi.Event event = events.next();
                if (event == null) {
                    return;
                }
                deliver(event);
            }
        } finally {
            stream = null;
        }
    }

    private void deliver(ResourceApi.Event event) {
        ObjectNode object = event.object();
        try {
            if (event.type() == ResourceApi.EventType.DELETED) {
                known.remove(key(object));
                listener.removed(object);
            } else {
                known.put(key(object), object);
                listener.stored(object);
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.log(Level.WARNING, "a listener failed on " + plural + " " + key(object), e);
            }
        }
    }

    private static String key(ObjectNode object) {
        return object.path("metadata").path("namespace").asText()
                + "/"
                + object.path("metadata").path("name").asText();
    }

    /** Ends the watch and waits for the thread, unless called by the listener itself. */
    @Override
    public void close() {
        closed = true;
        closing.countDown();
        ResourceApi.EventStream running = stream;
        if (running != null) {
            running.close();
        }
        thread.interrupt();
        if (Thread.currentThread() != thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
