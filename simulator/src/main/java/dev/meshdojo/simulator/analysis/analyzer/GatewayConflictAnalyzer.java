package dev.meshdojo.simulator.analysis.analyzer;

import dev.meshdojo.simulator.admission.Spec;
import dev.meshdojo.simulator.analysis.AnalysisContext;
import dev.meshdojo.simulator.analysis.AnalyzedObject;
import dev.meshdojo.simulator.analysis.Analyzer;
import dev.meshdojo.simulator.analysis.MessageType;
import dev.meshdojo.simulator.analysis.ObjectKind;
import dev.meshdojo.simulator.analysis.Selectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gateways of the same pods that claim one host on one port. */
final class GatewayConflictAnalyzer implements Analyzer {

    /** The servers' port and the printed selector of their Gateway. */
    private record Listener(String selector, long port) {}

    @Override
    public void analyze(AnalysisContext context) {
        Map<Listener, Map<String, Map<String, String>>> claims = new LinkedHashMap<>();
        for (AnalyzedObject gateway : context.all(ObjectKind.GATEWAY)) {
            String selector = Selectors.print(gateway.spec().textMap("selector"));
            for (Spec server : gateway.spec().list("servers")) {
                Map<String, String> bindByHost = new HashMap<>();
                server.texts("hosts").forEach(host -> bindByHost.put(host, server.text("bind")));
                claims.computeIfAbsent(
                                new Listener(selector, server.get("port").number("number")),
                                listener -> new LinkedHashMap<>())
                        .put(gateway.fullName(), bindByHost);
            }
        }
        context.all(ObjectKind.GATEWAY).forEach(gateway -> check(gateway, claims, context));
    }

    private static void check(
            AnalyzedObject gateway,
            Map<Listener, Map<String, Map<String, String>>> claims,
            AnalysisContext context) {
        Map<String, String> selector = gateway.spec().textMap("selector");
        String printed = Selectors.print(selector);
        Set<Listener> meeting = new LinkedHashSet<>();
        for (Listener listener : claims.keySet()) {
            if (meet(selector, printed, listener.selector(), context)) {
                meeting.add(listener);
            }
        }
        if (!printed.isEmpty() && meeting.isEmpty()) {
            context.report(MessageType.REFERENCED_RESOURCE_NOT_FOUND, gateway, "selector", printed);
            return;
        }
        for (Spec server : gateway.spec().list("servers")) {
            long port = server.get("port").number("number");
            List<String> rivals = new ArrayList<>();
            for (Listener listener : meeting) {
                if (listener.port() != port) {
                    continue;
                }
                claims.getOrDefault(listener, Map.of())
                        .forEach(
                                (name, bindByHost) -> {
                                    if (!name.equals(gateway.fullName())
                                            && conflict(server, bindByHost)) {
                                        rivals.add(name);
                                    }
                                });
            }
            if (!rivals.isEmpty()) {
                rivals.sort(null);
                context.report(
                        MessageType.CONFLICTING_GATEWAYS,
                        gateway,
                        String.join(",", rivals),
                        printed,
                        port,
                        String.join(",", server.texts("hosts")));
            }
        }
    }

    private static boolean meet(
            Map<String, String> selector, String printed, String other, AnalysisContext context) {
        if (printed.equals(other)) {
            return true;
        }
        if (!other.contains(printed) && !printed.contains(other)) {
            return false;
        }
        Map<String, String> otherSelector = new HashMap<>();
        for (String pair : other.split(",")) {
            String[] keyAndValue = pair.split("=", -1);
            if (keyAndValue.length == 2) {
                otherSelector.put(keyAndValue[0], keyAndValue[1]);
            }
        }
        return context.all(ObjectKind.POD).stream()
                .anyMatch(pod -> pod.selectedBy(selector) && pod.selectedBy(otherSelector));
    }

    /**
     * Whether a server claims a host that was claimed before. Hosts of a server without conflict
     * count as claimed from then on, for every later Gateway: so does istiod's bookkeeping.
     */
    private static boolean conflict(Spec server, Map<String, String> bindByHost) {
        String bind = server.text("bind");
        List<String> hosts = server.texts("hosts");
        if (hosts.stream().anyMatch(host -> bind.equals(bindByHost.get(host)))) {
            return true;
        }
        hosts.forEach(host -> bindByHost.put(host, bind));
        return false;
    }
}
