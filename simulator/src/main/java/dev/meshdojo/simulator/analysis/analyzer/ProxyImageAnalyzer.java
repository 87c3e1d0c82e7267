package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Sidecars of another image than the injector would give today. */
final class ProxyImageAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        ProxyImageVariants variants = new ProxyImageVariants(context);
        Map<String, List<String>> mismatches = new TreeMap<>();
        for (AnalyzedObject pod : context.all(ObjectKind.POD)) {
            AnalyzedObject namespace = context.find(ObjectKind.NAMESPACE, pod.namespace());
            if (namespace == null
                    || !pod.annotations()
                            .getOrDefault("sidecar.istio.io/proxyImage", "")
                            .isEmpty()) {
                continue;
            }
            String revision = revision(namespace);
            AnalyzedObject injector =
                    revision == null ? null : InjectorConfig.find(revision, context);
            if (injector == null) {
                continue;
            }
            String image = InjectorConfig.of(injector).proxyImage();
            String variant = image + "-" + variants.of(pod);
            MeshMembership.allContainers(pod.spec()).stream()
                    .filter(c -> c.text("name").equals(MeshMembership.PROXY_CONTAINER))
                    .map(container -> container.text("image"))
                    .filter(actual -> !actual.equals(image) && !actual.equals(variant))
                    .forEach(
                            actual ->
                                    mismatches
                                            .computeIfAbsent(
                                                    pod.namespace(), name -> new ArrayList<>())
                                            .add(pod.name()));
        }
        mismatches.forEach(
                (name, pods) -> {
                    AnalyzedObject namespace = context.find(ObjectKind.NAMESPACE, name);
                    if (namespace != null) {
                        context.report(
                                MessageType.PROXY_IMAGE_MISMATCH,
                                namespace,
                                pods.stream().sorted().toList());
                    }
                });
    }

    private static @Nullable String revision(AnalyzedObject namespace) {
        Map<String, String> labels = namespace.labels();
        String revision = labels.get(MeshMembership.REVISION_LABEL);
        if (revision != null) {
            return revision;
        }
        return "enabled".equals(labels.get(MeshMembership.INJECTION_LABEL)) ? "default" : null;
    }
}
