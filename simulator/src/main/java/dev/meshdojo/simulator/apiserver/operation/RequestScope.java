package dev.meshdojo.simulator.apiserver.operation;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceType;
import dev.meshdojo.simulator.apiserver.UserInfo;
import java.util.function.Consumer;

/**
 * What a verb works on, and for whom.
 *
 * @param definition the resource
 * @param version of the request
 * @param namespace empty for cluster-scoped resources and for all namespaces
 * @param subresource such as {@code status}, or empty
 * @param user who asks
 * @param fieldManager who owns the fields that are written
 * @param dryRun whether everything but the storing happens
 * @param warnings takes texts that the client shows
 * @param options what the client said about the write, as webhooks see it; shared
 */
public record RequestScope(
        ResourceDefinition definition,
        String version,
        String namespace,
        String subresource,
        UserInfo user,
        String fieldManager,
        boolean dryRun,
        Consumer<String> warnings,
        ObjectNode options) {

    /** For code that says nothing about its writes. */
    public RequestScope(
            ResourceDefinition definition,
            String version,
            String namespace,
            String subresource,
            UserInfo user,
            String fieldManager,
            boolean dryRun,
            Consumer<String> warnings) {
        this(
                definition,
                version,
                namespace,
                subresource,
                user,
                fieldManager,
                dryRun,
                warnings,
                JsonNodeFactory.instance.objectNode());
    }

    /** The kind in the request's version. */
    public ResourceType type() {
        return definition.type(version);
    }

    /** The store's bucket. */
    public String bucket() {
        return definition.bucket();
    }

    /** The same for a subresource. */
    public RequestScope withSubresource(String name) {
        return new RequestScope(
                definition,
                version,
                namespace,
                name,
                user,
                fieldManager,
                dryRun,
                warnings,
                options);
    }

    /** The same in another namespace. */
    public RequestScope withNamespace(String name) {
        return new RequestScope(
                definition,
                version,
                name,
                subresource,
                user,
                fieldManager,
                dryRun,
                warnings,
                options);
    }
}
