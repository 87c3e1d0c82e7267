package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Policies that pick no workload, or name namespaces that do not exist. */
final class AuthorizationPolicyAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        Map<String, List<AnalyzedObject>> pods = new HashMap<>();
        for (AnalyzedObject pod : context.all(ObjectKind.POD)) {
            if (MeshMembership.podInMesh(pod, context) || MeshMembership.podInAmbientMode(pod)) {
                pods.computeIfAbsent(pod.namespace(), namespace -> new ArrayList<>()).add(pod);
            }
        }
        for (AnalyzedObject policy : context.all(ObjectKind.AUTHORIZATION_POLICY)) {
            workloads(policy, pods, context);
            namespaces(policy, context);
        }
    }

    private static void workloads(
            AnalyzedObject policy,
            Map<String, List<AnalyzedObject>> pods,
            AnalysisContext context) {
        boolean selects = policy.spec().has("selector");
        boolean meshWide = policy.namespace().equals(context.meshConfig().rootNamespace());
        if (meshWide && !selects) {
            return;
        }
        Map<String, String> selector = policy.spec().get("selector").textMap("matchLabels");
        Stream<AnalyzedObject> candidates =
                meshWide
                        ? pods.values().stream().flatMap(Collection::stream)
                        : pods.getOrDefault(policy.namespace(), List.of()).stream();
        if (candidates.noneMatch(pod -> pod.selectedBy(selector))) {
            context.report(MessageType.NO_MATCHING_WORKLOADS, policy, Selectors.print(selector));
        }
    }

    private static void namespaces(AnalyzedObject policy, AnalysisContext context) {
        for (Spec rule : policy.spec().list("rules")) {
            for (Spec from : rule.list("from")) {
                Stream.of("namespaces", "notNamespaces")
                        .flatMap(field -> from.get("source").texts(field).stream())
                        .filter(
                                pattern ->
                                        context.all(ObjectKind.NAMESPACE).stream()
                                                .noneMatch(
                                                        namespace ->
                                                                fits(namespace.name(), pattern)))
                        .forEach(
                                pattern ->
                                        context.report(
                                                MessageType.REFERENCED_RESOURCE_NOT_FOUND,
                                                policy,
                                                "namespace",
                                                pattern));
            }
        }
    }

    private static boolean fits(String namespace, String pattern) {
        if (pattern.startsWith("*")) {
            return namespace.endsWith(pattern.substring(1));
        }
        return pattern.endsWith("*")
                ? namespace.startsWith(pattern.substring(0, pattern.length() - 1))
                : namespace.equalsIgnoreCase(pattern);
    }
}
