package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin.Stage;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.Reinvocation;
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

    /** Adds a step of admission behind those of its stage. */
    public synchronized void admission(AdmissionPlugin plugin) {
        int place = 0;
        while (place < admission.size()
                && admission.get(place).stage().compareTo(plugin.stage()) <= 0) {
            place++;
        }
        admission.add(place, plugin);
    }

    /**
     * Lets the plugins change the object; what they add gets its defaults, as what clients send.
     */
    void mutate(RequestScope scope, AdmissionRequest request) {
        mutate(request, Stage.PLUGIN, Stage.WEBHOOK);
        if (request.reinvocation().begin()) {
            mutate(request, Stage.PLUGIN, Stage.WEBHOOK);
        }
        mutate(request, Stage.STORAGE, Stage.QUOTA);
        ObjectNode object = request.object();
        if (object != null && request.subresource().isEmpty()) {
            scope.definition().strategy().applyDefaults(object, request.type());
        }
    }

    private void mutate(AdmissionRequest request, Stage first, Stage last) {
        for (AdmissionPlugin plugin : admission) {
            Stage stage = plugin.stage();
            if (stage.compareTo(first) >= 0 && stage.compareTo(last) <= 0) {
                plugin.mutate(request);
            }
        }
    }

    /**
     * Asks admission about what is not stored: a connection, or an object that stands for an act.
     *
     * @param object changed by plugins
     * @throws dev.meshdojo.simulator.apiserver.ApiException when it is refused
     */
    public void admit(
            RequestScope scope,
            AdmissionRequest.Operation operation,
            String name,
            ObjectNode object) {
        AdmissionRequest request = request(scope, operation, name, object, null);
        mutate(request, Stage.PLUGIN, Stage.WEBHOOK);
        if (request.reinvocation().begin()) {
            mutate(request, Stage.PLUGIN, Stage.WEBHOOK);
        }
        validate(request);
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

    /** An object of one version in another; the same object when there is nothing to do. */
    public static ObjectNode convert(
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
                scope.warnings(),
                options(scope, operation),
                new Reinvocation());
    }

    private static ObjectNode options(RequestScope scope, AdmissionRequest.Operation operation) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        String kind =
                switch (operation) {
                    case CREATE -> "CreateOptions";
                    case UPDATE -> "UpdateOptions";
                    case DELETE -> "DeleteOptions";
                    case CONNECT -> "";
                };
        if (!kind.isEmpty()) {
            options.put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
            options.setAll(scope.options());
        }
        return options;
    }
}
