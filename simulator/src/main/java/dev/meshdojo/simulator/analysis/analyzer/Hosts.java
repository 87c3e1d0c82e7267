package dev.meshdojo.simulator.analysis.analyzer;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Host names as the analyzers compare them. Pure. */
final class Hosts {

    /** Exported to all namespaces. */
    static final String EVERYWHERE = "*";

    private static final Pattern SERVICE = Pattern.compile("(.+)\\.(.+)\\.svc\\.cluster\\.local");

    private Hosts() {}

    /** A short name with its namespace and the cluster's domain; others as they are. */
    static String qualified(String namespace, String host) {
        return host.startsWith("*") || host.contains(".")
                ? host
                : host + "." + namespace + ".svc.cluster.local";
    }

    /** {@code scope/host}, the host qualified. */
    static String scoped(String scope, String namespace, String host) {
        return scope + "/" + qualified(namespace, host);
    }

    /** {@code namespace/name} of the Service that a host means. */
    static String serviceName(String namespace, String host) {
        Matcher matcher = SERVICE.matcher(host);
        return matcher.matches()
                ? matcher.group(2) + "/" + matcher.group(1)
                : namespace + "/" + host;
    }

    /** What a reference means that may leave out the namespace: {@code namespace/name}. */
    static String fullName(String namespace, String reference) {
        if (!reference.contains("/")) {
            return namespace + "/" + reference;
        }
        return reference.startsWith("/") ? reference.substring(1) : reference;
    }

    /** Whether {@code exportTo} leaves an object visible everywhere. */
    static boolean exportedEverywhere(List<String> exportTo) {
        return exportTo.isEmpty() || exportTo.contains(EVERYWHERE);
    }

    /** The namespaces that {@code exportTo} names, {@code *} for all of them. */
    static List<String> scopes(List<String> exportTo, String namespace) {
        return exportedEverywhere(exportTo)
                ? List.of(EVERYWHERE)
                : exportTo.stream()
                        .map(scope -> scope.equals(".") ? namespace : scope)
                        .distinct()
                        .toList();
    }
}
