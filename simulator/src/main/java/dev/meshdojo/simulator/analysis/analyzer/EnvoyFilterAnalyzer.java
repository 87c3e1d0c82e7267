package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.HashSet;
import java.util.Set;

/** Patches that Istio ignores, or that depend on what other patches did before. */
final class EnvoyFilterAnalyzer implements Analyzer {

    private static final Set<String> ROUTES = Set.of("ROUTE_CONFIGURATION", "HTTP_ROUTE");
    private static final Set<String> REPLACEABLE =
            Set.of("NETWORK_FILTER", "HTTP_FILTER", "VIRTUAL_HOST");

    @Override
    public void analyze(AnalysisContext context) {
        Set<String> versioned = new HashSet<>();
        for (AnalyzedObject filter : context.all(ObjectKind.ENVOY_FILTER)) {
            for (Spec patch : filter.spec().list("configPatches")) {
                if (!patch.has("patch")) {
                    break;
                }
                String name = instanceName(patch);
                check(filter, patch, versioned.contains(name), context);
                if (!patch.get("match").get("proxy").text("proxyVersion").isEmpty()) {
                    versioned.add(name);
                }
            }
        }
    }

    private static String instanceName(Spec patch) {
        Spec value = patch.get("patch").get("value");
        if (value.has("name")) {
            return "value:" + value.text("name");
        }
        return value.node().isEmpty()
                ? ""
                : patch.get("match").get("listener").get("filterChain").get("filter").text("name");
    }

    private static void check(
            AnalyzedObject filter, Spec patch, boolean versioned, AnalysisContext context) {
        String applyTo = patch.text("applyTo");
        boolean relative =
                switch (patch.get("patch").text("operation")) {
                    case "ADD" -> {
                        if (ROUTES.contains(applyTo)) {
                            context.report(MessageType.ENVOY_FILTER_ADD, filter);
                        }
                        yield false;
                    }
                    case "REMOVE" -> {
                        if (ROUTES.contains(applyTo)) {
                            context.report(MessageType.ENVOY_FILTER_REMOVE, filter);
                        }
                        yield !ROUTES.contains(applyTo);
                    }
                    case "REPLACE" -> {
                        if (!REPLACEABLE.contains(applyTo)) {
                            context.report(MessageType.ENVOY_FILTER_REPLACE, filter);
                        }
                        yield REPLACEABLE.contains(applyTo);
                    }
                    case "INSERT_BEFORE", "INSERT_AFTER" -> true;
                    default -> false;
                };
        if (relative && filter.spec().number("priority") == 0) {
            context.report(
                    versioned
                            ? MessageType.ENVOY_FILTER_RELATIVE_WITH_PROXY_VERSION
                            : MessageType.ENVOY_FILTER_RELATIVE,
                    filter);
        }
    }
}
