package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ApiException;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.apiserver.Statuses;
import java.util.Set;

/** Nothing is created in a namespace that does not exist or that ends. */
public final class NamespaceLifecycle implements AdmissionPlugin {

    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final ResourceApi api;

    public NamespaceLifecycle(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "NamespaceLifecycle";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        boolean namespaces =
                request.type().group().isEmpty() && request.type().plural().equals("namespaces");
        if (namespaces) {
            if (request.operation() == AdmissionRequest.Operation.DELETE
                    && IMMORTAL.contains(request.name())) {
                throw Statuses.forbidden(
                        "", "namespaces", request.name(), "this namespace may not be deleted");
            }
            return;
        }
        if (request.namespace().isEmpty()
                || request.operation() != AdmissionRequest.Operation.CREATE
                || !request.subresource().isEmpty()) {
            return;
        }
        ObjectNode namespace = api.find(new ResourceKey("", "namespaces", "", request.namespace()));
        if (namespace == null) {
            throw Statuses.notFound("", "namespaces", request.namespace());
        }
        if (namespace.path("metadata").has("deletionTimestamp")) {
            throw terminating(request);
        }
    }

    private static ApiException terminating(AdmissionRequest request) {
        String why =
                "unable to create new content in namespace "
                        + request.namespace()
                        + " because it is being terminated";
        ApiException refusal =
                Statuses.forbidden(
                        request.type().group(), request.type().plural(), request.shownName(), why);
        if (refusal.status().get("details") instanceof ObjectNode details) {
            details.putArray("causes")
                    .addObject()
                    .put("reason", "NamespaceTerminating")
                    .put("message", "namespace " + request.namespace() + " is being terminated")
                    .put("field", "metadata.namespace");
        }
        return refusal;
    }
}
