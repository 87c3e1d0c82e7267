package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.ObjectKind;
import org.jspecify.annotations.Nullable;

/**
 * What istiod's injector is configured to do, from the {@code values} of its ConfigMap.
 *
 * @param values the values; absent when they cannot be read
 */
record InjectorConfig(Spec values) {

    private static final String CONFIG_MAP = "istio-sidecar-injector";

    /** The ConfigMap of a revision's injector, null when there is none. */
    static @Nullable AnalyzedObject find(@Nullable String revision, AnalysisContext context) {
        String name =
                revision == null || revision.isEmpty() || revision.equals("default")
                        ? CONFIG_MAP
                        : CONFIG_MAP + "-" + revision;
        return context.all(ObjectKind.CONFIG_MAP).stream()
                .filter(map -> map.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    static InjectorConfig of(AnalyzedObject configMap) {
        return new InjectorConfig(
                Documents.yaml(new Spec(configMap.json()).get("data").text("values")));
    }

    /** Whether namespaces are injected without being asked. */
    boolean enabledByDefault() {
        return values.get("sidecarInjectorWebhook").flag("enableNamespacesByDefault");
    }

    /** The image of a sidecar. */
    String proxyImage() {
        Spec global = values.get("global");
        String image = global.get("proxy").text("image");
        return image.contains("/")
                ? image
                : global.text("hub") + "/" + image + ":" + global.text("tag");
    }
}
