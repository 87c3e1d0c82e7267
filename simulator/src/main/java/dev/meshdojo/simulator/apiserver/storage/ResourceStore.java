package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a cluster, by bucket ({@code plural.group}) and key ({@code namespace/name}).
 * Every change gets the next revision of one line that all buckets share. Readers take snapshots
 * and never wait for writers; writers compare and swap.
 *
 * <p>Stored objects are shared and never changed again. Thread-safe.
 */
public final class ResourceStore {

    private final ReentrantLock writes = new ReentrantLock();
    private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();
    private final List<BiConsumer<String, StoreEvent>> listeners = new CopyOnWriteArrayList<>();
    private final int history;
    private volatile long revision;

    /**
     * @param firstRevision where the revision line starts
     * @param history events kept per bucket before a watch from that far back is refused
     */
    public ResourceStore(long firstRevision, int history) {
        this.revision = firstRevision;
        this.history = history;
    }

    /** A store that goes on from an image: same objects, same resourceVersions. */
    public ResourceStore(Image image, int history) {
        this(image.revision(), history);
        image.buckets()
                .forEach(
                        (name, objects) -> {
                            Bucket bucket = new Bucket(history, image.revision());
                            bucket.objects = objects;
                            buckets.put(name, bucket);
                        });
    }

    /**
     * Calls {@code listener} with bucket and change under the write lock, in order of revision; it
     * must be quick and must not write.
     */
    public void onCommit(BiConsumer<String, StoreEvent> listener) {
        listeners.add(listener);
    }

    /** The newest revision. */
    public long revision() {
        return revision;
    }

    /** The objects of a bucket as they are now. */
    public Snapshot snapshot(String bucket) {
        writes.lock();
        try {
            return new Snapshot(revision, bucket(bucket).objects());
        } finally {
            writes.unlock();
        }
    }

    /**
     * The objects of a bucket as they were at a revision, or null when the log no longer reaches
     * back that far.
     */
    public @Nullable Snapshot snapshotAt(String bucket, long at) {
        Snapshot now = snapshot(bucket);
        if (at >= now.revision()) {
            return now;
        }
        PersistentMap<ObjectNode> then = bucket(bucket).log().rewind(now.objects(), at);
        return then == null ? null : new Snapshot(at, then);
    }

    /** The object at a key, or null. */
    public @Nullable ObjectNode find(String bucket, String key) {
        return bucket(bucket).objects().get(key);
    }

    /**
     * Stores {@code next} in place of {@code expected} and stamps its resourceVersion; null {@code
     * expected} creates.
     *
     * @return false when another writer came first; then nothing changed
     */
    @SuppressWarnings("ReferenceEquality") // compare and swap means this very state
    public boolean put(
            String bucketName, String key, @Nullable ObjectNode expected, ObjectNode next) {
        Bucket bucket = bucket(bucketName);
        writes.lock();
        try {
            if (bucket.objects().get(key) != expected) {
                return false;
            }
            long at = revision + 1;
            ObjectNodes.stampRevision(next, at);
            StoreEvent event =
                    new StoreEvent(
                            at,
                            expected == null ? EventType.ADDED : EventType.MODIFIED,
                            key,
                            next,
                            expected);
            bucket.commit(bucket.objects().with(key, next), event);
            revision = at;
            listeners.forEach(listener -> listener.accept(bucketName, event));
            return true;
        } finally {
            writes.unlock();
        }
    }

    /**
     * Removes {@code expected}.
     *
     * @return the last state at the deletion's revision, or null when another writer came first
     */
    @SuppressWarnings("ReferenceEquality") // compare and swap means this very state
    public @Nullable ObjectNode remove(String bucketName, String key, ObjectNode expected) {
        Bucket bucket = bucket(bucketName);
        writes.lock();
        try {
            if (bucket.objects().get(key) != expected) {
                return null;
            }
            long at = revision + 1;
            ObjectNode last = ObjectNodes.withRevision(expected, at);
            StoreEvent event = new StoreEvent(at, EventType.DELETED, key, last, expected);
            bucket.commit(bucket.objects().without(key), event);
            revision = at;
            listeners.forEach(listener -> listener.accept(bucketName, event));
            return last;
        } finally {
            writes.unlock();
        }
    }

    /** Reads a bucket's log from after a revision on; null when it no longer reaches that far. */
    public EventLog.@Nullable Cursor follow(String bucket, long after) {
        return bucket(bucket).log().cursor(after);
    }

    /** The oldest revision a watch of this bucket may start from. */
    public long oldest(String bucket) {
        return bucket(bucket).log().oldest();
    }

    /** Buckets that hold at least one object, by name, at one revision. */
    public Image image() {
        writes.lock();
        try {
            Map<String, PersistentMap<ObjectNode>> all = new TreeMap<>();
            buckets.forEach(
                    (name, bucket) -> {
                        if (bucket.objects().size() > 0) {
                            all.put(name, bucket.objects());
                        }
                    });
            return new Image(revision, all);
        } finally {
            writes.unlock();
        }
    }

    /**
     * Makes the store hold exactly an image's objects: what differs becomes events of new
     * revisions, so running watches see it.
     */
    public void restore(Image image) {
        writes.lock();
        try {
            revision = Math.max(revision, image.revision());
            Map<String, PersistentMap<ObjectNode>> now = image().buckets();
            now.forEach(
                    (name, objects) -> {
                        PersistentMap<ObjectNode> wanted =
                                image.buckets().getOrDefault(name, PersistentMap.empty());
                        objects.forEachFrom(
                                "",
                                (key, object) -> {
                                    if (wanted.get(key) == null) {
                                        remove(name, key, object);
                                    }
                                    return true;
                                });
                    });
            image.buckets()
                    .forEach(
                            (name, objects) ->
                                    objects.forEachFrom(
                                            "",
                                            (key, object) -> {
                                                ObjectNode live = find(name, key);
                                                if (!object.equals(live)) {
                                                    put(name, key, live, object.deepCopy());
                                                }
                                                return true;
                                            }));
        } finally {
            writes.unlock();
        }
    }

    /** Ends every log: waiting readers wake and see the end. */
    public void close() {
        buckets.values().forEach(bucket -> bucket.log().close());
    }

    private Bucket bucket(String name) {
        Bucket known = buckets.get(name);
        return known != null
                ? known
                : buckets.computeIfAbsent(name, _ -> new Bucket(history, revision));
    }

    /**
     * A bucket at one moment.
     *
     * @param revision the store's revision then
     * @param objects by key
     */
    public record Snapshot(long revision, PersistentMap<ObjectNode> objects) {}

    /**
     * The whole store at one moment.
     *
     * @param revision the store's revision then
     * @param buckets objects by bucket and key
     */
    public record Image(long revision, Map<String, PersistentMap<ObjectNode>> buckets) {}

    private static final class Bucket {
        private final EventLog log;
        private volatile PersistentMap<ObjectNode> objects = PersistentMap.empty();

        Bucket(int history, long born) {
            this.log = new EventLog(history, born);
        }

        PersistentMap<ObjectNode> objects() {
            return objects;
        }

        EventLog log() {
            return log;
        }

        void commit(PersistentMap<ObjectNode> next, StoreEvent event) {
            objects = next;
            log.append(event);
        }
    }
}
