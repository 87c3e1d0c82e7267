package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One certificate on several Gateways of the same pods. */
final class GatewayCertificateAnalyzer implements Analyzer {

    @Override
    public void analyze(AnalysisContext context) {
        Collection<AnalyzedObject> gateways = context.all(ObjectKind.GATEWAY);
        for (AnalyzedObject gateway : gateways) {
            Map<String, String> selector = gateway.spec().textMap("selector");
            for (AnalyzedObject other : gateways) {
                if (!other.fullName().equals(gateway.fullName())
                        && Selectors.matches(selector, other.spec().textMap("selector"))
                        && shareCertificate(gateway, other)) {
                    context.report(
                            MessageType.GATEWAY_DUPLICATE_CERTIFICATE,
                            gateway,
                            List.of(gateway.fullName(), other.fullName()));
                }
            }
        }
    }

    private static boolean shareCertificate(AnalyzedObject gateway, AnalyzedObject other) {
        return gateway.spec().list("servers").stream()
                .filter(server -> server.has("tls"))
                .anyMatch(
                        server ->
                                other.spec().list("servers").stream()
                                        .filter(candidate -> candidate.has("tls"))
                                        .anyMatch(
                                                candidate ->
                                                        same(
                                                                server.get("tls"),
                                                                candidate.get("tls"))));
    }

    private static boolean same(Spec tls, Spec other) {
        String credential = tls.text("credentialName");
        if (!credential.isEmpty() || !other.text("credentialName").isEmpty()) {
            return credential.equals(other.text("credentialName"));
        }
        return Stream.of("serverCertificate", "privateKey")
                .allMatch(
                        field ->
                                !tls.text(field).isEmpty()
                                        && tls.text(field).equals(other.text(field)));
    }
}
