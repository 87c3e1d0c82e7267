package dev.meshdojo.simulator.istio.injection;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.AdmissionRequest.Operation;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.controller.object.Fields;
import dev.meshdojo.simulator.controller.object.Meta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What istiod's mutating webhook does to pods, for the MutatingWebhookConfigurations that are
 * stored: no installation, no injection. Settings come from the ConfigMap {@code
 * istio-sidecar-injector} beside istiod. Thread-safe.
 */
public final class SidecarInjection implements AdmissionPlugin {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String ADMISSION = "admissionregistration.k8s.io";

    private final ResourceApi api;

    /** Reads webhooks, namespaces and settings through {@code api}. */
    public SidecarInjection(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "SidecarInjection";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode pod = request.object();
        if (!request.isFor("", "pods", List.of(Operation.CREATE)) || pod == null) {
            return;
        }
        ObjectNode namespace = api.find(new ResourceKey("", "namespaces", "", request.namespace()));
        if (namespace == null) {
            return;
        }
        List<ObjectNode> webhooks =
                api.list(ADMISSION, "mutatingwebhookconfigurations", "", "").items();
        JsonNode service = InjectionRules.service(webhooks, namespace, pod);
        if (service == null) {
            return;
        }
        inject(pod, request.namespace(), service);
    }

    private void inject(ObjectNode pod, String namespace, JsonNode service) {
        String istiod = Fields.text(service, "name");
        String suffix = istiod.startsWith("istiod-") ? istiod.substring("istiod".length()) : "";
        String home = Fields.text(service, "namespace");
        ObjectNode settings =
                api.find(
                        new ResourceKey("", "configmaps", home, "istio-sidecar-injector" + suffix));
        if (settings == null) {
            return;
        }
        JsonNode config = read(Fields.text(settings, "data", "config"));
        if (!InjectionRules.required(pod, namespace, config)) {
            return;
        }
        JsonNode values = read(Fields.text(settings, "data", "values"));
        String templates = Meta.annotation(pod, "inject.istio.io/templates");
        PodInjector injector =
                new PodInjector(
                        pod,
                        values,
                        istiod,
                        home,
                        suffix.isEmpty() ? "default" : suffix.substring(1),
                        owner(pod, namespace));
        injector.inject(templates.equals("gateway"));
    }

    private static JsonNode read(String text) {
        try {
            return text.isEmpty() ? MissingNode.getInstance() : YAML.readTree(text);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    /** The workload behind a pod: the Deployment above its ReplicaSet, or its owner. */
    private Meta.@Nullable Owner owner(ObjectNode pod, String namespace) {
        Meta.Owner owner = Meta.controller(pod);
        if (owner == null || !owner.kind().equals("ReplicaSet")) {
            return owner;
        }
        ObjectNode set = api.find(new ResourceKey("apps", "replicasets", namespace, owner.name()));
        Meta.Owner above = set == null ? null : Meta.controller(set);
        return above == null ? owner : above;
    }
}
