package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.Set;

/** TLS to a server whose certificate nobody verifies. */
final class ServerVerificationAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject rule : context.all(ObjectKind.DESTINATION_RULE)) {
            Spec policy = rule.spec().get("trafficPolicy");
            boolean selects = rule.spec().has("workloadSelector");
            if (unverified(policy.get("tls"), selects)) {
                context.report(
                        MessageType.NO_SERVER_VERIFICATION,
                        rule,
                        rule.fullName(),
                        rule.namespace(),
                        policy.get("tls").text("mode"),
                        rule.spec().text("host"));
            }
            for (Spec port : policy.list("portLevelSettings")) {
                if (unverified(port.get("tls"), selects)) {
                    Spec number = port.get("port");
                    context.report(
                            MessageType.NO_SERVER_VERIFICATION_ON_PORT,
                            rule,
                            rule.fullName(),
                            rule.namespace(),
                            port.get("tls").text("mode"),
                            rule.spec().text("host"),
                            number.number("number") == 0
                                    ? (number.present() ? "" : "<nil>")
                                    : "number:" + number.number("number"));
                }
            }
        }
    }

    private static boolean unverified(Spec tls, boolean selectsWorkloads) {
        return Set.of("SIMPLE", "MUTUAL").contains(tls.text("mode"))
                && tls.text("caCertificates").isEmpty()
                && !(selectsWorkloads && !tls.text("credentialName").isEmpty());
    }
}
