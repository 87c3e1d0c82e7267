package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Namespaces without injection, and pods that miss their sidecar. */
final class InjectionAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        Set<String> injected = new HashSet<>();
        boolean byDefault = false;
        for (AnalyzedObject namespace : context.all(ObjectKind.NAMESPACE)) {
            if (namespace.name().equals("istio-system")) {
                continue;
            }
            severalLabels(namespace, context);
            Map<String, String> labels = namespace.labels();
            if ("ambient".equals(labels.get(MeshMembership.DATAPLANE_MODE_LABEL))) {
                continue;
            }
            String revision = labels.get(MeshMembership.REVISION_LABEL);
            AnalyzedObject injector = InjectorConfig.find(revision, context);
            if (injector != null) {
                byDefault = InjectorConfig.of(injector).enabledByDefault();
            }
            String injection = labels.getOrDefault(MeshMembership.INJECTION_LABEL, "");
            if (injection.isEmpty() && revision == null) {
                if (byDefault) {
                    context.report(MessageType.NAMESPACE_INJECTED_BY_DEFAULT, namespace);
                } else {
                    context.report(
                            MessageType.NAMESPACE_NOT_INJECTED,
                            namespace,
                            namespace.name(),
                            namespace.name());
                }
            } else if (injection.equals("enabled")) {
                injected.add(namespace.name());
            }
        }
        context.all(ObjectKind.POD).stream()
                .filter(pod -> injected.contains(pod.namespace()))
                .filter(pod -> !optedOut(pod) && !pod.spec().flag("hostNetwork"))
                .filter(
                        pod ->
                                MeshMembership.proxyImage(MeshMembership.allContainers(pod.spec()))
                                        .isEmpty())
                .forEach(pod -> context.report(MessageType.POD_MISSING_PROXY, pod, pod.fullName()));
    }

    private static void severalLabels(AnalyzedObject namespace, AnalysisContext context) {
        Map<String, String> labels = namespace.labels();
        String injection = labels.get(MeshMembership.INJECTION_LABEL);
        List<String> present = new ArrayList<>();
        if (injection != null) {
            present.add(MeshMembership.INJECTION_LABEL + "=" + injection);
        }
        if (injection == null || injection.equals("enabled")) {
            for (String label :
                    List.of(MeshMembership.REVISION_LABEL, MeshMembership.DATAPLANE_MODE_LABEL)) {
                if (labels.containsKey(label)) {
                    present.add(label + "=" + labels.get(label));
                }
            }
        }
        if (present.size() > 1) {
            context.report(MessageType.NAMESPACE_WITH_SEVERAL_INJECTION_LABELS, namespace, present);
        }
    }

    private static boolean optedOut(AnalyzedObject pod) {
        String inject =
                pod.labels()
                        .getOrDefault(
                                MeshMembership.INJECT,
                                pod.annotations().getOrDefault(MeshMembership.INJECT, ""));
        return inject.equalsIgnoreCase("false");
    }
}
