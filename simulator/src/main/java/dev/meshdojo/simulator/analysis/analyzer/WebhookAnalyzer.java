package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Injectors that overlap, or that no Service stands behind. */
final class WebhookAnalyzer implements Analyzer {

    private record Hook(AnalyzedObject configuration, Spec spec) {
        String name() {
            return configuration.fullName() + "/" + spec.text("name");
        }
    }

    @Override
    public void analyze(AnalysisContext context) {
        List<Hook> hooks = new ArrayList<>();
        Set<String> revisions = new TreeSet<>();
        for (AnalyzedObject configuration : context.all(ObjectKind.MUTATING_WEBHOOK)) {
            List<Spec> specs = new Spec(configuration.json()).list("webhooks");
            Set<String> own = revisions(configuration, specs);
            if (own.isEmpty()
                    && specs.stream().noneMatch(hook -> hook.text("name").endsWith("istio.io"))) {
                continue;
            }
            specs.forEach(spec -> hooks.add(new Hook(configuration, spec)));
            revisions.addAll(own);
        }
        for (Map<String, String> namespace :
                combinations(MeshMembership.INJECTION_LABEL, "enabled", "disabled", revisions)) {
            for (Map<String, String> pod :
                    combinations(MeshMembership.INJECT, "true", "false", revisions)) {
                overlaps(
                        hooks.stream()
                                .filter(hook -> applies(hook.spec(), namespace, pod))
                                .toList(),
                        context);
            }
        }
        hooks.forEach(hook -> service(hook, context));
    }

    /** Whether a webhook is asked about a pod of a namespace. */
    static boolean applies(Spec hook, Map<String, String> namespace, Map<String, String> pod) {
        return Selectors.matches(hook.get("namespaceSelector"), namespace)
                && Selectors.matches(hook.get("objectSelector"), pod);
    }

    private static Set<String> revisions(AnalyzedObject configuration, List<Spec> hooks) {
        Set<String> revisions = new TreeSet<>();
        String own = configuration.labels().get(MeshMembership.REVISION_LABEL);
        if (own != null) {
            revisions.add(own);
        }
        for (Spec hook : hooks) {
            for (String field : List.of("namespaceSelector", "objectSelector")) {
                Spec selector = hook.get(field);
                String value = selector.textMap("matchLabels").get(MeshMembership.REVISION_LABEL);
                if (value != null) {
                    revisions.add(value);
                }
                selector.list("matchExpressions").stream()
                        .filter(e -> e.text("key").equals(MeshMembership.REVISION_LABEL))
                        .forEach(e -> revisions.addAll(e.texts("values")));
            }
        }
        return revisions;
    }

    private static List<Map<String, String>> combinations(
            String label, String yes, String no, Set<String> revisions) {
        List<Map<String, String>> all = new ArrayList<>();
        for (Map<String, String> base :
                List.<Map<String, String>>of(Map.of(), Map.of(label, yes), Map.of(label, no))) {
            all.add(base);
            for (String revision : revisions) {
                Map<String, String> labels = new HashMap<>(base);
                labels.put(MeshMembership.REVISION_LABEL, revision);
                all.add(labels);
            }
        }
        return all;
    }

    private static void overlaps(List<Hook> matching, AnalysisContext context) {
        Map<String, Hook> byName = new TreeMap<>();
        matching.forEach(hook -> byName.put(hook.name(), hook));
        if (byName.size() < 2) {
            return;
        }
        byName.forEach(
                (name, hook) -> {
                    List<String> others =
                            byName.keySet().stream().filter(other -> !other.equals(name)).toList();
                    context.report(
                            MessageType.INVALID_WEBHOOK,
                            hook.configuration(),
                            "Webhook overlaps with others: ["
                                    + String.join(" ", others)
                                    + "]. This may cause injection to occur twice.");
                });
    }

    private static void service(Hook hook, AnalysisContext context) {
        Spec service = hook.spec().get("clientConfig").get("service");
        String name = service.text("namespace") + "/" + service.text("name");
        if (service.present() && context.find(ObjectKind.SERVICE, name) == null) {
            context.report(
                    MessageType.INVALID_WEBHOOK,
                    hook.configuration(),
                    "Injector refers to a control plane service that does not exist: "
                            + name
                            + ".");
        }
    }
}
