package dev.meshdojo.simulator.istio;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.KubernetesClientTimeoutException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Installs into any cluster that a client reaches. */
public final class ClientInstallTarget implements InstallTarget {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KubernetesClient client;

    /** Through a client, which stays the caller's. */
    public ClientInstallTarget(KubernetesClient client) {
        this.client = client;
    }

    private MixedOperation<
                    GenericKubernetesResource,
                    GenericKubernetesResourceList,
                    Resource<GenericKubernetesResource>>
            resources(Kind kind) {
        return client.genericKubernetesResources(
                new ResourceDefinitionContext.Builder()
                        .withGroup(kind.group())
                        .withVersion(kind.version())
                        .withKind(kind.kind())
                        .withPlural(kind.plural())
                        .withNamespaced(kind.namespaced())
                        .build());
    }

    private Resource<GenericKubernetesResource> resource(Kind kind, String namespace, String name) {
        return kind.namespaced()
                ? resources(kind).inNamespace(namespace).withName(name)
                : resources(kind).withName(name);
    }

    @Override
    public void apply(ObjectNode object) {
        GenericKubernetesResource resource;
        try {
            resource = JSON.treeToValue(object, GenericKubernetesResource.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(object.toString(), e);
        }
        NonDeletingOperation<GenericKubernetesResource> operation = client.resource(resource);
        GenericKubernetesResource applied =
                operation.patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager("istio-operator")
                                .withForce(true)
                                .build());
        assert applied != null;
    }

    @Override
    public @Nullable ObjectNode find(Kind kind, String namespace, String name) {
        try {
            GenericKubernetesResource found = resource(kind, namespace, name).get();
            return found == null ? null : JSON.valueToTree(found);
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public List<ObjectNode> list(Kind kind, String labelSelector) {
        try {
            var listed =
                    kind.namespaced()
                            ? resources(kind)
                                    .inAnyNamespace()
                                    .withLabelSelector(labelSelector)
                                    .list()
                            : resources(kind).withLabelSelector(labelSelector).list();
            return listed.getItems().stream()
                    .map(item -> JSON.<ObjectNode>valueToTree(item))
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                return List.of();
            }
            throw e;
        }
    }

    @Override
    public void delete(Kind kind, String namespace, String name) {
        var deleted = resource(kind, namespace, name).delete();
        assert deleted != null;
    }

    @Override
    public boolean await(
            Kind kind,
            String namespace,
            String name,
            Predicate<ObjectNode> condition,
            Duration limit)
            throws InterruptedException {
        try {
            GenericKubernetesResource found =
                    resource(kind, namespace, name)
                            .waitUntilCondition(
                                    object ->
                                            object != null
                                                    && condition.test(JSON.valueToTree(object)),
                                    limit.toMillis(),
                                    TimeUnit.MILLISECONDS);
            return found != null;
        } catch (KubernetesClientTimeoutException e) {
            return false;
        } catch (KubernetesClientException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw interrupted(e);
            }
            throw e;
        }
    }

    private static InterruptedException interrupted(Throwable cause) {
        InterruptedException interrupted = new InterruptedException();
        interrupted.initCause(cause);
        return interrupted;
    }
}
