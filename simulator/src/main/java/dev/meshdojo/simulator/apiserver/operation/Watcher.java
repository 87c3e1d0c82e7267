package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.storage.EventLog;
import dev.meshdojo.simulator.apiserver.storage.StoreEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A running watch. Changes that make an object enter or leave the selector become ADDED or DELETED.
 * One thread reads; any thread may close.
 */
public final class Watcher implements AutoCloseable {

    private final ApiCore core;
    private final RequestScope scope;
    private final Selector selector;
    private final EventLog.Cursor cursor;
    private final String prefix;
    private final Deque<Change> ready = new ArrayDeque<>();
    private long seen;

    private Watcher(
            ApiCore core,
            RequestScope scope,
            Selector selector,
            EventLog.Cursor cursor,
            long from) {
        this.core = core;
        this.scope = scope;
        this.selector = selector;
        this.cursor = cursor;
        this.prefix = scope.namespace().isEmpty() ? "" : scope.namespace() + "/";
        this.seen = from;
    }

    /**
     * One change as this watch shows it.
     *
     * @param type what happened to the selected set
     * @param object in the scope's version
     * @param event the store's event when the object is shown as stored, so that its encoded form
     *     can be shared; else null
     */
    public record Change(EventType type, ObjectNode object, @Nullable StoreEvent event) {}

    /**
     * Starts a watch of everything after a revision.
     *
     * @throws dev.meshdojo.simulator.apiserver.ApiException 410 when the log no longer reaches it
     */
    public static Watcher from(ApiCore core, RequestScope scope, Selector selector, long revision) {
        EventLog.Cursor cursor = core.store().follow(scope.bucket(), revision);
        if (cursor == null) {
            throw tooOld(revision, core.store().oldest(scope.bucket()));
        }
        return new Watcher(core, scope, selector, cursor, revision);
    }

    /** The failure of a watch that starts too far back. */
    static RuntimeException tooOld(long revision, long oldest) {
        return Statuses.expired("too old resource version: " + revision + " (" + oldest + ")");
    }

    /** The newest revision that this watch has passed. */
    public long seen() {
        return seen;
    }

    /**
     * The next changes.
     *
     * @param millis how long to wait for them
     * @return empty when the time passed; null when the watch or the server was closed
     */
    public @Nullable List<Change> poll(long millis) throws InterruptedException {
        if (!ready.isEmpty()) {
            List<Change> left = new ArrayList<>(ready);
            ready.clear();
            return left;
        }
        List<StoreEvent> events;
        try {
            events = cursor.poll(millis);
        } catch (EventLog.Expired e) {
            throw tooOld(seen, e.oldest());
        }
        if (events == null) {
            return null;
        }
        List<Change> changes = new ArrayList<>(events.size());
        for (StoreEvent event : events) {
            seen = event.revision();
            Change change = show(event);
            if (change != null) {
                changes.add(change);
            }
        }
        return changes;
    }

    @SuppressWarnings("ReferenceEquality") // only the stored object itself has a shared form
    private @Nullable Change show(StoreEvent event) {
        if (!event.key().startsWith(prefix)) {
            return null;
        }
        ObjectNode object = core.inVersion(scope.definition(), event.object(), scope.version());
        StoreEvent shared = object == event.object() ? event : null;
        if (Selector.ALL.equals(selector)) {
            return new Change(event.type(), object, shared);
        }
        ObjectNode before = event.previous();
        boolean was =
                before != null
                        && selector.matches(
                                core.inVersion(scope.definition(), before, scope.version()));
        boolean is = event.type() != EventType.DELETED && selector.matches(object);
        if (!was && !is) {
            return null;
        }
        if (was && is) {
            return new Change(EventType.MODIFIED, object, shared);
        }
        return new Change(
                is ? EventType.ADDED : EventType.DELETED,
                was ? last(event) : object,
                is ? shared : null);
    }

    /** What a watcher sees of an object that leaves its selector: the state before. */
    private ObjectNode last(StoreEvent event) {
        ObjectNode before = event.previous();
        if (before == null || event.type() == EventType.DELETED) {
            return core.inVersion(scope.definition(), event.object(), scope.version());
        }
        ObjectNode copy = Meta.shallow(core.inVersion(scope.definition(), before, scope.version()));
        Meta.of(copy).put("resourceVersion", Long.toString(event.revision()));
        return copy;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
