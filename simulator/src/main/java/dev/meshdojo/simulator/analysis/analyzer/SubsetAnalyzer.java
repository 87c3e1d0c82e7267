package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** DestinationRules for unknown hosts, and subsets without a pod. */
final class SubsetAnalyzer implements Analyzer {

    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String SUBZONE = "topology.istio.io/subzone";
    private static final String HOSTNAME = "kubernetes.io/hostname";

    @Override
    public void analyze(AnalysisContext context) {
        ServiceHosts hosts = new ServiceHosts(context);
        List<Map<String, String>> pods =
                context.all(ObjectKind.POD).stream().map(pod -> labels(pod, context)).toList();
        for (AnalyzedObject rule : context.all(ObjectKind.DESTINATION_RULE)) {
            String host = rule.spec().text("host");
            ServiceHosts.Host known =
                    hosts.find(rule.namespace(), rule.spec().texts("exportTo"), host);
            if (known == null) {
                context.report(MessageType.UNKNOWN_DESTINATION_RULE_HOST, rule, host);
                continue;
            }
            Map<String, Map<String, String>> subsets = new LinkedHashMap<>();
            for (Spec subset : rule.spec().list("subsets")) {
                Map<String, String> selector = new HashMap<>(known.workloadLabels());
                selector.putAll(subset.textMap("labels"));
                subsets.put(subset.text("name"), selector);
            }
            subsets.forEach(
                    (name, selector) -> {
                        if (pods.stream().noneMatch(pod -> Selectors.matches(selector, pod))) {
                            context.report(MessageType.SUBSET_WITHOUT_PODS, rule, name);
                        }
                    });
        }
    }

    /** A pod's labels, and those that follow from the node it runs on. */
    private static Map<String, String> labels(AnalyzedObject pod, AnalysisContext context) {
        Map<String, String> labels = new HashMap<>(pod.labels());
        String nodeName = pod.spec().text("nodeName");
        if (nodeName.isEmpty()) {
            return labels;
        }
        labels.put(HOSTNAME, nodeName);
        AnalyzedObject node = context.find(ObjectKind.NODE, nodeName);
        if (node == null) {
            return labels;
        }
        for (String part : List.of(REGION, ZONE, SUBZONE)) {
            String value = node.labels().getOrDefault(part, "");
            if (value.isEmpty()) {
                break;
            }
            labels.put(part, value);
        }
        return labels;
    }
}
