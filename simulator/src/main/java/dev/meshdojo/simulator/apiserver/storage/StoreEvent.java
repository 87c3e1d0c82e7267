package dev.meshdojo.simulator.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One change of one object, as it stands in a bucket's log. Immutable but for the cached wire form,
 * which all watchers of the change share.
 */
public final class StoreEvent {

    private final long revision;
    private final EventType type;
    private final String key;
    private final ObjectNode object;
    private final @Nullable ObjectNode previous;
    private volatile byte @Nullable [] encoded;

    StoreEvent(
            long revision,
            EventType type,
            String key,
            ObjectNode object,
            @Nullable ObjectNode previous) {
        this.revision = revision;
        this.type = type;
        this.key = key;
        this.object = object;
        this.previous = previous;
    }

    /** The store's revision that this change made. */
    public long revision() {
        return revision;
    }

    /** What happened. */
    public EventType type() {
        return type;
    }

    /** {@code namespace/name}, or {@code /name} for cluster-scoped objects. */
    public String key() {
        return key;
    }

    /** The state after the change; for a deletion the last state, at the deletion's revision. */
    public ObjectNode object() {
        return object;
    }

    /** The state before, or null for a creation. */
    public @Nullable ObjectNode previous() {
        return previous;
    }

    /** The object's JSON in storage form, made once for all watchers. */
    public byte[] encoded(java.util.function.Function<ObjectNode, byte[]> encoder) {
        byte[] bytes = encoded;
        if (bytes == null) {
            bytes = encoder.apply(object);
            encoded = bytes;
        }
        return bytes;
    }
}
