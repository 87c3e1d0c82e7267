package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.FieldError;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceStrategy;
import dev.meshdojo.simulator.apiserver.Statuses;
import dev.meshdojo.simulator.apiserver.patch.FieldOwnership;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The update verb, which patches and applies use as well. */
public final class UpdateOperation {

    private static final List<String> SERVER_OWNED =
            List.of(
                    "creationTimestamp",
                    "deletionTimestamp",
                    "deletionGracePeriodSeconds",
                    "generation");

    private final ApiCore core;
    private final CreateOperation creates;

    public UpdateOperation(ApiCore core) {
        this.core = core;
        this.creates = new CreateOperation(core);
    }

    /**
     * Changes an object until no other writer came between.
     *
     * @param change makes the new state from the live one (in the scope's version, shared, not to
     *     be changed); may be called again; answers null to leave the object as it is. When the new
     *     state carries a resourceVersion it has to be the live one's.
     * @return the object as stored, in the scope's version
     */
    public ObjectNode update(
            RequestScope scope, String name, Function<ObjectNode, @Nullable ObjectNode> change) {
        return update(scope, name, change, true);
    }

    /** Likewise, for what admission has already agreed to in another form. */
    public ObjectNode updateAdmitted(
            RequestScope scope, String name, Function<ObjectNode, @Nullable ObjectNode> change) {
        return update(scope, name, change, false);
    }

    private ObjectNode update(
            RequestScope scope,
            String name,
            Function<ObjectNode, @Nullable ObjectNode> change,
            boolean ask) {
        return write(
                scope,
                name,
                ask,
                live -> {
                    ObjectNode next = change.apply(live);
                    if (next != null) {
                        checkIdentity(scope, name, next, live);
                        core.ownership(scope).recordUpdate(live, next);
                    }
                    return next;
                });
    }

    /**
     * Applies a configuration; creates the object when there is none.
     *
     * @param config with its name, not decoded; owned by this call from now on
     * @param force whether fields of others are taken over
     * @param validation what happens to fields the kind does not have
     * @return the object, and whether it was created
     */
    public Applied apply(
            RequestScope scope,
            String name,
            ObjectNode config,
            boolean force,
            FieldValidation validation) {
        ResourceDefinition definition = scope.definition();
        FieldOwnership ownership = core.ownership(scope);
        String problem = ownership.problem(config);
        if (problem != null) {
            throw Statuses.failure(
                    500,
                    "",
                    "failed to create typed patch object ("
                            + (scope.namespace().isEmpty() ? "" : scope.namespace() + "/")
                            + name
                            + "; "
                            + (definition.group().isEmpty() ? "/" : "")
                            + config.path("apiVersion").asText()
                            + ", Kind="
                            + config.path("kind").asText()
                            + "): "
                            + problem,
                    null);
        }
        while (true) {
            if (core.store().find(scope.bucket(), Meta.key(scope.namespace(), name)) == null) {
                ObjectNode created = create(scope, name, config, ownership, validation);
                if (created != null) {
                    return new Applied(created, true);
                }
            }
            try {
                return new Applied(
                        write(
                                scope,
                                name,
                                true,
                                live -> {
                                    ObjectNode next = ownership.apply(live, false, config, force);
                                    checkIdentity(scope, name, next, live);
                                    return validation.decodeApplied(scope, next.deepCopy());
                                }),
                        false);
            } catch (ApiException e) {
                boolean vanished =
                        e.code() == 404
                                && core.store()
                                                .find(
                                                        scope.bucket(),
                                                        Meta.key(scope.namespace(), name))
                                        == null
                                && e.status()
                                        .path("details")
                                        .path("kind")
                                        .asText()
                                        .equals(definition.plural());
                if (!vanished) {
                    throw e;
                }
            }
        }
    }

    /**
     * What an apply led to.
     *
     * @param object in the scope's version
     * @param created whether it is new
     */
    public record Applied(ObjectNode object, boolean created) {}

    private @Nullable ObjectNode create(
            RequestScope scope,
            String name,
            ObjectNode config,
            FieldOwnership ownership,
            FieldValidation validation) {
        ResourceDefinition definition = scope.definition();
        if (!scope.subresource().isEmpty()) {
            throw Statuses.notFound(definition.group(), definition.plural(), name);
        }
        if (!Meta.uid(config).isEmpty()) {
            throw Statuses.conflict(
                    definition.group(),
                    definition.plural(),
                    name,
                    "uid mismatch: the provided object specified uid "
                            + Meta.uid(config)
                            + ", and no existing object was found");
        }
        ObjectNode fresh =
                ownership.apply(definition.strategy().empty(scope.type()), true, config, false);
        try {
            return creates.createApplied(scope, validation.decodeApplied(scope, fresh.deepCopy()));
        } catch (ApiException e) {
            if (e.reason().equals("AlreadyExists")) {
                return null;
            }
            throw e;
        }
    }

    private ObjectNode write(
            RequestScope scope,
            String name,
            boolean ask,
            Function<ObjectNode, @Nullable ObjectNode> change) {
        ResourceDefinition definition = scope.definition();
        String key = Meta.key(scope.namespace(), name);
        while (true) {
            ObjectNode stored = core.store().find(scope.bucket(), key);
            if (stored == null) {
                throw Statuses.notFound(definition.group(), definition.plural(), name);
            }
            ObjectNode live = core.inVersion(definition, stored, scope.version());
            ObjectNode next = change.apply(live);
            if (next == null) {
                return live;
            }
            ObjectNode ready = prepare(scope, name, next, live, ask);
            ObjectNode result =
                    core.encode(definition, core.toStorage(definition, ready, scope.version()));
            if (result.equals(stored)) {
                return live;
            }
            if (scope.dryRun()) {
                return core.inVersion(definition, result, scope.version());
            }
            boolean gone = Meta.deleting(result) && DeleteOperation.mayVanish(result);
            if (gone) {
                ObjectNode last = core.store().remove(scope.bucket(), key, stored);
                if (last != null) {
                    return core.inVersion(definition, result, scope.version());
                }
            } else if (core.store().put(scope.bucket(), key, stored, result)) {
                return core.inVersion(definition, result, scope.version());
            }
        }
    }

    private void checkIdentity(RequestScope scope, String name, ObjectNode next, ObjectNode live) {
        ResourceDefinition definition = scope.definition();
        ObjectNode metadata = Meta.of(next);
        String version = Meta.text(next, "resourceVersion");
        if (!version.isEmpty() && !version.equals(Meta.text(live, "resourceVersion"))) {
            throw Statuses.modified(definition.group(), definition.plural(), name);
        }
        metadata.put("resourceVersion", Meta.text(live, "resourceVersion"));
        if (Meta.uid(next).isEmpty()) {
            metadata.put("uid", Meta.uid(live));
        }
        if (Meta.name(next).isEmpty()) {
            metadata.put("name", name);
        }
        if (definition.namespaced()) {
            String namespace = Meta.namespace(next);
            if (!namespace.isEmpty() && !namespace.equals(scope.namespace())) {
                throw Statuses.badRequest(
                        "the namespace of the provided object does not match the namespace sent on"
                                + " the request");
            }
            metadata.put("namespace", scope.namespace());
        } else {
            metadata.remove("namespace");
        }
    }

    private ObjectNode prepare(
            RequestScope scope, String name, ObjectNode next, ObjectNode live, boolean ask) {
        OwnerDuplicates.drop(Meta.of(next), scope.warnings());
        ResourceDefinition definition = scope.definition();
        ResourceStrategy strategy = definition.strategy();
        AdmissionRequest request =
                ApiCore.request(scope, AdmissionRequest.Operation.UPDATE, name, next, live);
        if (ask) {
            core.mutate(scope, request);
        }
        ObjectNode metadata = Meta.of(next);
        for (String field : SERVER_OWNED) {
            JsonNode value = live.path("metadata").get(field);
            if (value == null) {
                metadata.remove(field);
            } else {
                metadata.set(field, value);
            }
        }
        boolean status = scope.subresource().equals("status");
        boolean binding = scope.subresource().equals("binding");
        if (status) {
            strategy.prepareForStatusUpdate(next, live);
        } else if (!binding && scope.subresource().isEmpty()) {
            strategy.prepareForUpdate(next, live);
        } else if (!binding) {
            strategy.prepareForSubresource(scope.subresource(), next, live);
        }
        boolean counted = contentChanged(next, live) || strategy.bumpsGeneration(next, live);
        if (!status && !binding && strategy.hasGeneration() && counted) {
            metadata.put("generation", live.path("metadata").path("generation").asLong() + 1);
        }
        List<FieldError> errors =
                new ArrayList<>(MetadataRules.validateUpdate(definition, next, live));
        if (status) {
            errors.addAll(strategy.validateStatusUpdate(next, live));
        } else if (scope.subresource().isEmpty()) {
            errors.addAll(strategy.validateUpdate(next, live));
        } else if (!binding) {
            errors.addAll(strategy.validateSubresource(scope.subresource(), next, live));
        }
        if (!errors.isEmpty()) {
            throw Statuses.invalid(
                    strategy.refusalGroup(definition.group()), definition.kind(), name, errors);
        }
        if (!binding) {
            strategy.warnings(scope.subresource(), next, live).forEach(scope.warnings());
        }
        if (ask) {
            core.validate(request);
        }
        return next;
    }

    private static boolean contentChanged(ObjectNode next, ObjectNode live) {
        for (var field : next.properties()) {
            if (isContent(field.getKey()) && !field.getValue().equals(live.get(field.getKey()))) {
                return true;
            }
        }
        for (var field : live.properties()) {
            if (isContent(field.getKey()) && !next.has(field.getKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isContent(String field) {
        return switch (field) {
            case "metadata", "status", "kind", "apiVersion" -> false;
            default -> true;
        };
    }
}
