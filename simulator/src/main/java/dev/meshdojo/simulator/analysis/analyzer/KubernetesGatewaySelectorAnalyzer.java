package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.List;
import java.util.Map;

/** Policies that pick the pods of a Kubernetes Gateway by label, which has no effect. */
final class KubernetesGatewaySelectorAnalyzer implements Analyzer {

    private static final String GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name";
    private static final List<ObjectKind> POLICIES =
            List.of(
                    ObjectKind.AUTHORIZATION_POLICY,
                    ObjectKind.REQUEST_AUTHENTICATION,
                    ObjectKind.TELEMETRY,
                    ObjectKind.WASM_PLUGIN);

    @Override
    public void analyze(AnalysisContext context) {
        for (ObjectKind kind : POLICIES) {
            for (AnalyzedObject policy : context.all(kind)) {
                Spec spec = policy.spec();
                if (spec.has("targetRef") || !spec.has("selector")) {
                    continue;
                }
                Map<String, String> selector = spec.get("selector").textMap("matchLabels");
                for (AnalyzedObject pod : context.all(ObjectKind.POD)) {
                    String gateway = pod.labels().get(GATEWAY_NAME);
                    if (gateway != null
                            && pod.namespace().equals(policy.namespace())
                            && pod.selectedBy(selector)) {
                        context.report(MessageType.INEFFECTIVE_SELECTOR, policy, gateway);
                    }
                }
            }
        }
    }
}
