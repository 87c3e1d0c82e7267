package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** ServiceEntries whose TCP ports lack addresses, or that contradict each other. */
final class ServiceEntryAnalyzer implements Analyzer {

    private record Endpoint(String scope, String host, long port) {}

    private record Claim(String protocol, AnalyzedObject entry) {}

    @Override
    public void analyze(AnalysisContext context) {
        if (!allocatesAddresses(context)) {
            context.all(ObjectKind.SERVICE_ENTRY).forEach(entry -> addresses(entry, context));
        }
        protocols(context);
    }

    private static boolean allocatesAddresses(AnalysisContext context) {
        Spec metadata = context.meshConfig().settings().get("defaultConfig").get("proxyMetadata");
        return metadata.text("ISTIO_META_DNS_CAPTURE").equals("true")
                && (metadata.text("ISTIO_META_DNS_AUTO_ALLOCATE").equals("true")
                        || metadata.text("PILOT_ENABLE_IP_AUTOALLOCATE").equals("true"));
    }

    private static void addresses(AnalyzedObject entry, AnalysisContext context) {
        if (!entry.spec().list("addresses").isEmpty()
                || !new Spec(entry.json()).get("status").list("addresses").isEmpty()) {
            return;
        }
        boolean tcp =
                entry.spec().list("ports").stream()
                        .map(port -> port.text("protocol"))
                        .anyMatch(
                                protocol -> protocol.isEmpty() || protocol.equalsIgnoreCase("TCP"));
        if (tcp) {
            context.report(MessageType.SERVICE_ENTRY_ADDRESSES_REQUIRED, entry);
        }
    }

    private static void protocols(AnalysisContext context) {
        Map<Endpoint, List<Claim>> claims = new LinkedHashMap<>();
        for (AnalyzedObject entry : context.all(ObjectKind.SERVICE_ENTRY)) {
            for (String scope : Hosts.scopes(entry.spec().texts("exportTo"), entry.namespace())) {
                for (String host : entry.spec().texts("hosts")) {
                    for (Spec port : entry.spec().list("ports")) {
                        claims.computeIfAbsent(
                                        new Endpoint(scope, host, port.number("number")),
                                        key -> new ArrayList<>())
                                .add(new Claim(port.text("protocol"), entry));
                    }
                }
            }
        }
        Set<String> reported = new HashSet<>();
        claims.forEach(
                (endpoint, own) -> {
                    List<Claim> all = new ArrayList<>(own);
                    if (!endpoint.scope().equals(Hosts.EVERYWHERE)) {
                        all.addAll(
                                claims.getOrDefault(
                                        new Endpoint(
                                                Hosts.EVERYWHERE, endpoint.host(), endpoint.port()),
                                        List.of()));
                    }
                    conflict(endpoint, all, reported, context);
                });
    }

    private static void conflict(
            Endpoint endpoint, List<Claim> claims, Set<String> reported, AnalysisContext context) {
        Set<String> protocols = new TreeSet<>();
        Set<String> names = new TreeSet<>();
        for (Claim claim : claims) {
            protocols.add(claim.protocol().toUpperCase(Locale.ROOT));
            names.add(claim.entry().fullName());
        }
        if (protocols.size() < 2) {
            return;
        }
        for (Claim claim : claims) {
            if (reported.add(claim.entry().fullName())) {
                context.report(
                        MessageType.CONFLICTING_SERVICE_ENTRY_PROTOCOL,
                        claim.entry(),
                        String.join(", ", names),
                        endpoint.host(),
                        endpoint.port(),
                        String.join(", ", protocols));
            }
        }
    }
}
