package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.HeaderRules;
import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.Map;
import java.util.stream.Stream;

/** Routing by a token's claims at gateway pods where nobody verifies tokens. */
final class ClaimRoutingAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            String claim = claim(service.spec());
            if (claim.isEmpty()) {
                continue;
            }
            for (String written : service.spec().texts("gateways")) {
                String name = Hosts.fullName(service.namespace(), written);
                AnalyzedObject gateway = context.find(ObjectKind.GATEWAY, name);
                if (!written.equals("mesh") && gateway != null) {
                    pods(service, claim, gateway, context);
                }
            }
        }
    }

    private static void pods(
            AnalyzedObject service, String claim, AnalyzedObject gateway, AnalysisContext context) {
        Map<String, String> selector = gateway.spec().textMap("selector");
        for (AnalyzedObject pod : context.all(ObjectKind.POD)) {
            if (pod.selectedBy(selector) && !verified(pod, context)) {
                context.report(
                        MessageType.CLAIM_ROUTING_WITHOUT_REQUEST_AUTHENTICATION,
                        service,
                        claim,
                        gateway.fullName(),
                        pod.name());
            }
        }
    }

    private static boolean verified(AnalyzedObject pod, AnalysisContext context) {
        return context.all(ObjectKind.REQUEST_AUTHENTICATION).stream()
                .filter(
                        rule ->
                                rule.namespace().equals("istio-system")
                                        || rule.namespace().equals(pod.namespace()))
                .anyMatch(
                        rule -> pod.selectedBy(rule.spec().get("selector").textMap("matchLabels")));
    }

    private static String claim(Spec spec) {
        return spec.list("http").stream()
                .flatMap(route -> route.list("match").stream())
                .flatMap(
                        match ->
                                Stream.of("headers", "withoutHeaders")
                                        .flatMap(field -> match.map(field).keySet().stream()))
                .filter(HeaderRules::isClaim)
                .findFirst()
                .orElse("");
    }
}
