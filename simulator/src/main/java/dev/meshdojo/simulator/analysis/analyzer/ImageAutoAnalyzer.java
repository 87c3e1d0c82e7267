package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.List;
import java.util.Map;

/** Workloads that wait for an injector that will not come. */
final class ImageAutoAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        List<Spec> hooks =
                context.all(ObjectKind.MUTATING_WEBHOOK).stream()
                        .flatMap(config -> new Spec(config.json()).list("webhooks").stream())
                        .filter(hook -> hook.text("name").endsWith("istio.io"))
                        .toList();
        for (AnalyzedObject pod : context.all(ObjectKind.POD)) {
            if (isAuto(pod.spec())) {
                context.report(MessageType.IMAGE_AUTO_NOT_INJECTED_ERROR, pod, "Pod", pod.name());
            }
        }
        for (AnalyzedObject deployment : context.all(ObjectKind.DEPLOYMENT)) {
            Spec template = deployment.spec().get("template");
            AnalyzedObject namespace = context.find(ObjectKind.NAMESPACE, deployment.namespace());
            Map<String, String> namespaceLabels = namespace == null ? Map.of() : namespace.labels();
            Map<String, String> podLabels = template.get("metadata").textMap("labels");
            if (isAuto(template.get("spec"))
                    && hooks.stream()
                            .noneMatch(
                                    hook ->
                                            WebhookAnalyzer.applies(
                                                    hook, namespaceLabels, podLabels))) {
                context.report(
                        MessageType.IMAGE_AUTO_NOT_INJECTED_WARNING,
                        deployment,
                        "Deployment",
                        deployment.name());
            }
        }
    }

    private static boolean isAuto(Spec pod) {
        return pod.list("containers").stream()
                .anyMatch(
                        container ->
                                container.text("name").equals(MeshMembership.PROXY_CONTAINER)
                                        && container.text("image").equals("auto"));
    }
}
