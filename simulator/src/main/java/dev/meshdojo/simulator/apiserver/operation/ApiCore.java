package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.patch.FieldOwnership;
import dev.meshdojo.simulator.apiserver.storage.ResourceStore;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What all verbs share: store, kinds, admission, clock. Thread-safe. */
public final class ApiCore {

    private final ResourceStore store;
    private final ResourceRegistry registry;
    private final Clock clock;
    private final List<AdmissionPlugin> admission = new CopyOnWriteArrayList<>();

    public ApiCore(ResourceStore store, ResourceRegistry registry, Clock clock) {
        this.store = store;
        this.registry = registry;
        this.clock = clock;
    }

    /** The objects. */
    public ResourceStore store() {
        return store;
    }

    /** The served kinds. */
    public ResourceRegistry registry() {
        return registry;
    }

    /** The time that objects are stamped with. */
    public Clock clock() {
        return clock;
    }

    /** Adds a step of admission. */
    public void admission(AdmissionPlugin plugin) {
        admission.add(plugin);
    }

    /**
     * Lets the plugins change the object; what they add gets its defaults, as what clients send.
     */
    void mutate(RequestScope scope, AdmissionRequest request) {
        for (AdmissionPlugin plugin : admission) {
            plugin.mutate(request);
        }
        ObjectNode object = request.object();
        if (object != null && request.subresource().isEmpty()) {
            scope.definition().strategy().applyDefaults(object, request.type());
        }
    }

    void validate(AdmissionRequest request) {
        for (AdmissionPlugin plugin : admission) {
            plugin.validate(request);
        }
    }

    /** A stored object in another version; the same object when that is the stored one. */
    public ObjectNode inVersion(ResourceDefinition definition, ObjectNode stored, String version) {
        return convert(definition, stored, definition.storageVersion(), version);
    }

    /** An object of a request's version as it is stored. */
    ObjectNode toStorage(ResourceDefinition definition, ObjectNode object, String version) {
        return convert(definition, object, version, definition.storageVersion());
    }

    /** An object of the storage version in the form in which it is stored. */
    ObjectNode encode(ResourceDefinition definition, ObjectNode object) {
        return FieldOrder.canonical(
                definition.strategy().encode(object, definition.type(definition.storageVersion())));
    }

    private static ObjectNode convert(
            ResourceDefinition definition, ObjectNode object, String from, String to) {
        String wanted = definition.type(to).apiVersion();
        if (from.equals(to) && wanted.equals(object.path("apiVersion").asText())) {
            return object;
        }
        ObjectNode copy = Meta.shallow(object);
        copy.put("apiVersion", wanted);
        return definition.strategy().convert(copy, from, to);
    }

    /** What a dry run of a creation shows: no resourceVersion. */
    ObjectNode unversioned(ObjectNode object) {
        Meta.of(object).remove("resourceVersion");
        return object;
    }

    /** The book-keeping of field owners for a write. */
    FieldOwnership ownership(RequestScope scope) {
        ResourceDefinition.Version version =
                java.util.Objects.requireNonNull(scope.definition().version(scope.version()));
        List<String> unowned =
                scope.subresource().equals("status")
                        ? List.of("spec")
                        : version.subresource("status") == null ? List.of() : List.of("status");
        return new FieldOwnership(
                scope.definition().strategy().schema(scope.type()),
                scope.fieldManager(),
                scope.type().apiVersion(),
                scope.subresource(),
                Meta.now(clock),
                unowned);
    }

    static AdmissionRequest request(
            RequestScope scope,
            AdmissionRequest.Operation operation,
            String name,
            @Nullable ObjectNode object,
            @Nullable ObjectNode old) {
        return new AdmissionRequest(
                operation,
                scope.type(),
                scope.subresource(),
                scope.namespace(),
                name,
                object,
                old,
                scope.user(),
                scope.dryRun(),
                scope.warnings());
    }
}
