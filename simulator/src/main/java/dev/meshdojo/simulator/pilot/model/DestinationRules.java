package dev.meshdojo.simulator.pilot.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the DestinationRule that governs a Service for a proxy: rules of the proxy's namespace,
 * then of the Service's, then of the root namespace; the first place that has one for the host
 * decides. Immutable once built.
 */
final class DestinationRules {

    private final Map<String, Index> local = new HashMap<>();
    private final Map<String, Index> exported = new HashMap<>();
    private final Index rootPrivate = new Index();
    private final String root;

    DestinationRules(List<KubeObject> objects, MeshConfig mesh) {
        this.root = mesh.rootNamespace();
        List<KubeObject> ordered = new ArrayList<>(objects);
        ordered.sort(
                java.util.Comparator.comparing(
                                (KubeObject object) -> !object.spec().has("workloadSelector"))
                        .thenComparing(KubeObject.BY_AGE));
        for (KubeObject object : ordered) {
            add(object, mesh);
        }
    }

    private void add(KubeObject object, MeshConfig mesh) {
        JsonView spec = object.spec();
        String namespace = object.namespace();
        Map<String, String> selector =
                spec.has("workloadSelector")
                        ? spec.at("workloadSelector").textMap("matchLabels")
                        : null;
        Visibility exportTo =
                selector != null
                        ? Visibility.of(List.of("."), namespace, Visibility.PUBLIC)
                        : Visibility.of(
                                spec.texts("exportTo"), namespace, mesh.destinationRuleExport());
        DestinationRule rule =
                new DestinationRule(
                        object,
                        Hosts.resolve(spec.text("host"), namespace, mesh.domain()),
                        spec.at("trafficPolicy"),
                        spec.list("subsets"),
                        exportTo,
                        selector);
        if (exportTo.to(namespace)) {
            local.computeIfAbsent(namespace, n -> new Index()).add(rule);
        }
        boolean isPrivate = exportTo.namespaces().equals(java.util.Set.of(namespace));
        if (!isPrivate) {
            exported.computeIfAbsent(namespace, n -> new Index()).add(rule);
        } else if (namespace.equals(root)) {
            rootPrivate.add(rule);
        }
    }

    @Nullable DestinationRule find(
            String hostname,
            String serviceNamespace,
            String proxyNamespace,
            Map<String, String> proxyLabels) {
        Index first = proxyNamespace.equals(root) ? rootPrivate : local.get(proxyNamespace);
        List<DestinationRule> rules = first == null ? List.of() : first.find(hostname);
        if (rules.isEmpty()) {
            rules = exportedFrom(serviceNamespace, hostname, proxyNamespace);
        }
        if (rules.isEmpty()) {
            rules = exportedFrom(root, hostname, proxyNamespace);
        }
        return select(rules, proxyNamespace, proxyLabels);
    }

    private List<DestinationRule> exportedFrom(
            String owner, String hostname, String proxyNamespace) {
        Index index = exported.get(owner);
        if (index == null) {
            return List.of();
        }
        return index.find(hostname).stream()
                .filter(rule -> rule.exportTo().to(proxyNamespace))
                .toList();
    }

    private static @Nullable DestinationRule select(
            List<DestinationRule> rules, String proxyNamespace, Map<String, String> labels) {
        DestinationRule general = null;
        for (DestinationRule rule : rules) {
            Map<String, String> selector = rule.workloadSelector();
            if (selector == null) {
                general = general == null ? rule : general;
            } else if (rule.object().namespace().equals(proxyNamespace)
                    && labels.entrySet().containsAll(selector.entrySet())) {
                return rule;
            }
        }
        return general;
    }

    /** The rules of one namespace by host. */
    private static final class Index {
        private final Map<String, List<DestinationRule>> exact = new HashMap<>();
        private final Map<String, List<DestinationRule>> wildcards = new LinkedHashMap<>();

        void add(DestinationRule rule) {
            List<DestinationRule> list =
                    (Hosts.wildcard(rule.host()) ? wildcards : exact)
                            .computeIfAbsent(rule.host(), h -> new ArrayList<>());
            for (int i = 0; i < list.size(); i++) {
                DestinationRule known = list.get(i);
                if (known.exportTo().equals(rule.exportTo())
                        && Objects.equals(known.workloadSelector(), rule.workloadSelector())) {
                    list.set(i, merge(known, rule));
                    return;
                }
            }
            list.add(rule);
        }

        List<DestinationRule> find(String hostname) {
            List<DestinationRule> found = Hosts.mostSpecific(hostname, exact, wildcards);
            return found == null ? List.of() : found;
        }

        private static DestinationRule merge(DestinationRule known, DestinationRule added) {
            List<JsonView> subsets = new ArrayList<>(known.subsets());
            for (JsonView subset : added.subsets()) {
                if (known.subset(subset.text("name")) == null) {
                    subsets.add(subset);
                }
            }
            return new DestinationRule(
                    known.object(),
                    known.host(),
                    policy(known, added),
                    subsets,
                    known.exportTo(),
                    known.workloadSelector());
        }

        private static JsonView policy(DestinationRule known, DestinationRule added) {
            if (derived(known) == derived(added)) {
                return known.trafficPolicy().present()
                        ? known.trafficPolicy()
                        : added.trafficPolicy();
            }
            return derived(known)
                    ? filled(added.trafficPolicy(), known.trafficPolicy())
                    : filled(known.trafficPolicy(), added.trafficPolicy());
        }

        private static boolean derived(DestinationRule rule) {
            return rule.object().annotations().containsKey(VirtualService.PARENTS);
        }

        /** A written policy, with what a Gateway API policy says where it says nothing. */
        private static JsonView filled(JsonView written, JsonView derived) {
            if (!written.present() || !derived.present()) {
                return written.present() ? written : derived;
            }
            ObjectNode out = written.node().deepCopy();
            derived.fields()
                    .forEach(
                            (field, value) -> {
                                if (!out.has(field)) {
                                    out.set(field, value.node());
                                }
                            });
            if (written.has("portLevelSettings")) {
                ArrayNode levels = out.withArray("/portLevelSettings");
                derived.list("portLevelSettings").forEach(level -> fill(levels, level));
            }
            return JsonView.of(out);
        }

        private static void fill(ArrayNode levels, JsonView derived) {
            int port = derived.at("port").integer("number");
            for (JsonNode level : levels) {
                if (level.path("port").path("number").asInt() == port) {
                    if (!level.has("tls")) {
                        ((ObjectNode) level).set("tls", derived.at("tls").node());
                    }
                    return;
                }
            }
            levels.add(derived.node());
        }
    }
}
