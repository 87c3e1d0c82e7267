package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Deployments whose Services contradict each other. */
final class ServiceAssociationAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject deployment : context.all(ObjectKind.DEPLOYMENT)) {
            boolean waypoint =
                    "istio.io-mesh-controller"
                            .equals(deployment.labels().get("gateway.istio.io/managed"));
            if (!waypoint && MeshMembership.deploymentInMesh(deployment, context)) {
                List<AnalyzedObject> services = services(deployment, context);
                protocols(deployment, services, context);
                targetPorts(deployment, services, context);
            }
        }
    }

    private static List<AnalyzedObject> services(
            AnalyzedObject deployment, AnalysisContext context) {
        Map<String, String> labels =
                deployment.spec().get("template").get("metadata").textMap("labels");
        return context.all(ObjectKind.SERVICE).stream()
                .filter(service -> service.namespace().equals(deployment.namespace()))
                .filter(
                        service -> {
                            Map<String, String> selector = service.spec().textMap("selector");
                            return !selector.isEmpty() && Selectors.matches(selector, labels);
                        })
                .toList();
    }

    private static void protocols(
            AnalyzedObject deployment, List<AnalyzedObject> services, AnalysisContext context) {
        Map<Long, Map<String, List<String>>> ports = new TreeMap<>();
        for (AnalyzedObject service : services) {
            for (Spec port : service.spec().list("ports")) {
                String protocol = port.text("protocol");
                ports.computeIfAbsent(port.number("port"), number -> new TreeMap<>())
                        .computeIfAbsent(
                                protocol.isEmpty() ? "TCP" : protocol, name -> new ArrayList<>())
                        .add(service.fullName());
            }
        }
        ports.forEach(
                (port, byProtocol) -> {
                    if (byProtocol.size() > 1) {
                        context.report(
                                MessageType.DEPLOYMENT_IN_SERVICES_OF_DIFFERENT_PROTOCOLS,
                                deployment,
                                deployment.name(),
                                port,
                                byProtocol.values().stream()
                                        .flatMap(List::stream)
                                        .sorted()
                                        .toList());
                    }
                });
    }

    private static void targetPorts(
            AnalyzedObject deployment, List<AnalyzedObject> services, AnalysisContext context) {
        Map<String, SortedMap<Long, String>> targets = new TreeMap<>();
        for (AnalyzedObject service : services) {
            for (Spec port : service.spec().list("ports")) {
                String target = port.text("targetPort");
                targets.computeIfAbsent(
                                target.isEmpty() || target.equals("0") ? port.text("port") : target,
                                name -> new TreeMap<>())
                        .put(port.number("port"), service.fullName());
            }
        }
        targets.forEach(
                (target, byPort) -> {
                    if (byPort.size() > 1) {
                        context.report(
                                MessageType.DEPLOYMENT_WITH_CONFLICTING_PORTS,
                                deployment,
                                deployment.name(),
                                byPort.values().stream().sorted().toList(),
                                target,
                                List.copyOf(byPort.keySet()));
                    }
                });
    }
}
