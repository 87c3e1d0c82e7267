package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gateways without pods, and ports that no Service of the pods has. */
final class GatewayPortAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        context.all(ObjectKind.GATEWAY).forEach(gateway -> check(gateway, context));
    }

    private static void check(AnalyzedObject gateway, AnalysisContext context) {
        Map<String, String> selector = gateway.spec().textMap("selector");
        List<AnalyzedObject> pods =
                context.all(ObjectKind.POD).stream()
                        .filter(pod -> pod.selectedBy(selector))
                        .toList();
        String printed = Selectors.print(selector);
        if (pods.isEmpty()) {
            context.report(MessageType.REFERENCED_RESOURCE_NOT_FOUND, gateway, "selector", printed);
            return;
        }
        Set<Long> ports = new HashSet<>();
        for (AnalyzedObject pod : pods) {
            for (AnalyzedObject service : context.all(ObjectKind.SERVICE)) {
                if (service.namespace().equals(pod.namespace())
                        && pod.selectedBy(service.spec().textMap("selector"))) {
                    addPorts(service, ports);
                }
            }
        }
        for (Spec server : gateway.spec().list("servers")) {
            long number = server.get("port").number("number");
            if (server.has("port") && !ports.contains(number)) {
                context.report(MessageType.GATEWAY_PORT_NOT_ON_SERVICE, gateway, number, printed);
            }
        }
    }

    private static void addPorts(AnalyzedObject service, Set<Long> ports) {
        for (Spec port : service.spec().list("ports")) {
            if (port.text("protocol").equals("TCP")) {
                ports.add(port.number("port"));
                ports.add(port.number("targetPort"));
            }
        }
        ports.remove(0L);
    }
}
