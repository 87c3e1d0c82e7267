package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The delete verb. */
public final class DeleteOperation {

    private final ApiCore core;

    public DeleteOperation(ApiCore core) {
        this.core = core;
    }

    /**
     * How to delete.
     *
     * @param gracePeriodSeconds null for the object's own
     * @param propagationPolicy Background, Foreground, Orphan, or null for the kind's own
     * @param uid the object must have this uid, or null
     * @param resourceVersion the object must be at this version, or null
     */
    public record Options(
            @Nullable Long gracePeriodSeconds,
            @Nullable String propagationPolicy,
            @Nullable String uid,
            @Nullable String resourceVersion) {

        /** The kind's own ways. */
        public static final Options DEFAULT = new Options(null, null, null, null);
    }

    /**
     * What a deletion led to.
     *
     * @param object the last or the terminating state, in the request's version
     * @param gone whether the object has left the store
     */
    public record Outcome(ObjectNode object, boolean gone) {}

    /** Whether a terminating object has nothing left to wait for. */
    static boolean mayVanish(ObjectNode object) {
        return Meta.finalizers(object).isEmpty()
                && object.path("metadata").path("deletionGracePeriodSeconds").asLong(0) == 0
                && object.path("spec").path("finalizers").isEmpty();
    }

    /** Deletes, or marks for deletion when finalizers or a grace period stand in the way. */
    public Outcome delete(RequestScope scope, String name, Options options) {
        return delete(scope, name, options, true);
    }

    /** Likewise, for what admission has already agreed to in another form. */
    public Outcome deleteAdmitted(RequestScope scope, String name, Options options) {
        return delete(scope, name, options, false);
    }

    private Outcome delete(RequestScope scope, String name, Options options, boolean ask) {
        ResourceDefinition definition = scope.definition();
        String key = Meta.key(scope.namespace(), name);
        while (true) {
            ObjectNode stored = core.store().find(scope.bucket(), key);
            if (stored == null) {
                throw Statuses.notFound(definition.group(), definition.plural(), name);
            }
            checkPreconditions(definition, name, stored, options);
            AdmissionRequest request =
                    ApiCore.request(scope, AdmissionRequest.Operation.DELETE, name, null, stored);
            if (ask) {
                core.mutate(scope, request);
                core.validate(request);
            }
            ObjectNode marked = mark(definition, stored, options);
            if (mayVanish(marked)) {
                if (scope.dryRun()) {
                    return outcome(scope, stored, true);
                }
                ObjectNode last = core.store().remove(scope.bucket(), key, stored);
                if (last != null) {
                    return outcome(scope, last, true);
                }
            } else {
                ObjectNode next = FieldOrder.canonical(marked);
                if (scope.dryRun()
                        || next.equals(stored)
                        || core.store().put(scope.bucket(), key, stored, next)) {
                    return outcome(scope, next, false);
                }
            }
        }
    }

    private Outcome outcome(RequestScope scope, ObjectNode object, boolean gone) {
        return new Outcome(core.inVersion(scope.definition(), object, scope.version()), gone);
    }

    private ObjectNode mark(ResourceDefinition definition, ObjectNode stored, Options options) {
        ObjectNode next = Meta.shallow(stored);
        ObjectNode metadata = Meta.of(next);
        Long grace = definition.strategy().gracePeriod(stored, options.gracePeriodSeconds());
        long seconds = grace == null ? 0 : grace;
        if (Meta.deleting(stored)) {
            long before = metadata.path("deletionGracePeriodSeconds").asLong(0);
            if (options.gracePeriodSeconds() != null && seconds < before) {
                metadata.put("deletionGracePeriodSeconds", seconds);
                metadata.put("deletionTimestamp", after(seconds));
            }
        } else {
            metadata.put("deletionTimestamp", after(seconds));
            metadata.put("deletionGracePeriodSeconds", seconds);
            if (metadata.path("generation").asLong(0) > 0) {
                metadata.put("generation", metadata.path("generation").asLong() + 1);
            }
        }
        Meta.finalizers(next, finalizers(definition, stored, options));
        if (definition.bucket().equals("namespaces")) {
            ObjectNode status = next.objectNode();
            status.setAll((ObjectNode) stored.path("status").deepCopy());
            next.set("status", status.put("phase", "Terminating"));
        }
        return next;
    }

    private String after(long seconds) {
        return Instant.now(core.clock())
                .plusSeconds(seconds)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static List<String> finalizers(
            ResourceDefinition definition, ObjectNode stored, Options options) {
        List<String> names = new ArrayList<>(Meta.finalizers(stored));
        String policy = options.propagationPolicy();
        if (policy == null) {
            if (!names.contains("orphan")
                    && !names.contains("foregroundDeletion")
                    && definition.strategy().orphansDependents()) {
                names.add("orphan");
            }
            return names;
        }
        names.remove("orphan");
        names.remove("foregroundDeletion");
        switch (policy) {
            case "Orphan" -> names.add("orphan");
            case "Foreground" -> names.add("foregroundDeletion");
            default -> {}
        }
        return names;
    }

    private static void checkPreconditions(
            ResourceDefinition definition, String name, ObjectNode stored, Options options) {
        String uid = options.uid();
        if (uid != null && !uid.equals(Meta.uid(stored))) {
            throw Statuses.conflict(
                    definition.group(),
                    definition.kind(),
                    name,
                    "the UID in the precondition ("
                            + uid
                            + ") does not match the UID in record ("
                            + Meta.uid(stored)
                            + "). The object might have been deleted and then recreated");
        }
        String version = options.resourceVersion();
        if (version != null && !version.equals(Meta.text(stored, "resourceVersion"))) {
            throw Statuses.conflict(
                    definition.group(),
                    definition.kind(),
                    name,
                    "the ResourceVersion in the precondition ("
                            + version
                            + ") does not match the ResourceVersion in record ("
                            + Meta.text(stored, "resourceVersion")
                            + "). The object might have been modified");
        }
    }
}
