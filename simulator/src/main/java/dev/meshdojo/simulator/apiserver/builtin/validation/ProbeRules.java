package dev.meshdojo.simulator.apiserver.builtin.validation;

import dev.meshdojo.simulator.apiserver.builtin.Names;
import java.util.List;

/** What Kubernetes demands of probes and lifecycle hooks. */
final class ProbeRules {

    private static final List<String> PROBE = List.of("exec", "httpGet", "tcpSocket", "grpc");
    private static final List<String> HOOK = List.of("exec", "httpGet", "tcpSocket", "sleep");
    private static final List<String> NUMBERS =
            List.of(
                    "initialDelaySeconds",
                    "timeoutSeconds",
                    "periodSeconds",
                    "successThreshold",
                    "failureThreshold");

    private final Check check;
    private final At grace;
    private final At os;

    ProbeRules(Check check, At spec) {
        this.check = check;
        this.grace = spec.get("terminationGracePeriodSeconds");
        this.os = spec.get("os");
    }

    /**
     * A liveness or startup probe.
     *
     * @param once what to say when it has to succeed more than once
     */
    void probe(At probe, String once) {
        if (!probe.set()) {
            return;
        }
        any(probe);
        if (probe.get("successThreshold").number() != 1) {
            check.invalidNumber(probe.get("successThreshold"), once);
        }
    }

    void readiness(At probe) {
        if (!probe.set()) {
            return;
        }
        any(probe);
        At own = probe.get("terminationGracePeriodSeconds");
        if (own.set()) {
            check.invalid(own, "must not be set for readinessProbes");
        }
    }

    private void any(At probe) {
        handler(probe, PROBE);
        NUMBERS.forEach(number -> check.nonNegative(probe.get(number)));
        At own = probe.get("terminationGracePeriodSeconds");
        if (own.set() && own.number() <= 0) {
            check.invalid(own, Check.POSITIVE);
        }
    }

    void lifecycle(At lifecycle) {
        for (String hook : List.of("postStart", "preStop")) {
            if (lifecycle.get(hook).set()) {
                handler(lifecycle.get(hook), HOOK);
            }
        }
        if (lifecycle.get("stopSignal").set() && !os.set()) {
            check.forbidden(
                    lifecycle.get("stopSignal"),
                    "may not be set for containers with empty `spec.os.name`");
        }
    }

    private void handler(At handler, List<String> kinds) {
        int found = 0;
        for (String kind : kinds) {
            At action = handler.get(kind);
            if (!action.set()) {
                continue;
            }
            if (found++ > 0) {
                check.forbidden(action, "may not specify more than 1 handler type");
                continue;
            }
            switch (kind) {
                case "exec" -> {
                    if (action.get("command").empty()) {
                        check.required(action.get("command"), "");
                    }
                }
                case "httpGet" -> httpGet(action);
                case "tcpSocket" -> check.portOrName(action.get("port"));
                case "grpc" -> check.port(action.get("port"));
                default -> sleep(action);
            }
        }
        if (found == 0) {
            check.required(handler, "must specify a handler type");
        }
    }

    private void httpGet(At action) {
        check.requiredText(action.get("path"), "");
        check.portOrName(action.get("port"));
        if (!action.get("scheme").is("HTTP", "HTTPS")) {
            check.notSupported(action.get("scheme"), List.of("HTTP", "HTTPS"));
        }
        for (At header : action.get("httpHeaders").items()) {
            At name = header.get("name").as(action.below("httpHeaders"));
            check.names(name, Names.headerName(name.text()));
        }
    }

    private void sleep(At action) {
        long seconds = action.get("seconds").number();
        if (grace.set() && (seconds < 0 || seconds > grace.number())) {
            check.invalid(
                    action.path(),
                    com.fasterxml.jackson.databind.node.LongNode.valueOf(seconds),
                    "must be non-negative and less than terminationGracePeriodSeconds ("
                            + grace.number()
                            + ")");
        }
    }
}
