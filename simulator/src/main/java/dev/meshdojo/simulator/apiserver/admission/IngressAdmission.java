package dev.meshdojo.simulator.apiserver.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.AdmissionPlugin;
import dev.meshdojo.simulator.apiserver.AdmissionRequest;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.util.List;

/**
 * Gives new Ingresses without a class the default one, and warns of the annotation that named it
 * once. Source: the plugin {@code DefaultIngressClass}.
 */
public final class IngressAdmission implements AdmissionPlugin {

    private static final String GROUP = "networking.k8s.io";
    private static final String OLD_CLASS = "kubernetes.io/ingress.class";
    private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";

    private final ResourceApi api;

    /**
     * @param api where classes are read
     */
    public IngressAdmission(ResourceApi api) {
        this.api = api;
    }

    @Override
    public String name() {
        return "DefaultIngressClass";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        ObjectNode ingress = request.object();
        if (ingress == null
                || !request.isFor(GROUP, "ingresses", List.of(AdmissionRequest.Operation.CREATE))) {
            return;
        }
        if (ingress.path("metadata").path("annotations").has(OLD_CLASS)) {
            request.warn(
                    "annotation \""
                            + OLD_CLASS
                            + "\" is deprecated, please use 'spec.ingressClassName' instead");
            return;
        }
        if (!ingress.path("spec").hasNonNull("ingressClassName")) {
            DefaultClass.newest(api.list(GROUP, "ingressclasses", "", "").items(), DEFAULT_CLASS)
                    .ifPresent(name -> ingress.withObject("/spec").put("ingressClassName", name));
        }
    }
}
