package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.Map;

/** Credentials that do not exist beside the gateway's pods, or cannot be used. */
final class GatewayCredentialAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject gateway : context.all(ObjectKind.GATEWAY)) {
            Map<String, String> selector = gateway.spec().textMap("selector");
            String namespace =
                    context.all(ObjectKind.POD).stream()
                            .filter(pod -> pod.selectedBy(selector))
                            .map(AnalyzedObject::namespace)
                            .findFirst()
                            .orElse("");
            if (namespace.isEmpty()) {
                context.report(
                        MessageType.REFERENCED_RESOURCE_NOT_FOUND,
                        gateway,
                        "selector",
                        Selectors.print(selector));
                continue;
            }
            for (Spec server : gateway.spec().list("servers")) {
                String credential = server.get("tls").text("credentialName");
                if (!credential.isEmpty()) {
                    check(gateway, namespace, credential, context);
                }
            }
        }
    }

    private static void check(
            AnalyzedObject gateway, String namespace, String credential, AnalysisContext context) {
        String name = Hosts.fullName(namespace, credential);
        AnalyzedObject secret = context.find(ObjectKind.SECRET, name);
        if (secret == null) {
            context.report(
                    MessageType.REFERENCED_RESOURCE_NOT_FOUND,
                    gateway,
                    "credentialName",
                    credential);
        } else if (!GatewayCredential.usable(secret, context.now())) {
            context.report(
                    MessageType.INVALID_GATEWAY_CREDENTIAL, gateway, gateway.name(), namespace);
        }
    }
}
