package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.HostNames;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** VirtualServices that speak for the same host inside the mesh. */
final class MeshHostConflictAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        Map<String, List<AnalyzedObject>> byHost = new TreeMap<>(Comparator.reverseOrder());
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            List<String> gateways = service.spec().texts("gateways");
            if (!gateways.isEmpty() && !gateways.contains("mesh")) {
                continue;
            }
            for (String scope :
                    Hosts.scopes(service.spec().texts("exportTo"), service.namespace())) {
                for (String host : service.spec().texts("hosts")) {
                    byHost.computeIfAbsent(
                                    Hosts.scoped(scope, service.namespace(), host),
                                    key -> new ArrayList<>())
                            .add(service);
                }
            }
        }
        Set<String> reported = new HashSet<>();
        byHost.forEach(
                (scoped, services) -> {
                    List<AnalyzedObject> rivals = new ArrayList<>(services);
                    if (!scoped.startsWith(Hosts.EVERYWHERE + "/")) {
                        rivals.addAll(visibleEverywhere(scoped, byHost));
                    }
                    if (rivals.size() > 1) {
                        report(scoped, rivals, reported, context);
                    }
                });
    }

    private static List<AnalyzedObject> visibleEverywhere(
            String scoped, Map<String, List<AnalyzedObject>> byHost) {
        String host = scoped.substring(scoped.indexOf('/') + 1);
        return byHost.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(Hosts.EVERYWHERE + "/"))
                .filter(entry -> HostNames.overlap(host, entry.getKey().substring(2)))
                .flatMap(entry -> entry.getValue().stream())
                .toList();
    }

    private static void report(
            String scoped,
            List<AnalyzedObject> rivals,
            Set<String> reported,
            AnalysisContext context) {
        String names =
                String.join(",", rivals.stream().map(AnalyzedObject::fullName).sorted().toList());
        for (AnalyzedObject rival : rivals) {
            if (reported.add(rival.fullName())) {
                context.report(MessageType.CONFLICTING_MESH_GATEWAY_HOSTS, rival, names, scoped);
            }
        }
    }
}
