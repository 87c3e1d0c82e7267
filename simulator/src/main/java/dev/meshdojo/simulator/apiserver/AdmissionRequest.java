package dev.meshdojo.simulator.apiserver;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A write as admission plugins see it.
 *
 * @param operation what is asked for
 * @param type the kind, in the version of the request
 * @param subresource such as {@code status}, or empty
 * @param namespace empty for cluster-scoped objects
 * @param name empty while {@code generateName} has not been resolved
 * @param object the new state; {@link AdmissionPlugin#mutate} may change it in place, {@link
 *     AdmissionPlugin#validate} must not. Null for deletions.
 * @param oldObject the stored state, shared, not to be changed; null for creations
 * @param user who asks
 * @param dryRun whether nothing will be stored; plugins then keep side effects to themselves
 * @param warnings takes texts that the client prints as warnings
 * @param options what the client said about the write, such as {@code CreateOptions}; shared
 * @param reinvocation what mutating plugins know of the round they are in
 */
public record AdmissionRequest(
        Operation operation,
        ResourceType type,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode oldObject,
        UserInfo user,
        boolean dryRun,
        Consumer<String> warnings,
        ObjectNode options,
        Reinvocation reinvocation) {

    /** Kinds of write. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE,
        CONNECT
    }

    /** Adds a warning for the client. */
    public void warn(String text) {
        warnings.accept(text);
    }

    /** The same request when the name of its object is known. */
    public AdmissionRequest named(String resolved) {
        return name.equals(resolved)
                ? this
                : new AdmissionRequest(
                        operation,
                        type,
                        subresource,
                        namespace,
                        resolved,
                        object,
                        oldObject,
                        user,
                        dryRun,
                        warnings,
                        options,
                        reinvocation);
    }

    /** The object's name as refusals show it: the prefix while no name is generated. */
    public String shownName() {
        return name.isEmpty() && object != null
                ? object.path("metadata").path("generateName").asText("")
                : name;
    }

    /** Whether the request is for the object itself and of one of these operations. */
    public boolean isFor(String group, String plural, List<Operation> operations) {
        return subresource.isEmpty()
                && type.group().equals(group)
                && type.plural().equals(plural)
                && operations.contains(operation);
    }
}
