package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The create verb. */
public final class CreateOperation {

    private static final int NAME_ATTEMPTS = 8;

    private final ApiCore core;

    public CreateOperation(ApiCore core) {
        this.core = core;
    }

    /**
     * Creates an object.
     *
     * @param object decoded, with defaults, in the scope's version; owned by this call from now on
     * @return the object as stored, in the scope's version
     */
    public ObjectNode create(RequestScope scope, ObjectNode object) {
        return create(scope, object, false);
    }

    /** Creates what an apply made; its field owners are already there. */
    ObjectNode createApplied(RequestScope scope, ObjectNode object) {
        return create(scope, object, true);
    }

    private ObjectNode create(RequestScope scope, ObjectNode object, boolean applied) {
        ResourceDefinition definition = scope.definition();
        ResourceStrategy strategy = definition.strategy();
        ObjectNode metadata = Meta.of(object);
        placeInNamespace(scope, metadata);
        if (!applied) {
            metadata.remove("managedFields");
            core.ownership(scope).recordUpdate(strategy.empty(scope.type()), object);
        }
        OwnerDuplicates.drop(metadata, scope.warnings());
        metadata.put("uid", UUID.randomUUID().toString());
        AdmissionRequest request =
                ApiCore.request(
                        scope, AdmissionRequest.Operation.CREATE, Meta.name(object), object, null);
        core.mutate(scope, request);
        metadata = Meta.of(object);
        boolean generated = stampMetadata(metadata, object);
        strategy.prepareForCreate(object);
        if (strategy.hasGeneration()) {
            metadata.put("generation", 1);
        }
        List<FieldError> errors = new ArrayList<>(MetadataRules.validate(definition, object));
        errors.addAll(strategy.validate(object));
        if (!errors.isEmpty()) {
            throw Statuses.invalid(
                    strategy.refusalGroup(definition.group()),
                    definition.kind(),
                    Meta.name(object),
                    errors);
        }
        strategy.warnings(object).forEach(scope.warnings());
        core.validate(request.named(Meta.name(object)));
        return store(scope, object, generated);
    }

    private ObjectNode store(RequestScope scope, ObjectNode object, boolean generated) {
        ResourceDefinition definition = scope.definition();
        for (int attempt = 0; ; attempt++) {
            String name = Meta.name(object);
            String key = Meta.key(scope.namespace(), name);
            ObjectNode stored =
                    core.encode(definition, core.toStorage(definition, object, scope.version()));
            if (scope.dryRun()) {
                if (core.store().find(scope.bucket(), key) == null) {
                    return core.inVersion(definition, core.unversioned(stored), scope.version());
                }
            } else if (core.store().put(scope.bucket(), key, null, stored)) {
                return core.inVersion(definition, stored, scope.version());
            }
            if (!generated || attempt == NAME_ATTEMPTS) {
                throw Statuses.alreadyExists(definition.group(), definition.plural(), name);
            }
            Meta.of(object).put("name", GeneratedNames.next(Meta.text(object, "generateName")));
        }
    }

    private static void placeInNamespace(RequestScope scope, ObjectNode metadata) {
        if (!scope.definition().namespaced()) {
            metadata.remove("namespace");
            return;
        }
        String named = metadata.path("namespace").asText("");
        if (!named.isEmpty() && !named.equals(scope.namespace())) {
            throw Statuses.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the"
                            + " request");
        }
        metadata.put("namespace", scope.namespace());
    }

    private boolean stampMetadata(ObjectNode metadata, ObjectNode object) {
        metadata.remove(
                List.of(
                        "deletionTimestamp",
                        "deletionGracePeriodSeconds",
                        "selfLink",
                        "resourceVersion"));
        metadata.put("creationTimestamp", Meta.now(core.clock()));
        String prefix = Meta.text(object, "generateName");
        if (Meta.name(object).isEmpty() && !prefix.isEmpty()) {
            metadata.put("name", GeneratedNames.next(prefix));
            return true;
        }
        return false;
    }
}
