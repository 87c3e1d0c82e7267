package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.patch.Schema;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is special about the objects of one resource. All methods work on private objects that they
 * may change, except those named old or live. Thread-safe and without state of a cluster.
 */
public interface ResourceStrategy {

    /**
     * Drops the nulls of a decoded object that are no values. Objects that came about by
     * server-side apply keep theirs.
     *
     * @param object what {@link #decode} gave; changed
     */
    default void dropNulls(ObjectNode object, ResourceType type) {}

    /**
     * Reads a version's object as the typed decoder would: reports fields the type does not have
     * and drops them.
     *
     * @param problems takes {@code unknown field "spec.foo"} in the order they stand in the object
     * @return the object to go on with
     * @throws DecodeException when a value has a type that cannot be decoded
     */
    default ObjectNode decode(ObjectNode object, ResourceType type, List<String> problems) {
        return object;
    }

    /** What the version's decoder makes of an object with nothing set but its kind. */
    default ObjectNode empty(ResourceType type) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        return object;
    }

    /** Brings an object of the storage version into the form in which it is stored and shown. */
    default ObjectNode encode(ObjectNode object, ResourceType type) {
        return object;
    }

    /** The structure of a version's objects, for patches and applied fields. */
    default Schema schema(ResourceType type) {
        return Schema.Leaf.UNTYPED;
    }

    /** Fills in the version's defaults. */
    default void applyDefaults(ObjectNode object, ResourceType type) {}

    /**
     * An object in another version of the resource. {@code apiVersion} is already the wanted one.
     * The default changes nothing else.
     */
    default ObjectNode convert(ObjectNode object, String fromVersion, String toVersion) {
        return object;
    }

    /** Clears what a creator must not set, such as the status. */
    default void prepareForCreate(ObjectNode object) {}

    /** Keeps what an update must not change: the status on updates of the object itself. */
    default void prepareForUpdate(ObjectNode object, ObjectNode old) {}

    /** Keeps everything but the status. */
    default void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {}

    /** Keeps what a change through another subresource, such as approval, must not change. */
    default void prepareForSubresource(String subresource, ObjectNode object, ObjectNode old) {
        prepareForUpdate(object, old);
    }

    /**
     * Whether {@code metadata.generation} is kept; it grows when anything but metadata and status
     * changes.
     */
    default boolean hasGeneration() {
        return false;
    }

    /** Whether a change of metadata makes {@code metadata.generation} grow all the same. */
    default boolean bumpsGeneration(ObjectNode object, ObjectNode old) {
        return false;
    }

    /** What is wrong with a new object, beyond its metadata. */
    default List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    /** What is wrong with a change, beyond metadata; includes what {@link #validate} says. */
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return validate(object);
    }

    /** What is wrong with a change of the status. */
    default List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** What is wrong with a change through another subresource. */
    default List<FieldError> validateSubresource(
            String subresource, ObjectNode object, ObjectNode old) {
        return validateUpdate(object, old);
    }

    /** What a new object that is not wrong is warned about. */
    default List<String> warnings(ObjectNode object) {
        return List.of();
    }

    /**
     * What a change that is not wrong is warned about.
     *
     * @param subresource through which the change is made, or empty
     */
    default List<String> warnings(String subresource, ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** The group by which refusals name the kind: that of its internal form. */
    default String refusalGroup(String group) {
        return group;
    }

    /** What is wrong with a name, without its path; empty when it is fine. */
    default List<String> validateName(String name, boolean prefix) {
        return dev.meshdojo.simulator.apiserver.builtin.Names.subdomain(name, prefix);
    }

    /**
     * Fields that field selectors may name besides {@code metadata.name} and {@code
     * metadata.namespace}, and how to read them.
     */
    default Map<String, Function<ObjectNode, String>> selectableFields() {
        return Map.of();
    }

    /** Where objects of a version keep what their scale shows; null for Kubernetes' own places. */
    default @Nullable ScalePaths scalePaths(String version) {
        return null;
    }

    /** Whether strategic merge patches are understood; custom kinds refuse them with 415. */
    default boolean strategicMerge() {
        return true;
    }

    /** Seconds to wait before a delete takes effect, or null when deletion is immediate. */
    default @Nullable Long gracePeriod(ObjectNode object, @Nullable Long requested) {
        return null;
    }

    /** The dependents' fate when the client does not say: orphaned or not. */
    default boolean orphansDependents() {
        return false;
    }
}
