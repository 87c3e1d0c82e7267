package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.Set;

/** Applications that run under the proxy's own user. */
final class ApplicationUidAnalyzer implements Analyzer {

    private static final long PROXY_USER = 1337;
    private static final Set<String> ALLOWED = Set.of("istio-proxy", "istio-operator");

    @Override
    public void analyze(AnalysisContext context) {
        context.all(ObjectKind.POD).forEach(pod -> check(pod, pod.spec(), context));
        context.all(ObjectKind.DEPLOYMENT)
                .forEach(
                        deployment ->
                                check(
                                        deployment,
                                        deployment.spec().get("template").get("spec"),
                                        context));
    }

    private static void check(AnalyzedObject object, Spec pod, AnalysisContext context) {
        if (PortNameAnalyzer.isControlPlane(object)) {
            return;
        }
        boolean reserved =
                runsAsProxy(pod)
                        || pod.list("containers").stream()
                                .filter(container -> !ALLOWED.contains(container.text("name")))
                                .anyMatch(ApplicationUidAnalyzer::runsAsProxy);
        if (reserved) {
            context.report(MessageType.INVALID_APPLICATION_UID, object);
        }
    }

    private static boolean runsAsProxy(Spec podOrContainer) {
        return podOrContainer.get("securityContext").number("runAsUser") == PROXY_USER;
    }
}
