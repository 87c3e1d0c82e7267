package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The API server's verbs for code in the same JVM: controllers, the kubelet, the pilot, tests. The
 * same admission, defaulting and validation run as for a request over HTTPS; only the wire is
 * missing.
 *
 * <p>Objects are Kubernetes JSON. What is handed out is shared and must not be changed; what is
 * handed in is copied. All methods are thread-safe and may block briefly, so never call them on an
 * event loop. Failures are {@link ApiException}s that carry the Kubernetes {@code Status}.
 */
public interface ResourceApi {

    /**
     * The served kind, or null when nothing of that group and plural is served. Any served version
     * of it.
     */
    @Nullable ResourceType type(String group, String plural);

    /** The object. Throws 404 when absent. */
    ObjectNode get(ResourceKey key);

    /** The object, or null when absent. */
    @Nullable ObjectNode find(ResourceKey key);

    /**
     * All objects of a kind; {@code namespace} empty means all namespaces. Selector in kubectl's
     * syntax, empty for all.
     */
    ObjectList list(String group, String plural, String namespace, String labelSelector);

    /**
     * Creates; {@code metadata.namespace} and {@code metadata.name} (or {@code generateName}) come
     * from the object.
     */
    ObjectNode create(ObjectNode object);

    /**
     * Replaces everything but the status; an absent {@code resourceVersion} overwrites, a stale one
     * is a 409.
     */
    ObjectNode update(ObjectNode object);

    /** Replaces the status alone. */
    ObjectNode updateStatus(ObjectNode object);

    /**
     * Reads, changes and writes until no other writer came between. {@code change} gets a private
     * deep copy, may be called more than once, and returns null to leave the object as it is.
     *
     * @return the stored object, or null when it does not exist
     */
    @Nullable ObjectNode edit(ResourceKey key, UnaryOperator<@Nullable ObjectNode> change);

    /** Like {@link #edit}, but writes the status subresource. */
    @Nullable ObjectNode editStatus(ResourceKey key, UnaryOperator<@Nullable ObjectNode> change);

    /**
     * Binds a pod to a node, as {@code pods/binding} does: sets {@code spec.nodeName} and the
     * condition {@code PodScheduled} and nothing else. A pod that is bound already stays so.
     *
     * @param scheduledTime of the condition, RFC 3339
     * @return the stored pod, or null when it does not exist
     */
    @Nullable ObjectNode bind(ResourceKey pod, String node, String scheduledTime);

    /** Deletes with background propagation. Absent objects are no error. */
    void delete(ResourceKey key);

    /**
     * Ends a deletion that waits for its grace period, if the object still has that uid: how the
     * kubelet says that a pod has ended. Other objects are left alone, absent ones are no error.
     */
    default void deleteNow(ResourceKey key, String uid) {
        delete(key);
    }

    /** Merge-patches (RFC 7386). */
    ObjectNode mergePatch(ResourceKey key, JsonNode patch);

    /**
     * Streams changes after {@code resourceVersion}, oldest first, no gaps. {@code namespace} empty
     * means all.
     *
     * @param resourceVersion of an {@link ObjectList}; a version that left the log throws 410
     */
    EventStream watch(String group, String plural, String namespace, String resourceVersion);

    /** The newest resourceVersion of the whole store. */
    String resourceVersion();

    /**
     * A consistent list.
     *
     * @param resourceVersion to watch from
     * @param items in key order
     */
    record ObjectList(String resourceVersion, List<ObjectNode> items) {}

    /** What happened to an object. */
    enum EventType {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** One change; {@code object} is the state after it, or the last state for {@code DELETED}. */
    record Event(EventType type, ObjectNode object) {}

    /**
     * A running watch. {@link #close} may be called from any thread and ends a blocked {@link
     * #next}.
     */
    interface EventStream extends AutoCloseable {
        /** Waits for the next event; null once the stream is closed. */
        @Nullable Event next() throws InterruptedException;

        @Override
        void close();
    }
}
