package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.IstioValidation;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Istio's validation of single objects, as messages. */
final class SchemaAnalyzer implements Analyzer {

    private static final Pattern UNUSED =
            Pattern.compile("virtualService rule (.+) not used \\((.+)\\)", Pattern.DOTALL);
    private static final Pattern INEFFECTIVE =
            Pattern.compile(
                    "virtualService rule (.+) match (.+) is not used \\(duplicate/overlapping match in"
                            + " rule (.+)\\)",
                    Pattern.DOTALL);

    @Override
    public void analyze(AnalysisContext context) {
        for (ObjectKind kind : ObjectKind.values()) {
            if (!kind.istio()) {
                continue;
            }
            for (AnalyzedObject object : context.all(kind)) {
                IstioValidation.Findings findings = IstioValidation.findings(object.json());
                findings.errors()
                        .forEach(
                                text ->
                                        context.report(
                                                MessageType.SCHEMA_VALIDATION_ERROR, object, text));
                findings.warnings().forEach(text -> warn(object, text, context));
            }
        }
    }

    private static void warn(AnalyzedObject object, String text, AnalysisContext context) {
        Matcher ineffective = INEFFECTIVE.matcher(text);
        Matcher unused = UNUSED.matcher(text);
        if (ineffective.matches()) {
            context.report(
                    MessageType.INEFFECTIVE_MATCH,
                    object,
                    ineffective.group(1),
                    ineffective.group(2),
                    ineffective.group(3));
        } else if (unused.matches()) {
            context.report(MessageType.UNREACHABLE_RULE, object, unused.group(1), unused.group(2));
        } else {
            context.report(MessageType.SCHEMA_WARNING, object, text);
        }
    }
}
