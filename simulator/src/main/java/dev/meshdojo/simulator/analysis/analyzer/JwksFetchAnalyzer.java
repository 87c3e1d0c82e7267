package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.List;

/** An istiod that fetches keys from any address although there are token rules. */
final class JwksFetchAnalyzer implements Analyzer {

    private static final int SHOWN = 5;

    @Override
    public void analyze(AnalysisContext context) {
        List<String> names =
                context.all(ObjectKind.REQUEST_AUTHENTICATION).stream()
                        .map(AnalyzedObject::fullName)
                        .toList();
        if (names.isEmpty()) {
            return;
        }
        String shown =
                names.size() <= SHOWN
                        ? String.join(", ", names)
                        : String.join(", ", names.subList(0, SHOWN))
                                + ", and "
                                + (names.size() - SHOWN)
                                + " more";
        for (AnalyzedObject deployment : context.all(ObjectKind.DEPLOYMENT)) {
            if ("istiod".equals(deployment.labels().get("app")) && !restricts(deployment)) {
                context.report(
                        MessageType.UNRESTRICTED_JWKS_FETCH, deployment, names.size(), shown);
            }
        }
    }

    private static boolean restricts(AnalyzedObject deployment) {
        return deployment.spec().get("template").get("spec").list("containers").stream()
                .flatMap(container -> container.list("env").stream())
                .anyMatch(
                        variable ->
                                variable.text("name").equals("BLOCKED_CIDRS_IN_JWKS_URIS")
                                        && !variable.text("value").isEmpty());
    }
}
