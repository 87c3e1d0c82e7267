package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Telemetries without effect, that compete, or that use a retired provider. */
final class TelemetryAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        providers(context);
        selectors(context);
        defaults(context);
        lightstep(context);
    }

    private static void providers(AnalysisContext context) {
        Spec defaults = context.meshConfig().settings().get("defaultProviders");
        if (!defaults.list("accessLogging").isEmpty()) {
            return;
        }
        for (AnalyzedObject telemetry : context.all(ObjectKind.TELEMETRY)) {
            boolean ignored =
                    telemetry.spec().list("accessLogging").stream()
                            .anyMatch(
                                    logging ->
                                            !logging.flag("disabled")
                                                    && logging.list("providers").isEmpty());
            if (ignored) {
                context.report(
                        MessageType.INVALID_TELEMETRY_PROVIDER,
                        telemetry,
                        telemetry.name(),
                        telemetry.namespace());
            }
        }
    }

    private static void selectors(AnalysisContext context) {
        Map<AnalyzedObject, List<AnalyzedObject>> byPod = new LinkedHashMap<>();
        for (AnalyzedObject telemetry : context.all(ObjectKind.TELEMETRY)) {
            Map<String, String> selector = telemetry.spec().get("selector").textMap("matchLabels");
            if (selector.isEmpty()) {
                continue;
            }
            List<AnalyzedObject> pods =
                    context.all(ObjectKind.POD).stream()
                            .filter(pod -> pod.namespace().equals(telemetry.namespace()))
                            .filter(pod -> pod.selectedBy(selector))
                            .toList();
            pods.forEach(
                    pod -> byPod.computeIfAbsent(pod, key -> new ArrayList<>()).add(telemetry));
            if (pods.isEmpty()) {
                context.report(
                        MessageType.REFERENCED_RESOURCE_NOT_FOUND,
                        telemetry,
                        "selector",
                        Selectors.print(selector));
            }
        }
        byPod.forEach(
                (pod, telemetries) -> {
                    if (telemetries.size() > 1) {
                        for (AnalyzedObject telemetry : telemetries) {
                            context.report(
                                    MessageType.CONFLICTING_TELEMETRY_SELECTORS,
                                    telemetry,
                                    SidecarSelectorAnalyzer.names(telemetries),
                                    pod.namespace(),
                                    pod.name());
                        }
                    }
                });
    }

    private static void defaults(AnalysisContext context) {
        Map<String, List<AnalyzedObject>> byNamespace = new TreeMap<>();
        for (AnalyzedObject telemetry : context.all(ObjectKind.TELEMETRY)) {
            if (!telemetry.spec().has("selector")) {
                byNamespace
                        .computeIfAbsent(telemetry.namespace(), namespace -> new ArrayList<>())
                        .add(telemetry);
            }
        }
        byNamespace.forEach(
                (namespace, telemetries) -> {
                    if (telemetries.size() > 1) {
                        for (AnalyzedObject telemetry : telemetries) {
                            context.report(
                                    MessageType.TELEMETRIES_WITHOUT_SELECTOR,
                                    telemetry,
                                    SidecarSelectorAnalyzer.names(telemetries),
                                    namespace);
                        }
                    }
                });
    }

    private static void lightstep(AnalysisContext context) {
        Set<String> retired = new HashSet<>();
        context.meshConfig().settings().list("extensionProviders").stream()
                .filter(provider -> provider.has("lightstep"))
                .forEach(provider -> retired.add(provider.text("name")));
        for (AnalyzedObject telemetry : context.all(ObjectKind.TELEMETRY)) {
            telemetry.spec().list("tracing").stream()
                    .flatMap(tracing -> tracing.list("providers").stream())
                    .map(provider -> provider.text("name"))
                    .filter(retired::contains)
                    .forEach(
                            name ->
                                    context.report(
                                            MessageType.DEPRECATED,
                                            telemetry,
                                            "The Lightstep provider "
                                                    + name
                                                    + " is deprecated, please migrate to"
                                                    + " OpenTelemetry provider."));
        }
    }
}
