package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sidecars that pick no pod, that compete for pods, or that ambient mode makes useless. */
final class SidecarSelectorAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        Map<AnalyzedObject, List<AnalyzedObject>> byPod = new LinkedHashMap<>();
        Map<String, List<AnalyzedObject>> byNamespace = new TreeMap<>();
        for (AnalyzedObject sidecar : context.all(ObjectKind.SIDECAR)) {
            Map<String, String> selector = sidecar.spec().get("workloadSelector").textMap("labels");
            if (selector.isEmpty()) {
                byNamespace
                        .computeIfAbsent(sidecar.namespace(), namespace -> new ArrayList<>())
                        .add(sidecar);
                continue;
            }
            List<AnalyzedObject> pods =
                    context.all(ObjectKind.POD).stream()
                            .filter(pod -> pod.namespace().equals(sidecar.namespace()))
                            .filter(pod -> pod.selectedBy(selector))
                            .toList();
            pods.forEach(pod -> byPod.computeIfAbsent(pod, key -> new ArrayList<>()).add(sidecar));
            if (pods.isEmpty()) {
                context.report(
                        MessageType.REFERENCED_RESOURCE_NOT_FOUND,
                        sidecar,
                        "selector",
                        Selectors.print(selector));
            }
        }
        byPod.forEach((pod, sidecars) -> pod(pod, sidecars, context));
        byNamespace.forEach((namespace, sidecars) -> namespace(namespace, sidecars, context));
    }

    private static void pod(
            AnalyzedObject pod, List<AnalyzedObject> sidecars, AnalysisContext context) {
        if (MeshMembership.podInAmbientMode(pod)) {
            sidecars.forEach(
                    sidecar ->
                            context.report(
                                    MessageType.INEFFECTIVE_POLICY,
                                    sidecar,
                                    "selected workload is in ambient mode, the policy has no"
                                            + " impact"));
        } else if (sidecars.size() > 1) {
            for (AnalyzedObject sidecar : sidecars) {
                context.report(
                        MessageType.CONFLICTING_SIDECAR_SELECTORS,
                        sidecar,
                        names(sidecars),
                        pod.namespace(),
                        pod.name());
            }
        }
    }

    private static void namespace(
            String name, List<AnalyzedObject> sidecars, AnalysisContext context) {
        AnalyzedObject namespace = context.find(ObjectKind.NAMESPACE, name);
        if (namespace != null && MeshMembership.namespaceInAmbientMode(namespace.labels())) {
            sidecars.forEach(
                    sidecar ->
                            context.report(
                                    MessageType.INEFFECTIVE_POLICY,
                                    sidecar,
                                    "namespace is in ambient mode, the policy has no impact"));
        } else if (sidecars.size() > 1) {
            for (AnalyzedObject sidecar : sidecars) {
                context.report(
                        MessageType.SIDECARS_WITHOUT_SELECTOR, sidecar, names(sidecars), name);
            }
        }
    }

    /** The sorted bare names of objects. */
    static List<String> names(List<AnalyzedObject> objects) {
        return objects.stream().map(AnalyzedObject::name).sorted().toList();
    }
}
