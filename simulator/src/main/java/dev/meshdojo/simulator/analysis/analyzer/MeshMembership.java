package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which workloads are part of the mesh. Pure. */
final class MeshMembership {

    static final String PROXY_CONTAINER = "istio-proxy";
    static final String INJECTION_LABEL = "istio-injection";
    static final String REVISION_LABEL = "istio.io/rev";
    static final String DATAPLANE_MODE_LABEL = "istio.io/dataplane-mode";
    static final String INJECT = "sidecar.istio.io/inject";

    private MeshMembership() {}

    /** Whether a pod has a sidecar, or should have one. */
    static boolean podInMesh(AnalyzedObject pod, AnalysisContext context) {
        return inMesh(
                pod.annotations(),
                pod.labels(),
                pod.namespace(),
                allContainers(pod.spec()),
                context);
    }

    /** Whether the pods of a Deployment have a sidecar, or should have one. */
    static boolean deploymentInMesh(AnalyzedObject deployment, AnalysisContext context) {
        Spec template = deployment.spec().get("template");
        Spec metadata = template.get("metadata");
        return inMesh(
                metadata.textMap("annotations"),
                metadata.textMap("labels"),
                deployment.namespace(),
                template.get("spec").list("containers"),
                context);
    }

    /** Containers and then init containers of a pod's spec. */
    static List<Spec> allContainers(Spec pod) {
        List<Spec> all = new ArrayList<>(pod.list("containers"));
        all.addAll(pod.list("initContainers"));
        return all;
    }

    /** The image of the first proxy container, empty when there is none. */
    static String proxyImage(List<Spec> containers) {
        return containers.stream()
                .filter(container -> container.text("name").equals(PROXY_CONTAINER))
                .findFirst()
                .map(container -> container.text("image"))
                .orElse("");
    }

    /** Whether ztunnel captures a pod. */
    static boolean podInAmbientMode(AnalyzedObject pod) {
        return "enabled".equals(pod.annotations().get("ambient.istio.io/redirection"));
    }

    /** Whether ztunnel captures the pods of a namespace with these labels. */
    static boolean namespaceInAmbientMode(Map<String, String> labels) {
        return !"enabled".equals(labels.get(INJECTION_LABEL))
                && labels.getOrDefault(REVISION_LABEL, "").isEmpty()
                && "ambient".equals(labels.get(DATAPLANE_MODE_LABEL));
    }

    private static boolean inMesh(
            Map<String, String> annotations,
            Map<String, String> labels,
            String namespace,
            List<Spec> containers,
            AnalysisContext context) {
        if (!proxyImage(containers).isEmpty()) {
            return true;
        }
        if (labels.containsKey(INJECT)) {
            return "true".equals(labels.get(INJECT));
        }
        if (annotations.containsKey(INJECT)) {
            return "true".equals(annotations.get(INJECT));
        }
        AnalyzedObject owner = context.find(ObjectKind.NAMESPACE, namespace);
        return owner != null && "enabled".equals(owner.labels().get(INJECTION_LABEL));
    }
}
