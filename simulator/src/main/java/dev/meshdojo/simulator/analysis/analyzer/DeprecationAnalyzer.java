package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;

/** Fields that still work but should no longer be used. */
final class DeprecationAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        for (AnalyzedObject service : context.all(ObjectKind.VIRTUAL_SERVICE)) {
            boolean percent =
                    service.spec().list("http").stream()
                            .anyMatch(
                                    route -> route.get("fault").get("delay").number("percent") > 0);
            if (percent) {
                context.report(
                        MessageType.DEPRECATED,
                        service,
                        "HTTPRoute.fault.delay.percent is deprecated; use"
                                + " HTTPRoute.fault.delay.percentage");
            }
        }
        for (AnalyzedObject sidecar : context.all(ObjectKind.SIDECAR)) {
            if (sidecar.spec().get("outboundTrafficPolicy").has("egressProxy")) {
                context.report(
                        MessageType.DEPRECATED,
                        sidecar,
                        "OutboundTrafficPolicy.EgressProxy ignored");
            }
        }
    }
}
