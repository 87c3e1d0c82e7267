package dev.meshdojo.simulator.apiserver.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.ResourceRegistry;
import dev.meshdojo.simulator.apiserver.operation.ApiCore;
import dev.meshdojo.simulator.apiserver.operation.LabelSelectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a policy's bindings. Source: {@code CollectParams} of {@code
 * k8s.io/apiserver/pkg/admission/plugin/policy/generic}.
 *
 * @param api where parameters are read
 * @param definition their kind; null when the policy has none
 * @param version of the kind
 */
record PolicyParameters(ResourceApi api, @Nullable ResourceDefinition definition, String version) {

    /** A policy or a binding that cannot be used; the message says why. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * For a policy.
     *
     * @param policy its {@code spec}
     * @throws Unusable when the kind of its parameters is not served
     */
    static PolicyParameters of(JsonNode policy, ResourceApi api, ResourceRegistry registry)
            throws Unusable {
        JsonNode kind = policy.path("paramKind");
        if (!kind.isObject()) {
            return new PolicyParameters(api, null, "");
        }
        String apiVersion = kind.path("apiVersion").asText();
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        String version = apiVersion.substring(slash + 1);
        ResourceDefinition definition = registry.findKind(group, kind.path("kind").asText());
        ResourceDefinition.Version served = definition == null ? null : definition.version(version);
        if (served == null || !served.served()) {
            throw new Unusable(
                    "failed to find resource referenced by paramKind: '"
                            + group
                            + "/"
                            + version
                            + ", Kind="
                            + kind.path("kind").asText()
                            + "'");
        }
        return new PolicyParameters(api, definition, version);
    }

    /**
     * The parameters with which a binding puts the policy in force; one that is empty when the
     * policy goes without.
     *
     * @param reference the binding's {@code paramRef}
     * @param namespace of the request
     */
    List<Optional<ObjectNode>> collect(JsonNode reference, String namespace) throws Unusable {
        ResourceDefinition kind = definition;
        if (kind == null || !reference.isObject()) {
            return List.of(Optional.empty());
        }
        String wanted = reference.path("namespace").asText("");
        if (!kind.namespaced() && !wanted.isEmpty()) {
            throw new Unusable(
                    "paramRef.namespace must not be provided for a cluster-scoped `paramKind`");
        }
        String where = !kind.namespaced() ? "" : wanted.isEmpty() ? namespace : wanted;
        if (kind.namespaced() && where.isEmpty()) {
            throw new Unusable(
                    "cannot use namespaced paramRef in policy binding that matches cluster-scoped"
                            + " resources");
        }
        List<Optional<ObjectNode>> found = new ArrayList<>();
        for (ObjectNode object : read(kind, reference, where)) {
            found.add(Optional.of(ApiCore.convert(kind, object, kind.storageVersion(), version)));
        }
        if (found.isEmpty()
                && !reference.path("parameterNotFoundAction").asText().equals("Allow")) {
            throw new Unusable(
                    "no params found for policy binding with `Deny` parameterNotFoundAction");
        }
        return found;
    }

    private List<ObjectNode> read(ResourceDefinition kind, JsonNode reference, String namespace) {
        String name = reference.path("name").asText("");
        if (!name.isEmpty()) {
            ObjectNode object =
                    api.find(new ResourceKey(kind.group(), kind.plural(), namespace, name));
            return object == null ? List.of() : List.of(object);
        }
        return api.list(kind.group(), kind.plural(), namespace, "").items().stream()
                .filter(LabelSelectors.of(reference.path("selector"))::matches)
                .toList();
    }
}
