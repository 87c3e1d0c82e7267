package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which image type (such as {@code distroless}) is asked for which pod. */
final class ProxyImageVariants {

    private final AnalysisContext context;
    private String rootType = "";
    private final Map<String, String> byNamespace = new HashMap<>();
    private final List<AnalyzedObject> forWorkloads = new ArrayList<>();

    ProxyImageVariants(AnalysisContext context) {
        this.context = context;
        for (AnalyzedObject config : context.all(ObjectKind.PROXY_CONFIG)) {
            if (config.namespace().equals(context.meshConfig().rootNamespace())) {
                rootType = imageType(config.spec());
            } else if (config.spec().has("selector")) {
                forWorkloads.add(config);
            } else {
                byNamespace.put(config.namespace(), imageType(config.spec()));
            }
        }
    }

    /** The type for a pod, empty for the usual image. */
    String of(AnalyzedObject pod) {
        List<String> candidates = new ArrayList<>();
        candidates.add(imageType(context.meshConfig().settings().get("defaultConfig")));
        candidates.add(rootType);
        candidates.add(byNamespace.getOrDefault(pod.namespace(), ""));
        for (AnalyzedObject config : forWorkloads) {
            if (config.namespace().equals(pod.namespace())
                    && pod.selectedBy(config.spec().get("selector").textMap("matchLabels"))) {
                candidates.add(imageType(config.spec()));
            }
        }
        candidates.add(imageType(Documents.yaml(pod.annotations().get("proxy.istio.io/config"))));
        String last = "";
        for (String candidate : candidates) {
            last = candidate.isEmpty() ? last : candidate;
        }
        return last.equals("default") ? "" : last;
    }

    private static String imageType(Spec proxyConfig) {
        return proxyConfig.get("image").text("imageType");
    }
}
