package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Istio annotations that are unknown, misplaced, deprecated or ill-formed. */
final class AnnotationAnalyzer implements Analyzer {

    private static final List<ObjectKind> KINDS =
            List.of(
                    ObjectKind.NAMESPACE,
                    ObjectKind.SERVICE,
                    ObjectKind.POD,
                    ObjectKind.DEPLOYMENT);

    /** Set by istiod itself. */
    private static final Set<String> IGNORED =
            Set.of(
                    "sidecar.istio.io/status",
                    "gateway.istio.io/controller-version",
                    "istio.io/rev");

    @Override
    public void analyze(AnalysisContext context) {
        for (ObjectKind kind : KINDS) {
            for (AnalyzedObject object : context.all(kind)) {
                new TreeMap<>(object.annotations())
                        .forEach((name, value) -> check(object, name, value, context));
            }
        }
    }

    private static void check(
            AnalyzedObject object, String name, String value, AnalysisContext context) {
        if (!isIstios(name) || IGNORED.contains(name)) {
            return;
        }
        KnownAnnotation known = KnownAnnotation.named(name);
        if (known == null) {
            context.report(MessageType.UNKNOWN_ANNOTATION, object, name);
            return;
        }
        boolean inject = name.equals(MeshMembership.INJECT);
        if (known.deprecated() && !(inject && object.labels().containsKey(name))) {
            context.report(
                    MessageType.DEPRECATED_ANNOTATION,
                    object,
                    name,
                    inject ? " in favor of the \"sidecar.istio.io/inject\" label" : "");
        }
        if (known.kinds().contains("Any")) {
            return;
        }
        if (!known.kinds().contains(object.kind().kind())) {
            context.report(
                    MessageType.MISPLACED_ANNOTATION,
                    object,
                    name,
                    String.join(", ", known.kinds()));
            return;
        }
        @Nullable String problem = AnnotationValues.problem(name, value);
        if (problem != null) {
            context.report(MessageType.INVALID_ANNOTATION, object, name, problem);
        }
    }

    private static boolean isIstios(String annotation) {
        return annotation.equals("kubernetes.io/ingress.class")
                || annotation.split("/", -1)[0].endsWith("istio.io");
    }
}
