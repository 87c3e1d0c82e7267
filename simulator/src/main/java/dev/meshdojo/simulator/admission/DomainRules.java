package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.util.regex.Pattern;

/** Rules for host names. Pure. */
final class DomainRules {

    private static final int MAX_LENGTH = 255;
    private static final String OUTBOUND = "outbound_";
    private static final String OUTBOUND_FORMAT = "outbound_.<PORT>_._.<HOSTNAME>";
    private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]+");

    private DomainRules() {}

    /** A complete name. */
    static Failure fqdn(String domain) {
        Failure failure = length(domain);
        return failure.isNone() ? labels(domain) : failure;
    }

    /** A name whose first label may begin with {@code *}. */
    static Failure wildcard(String domain) {
        Failure failure = length(domain);
        if (!failure.isNone()) {
            return failure;
        }
        int dot = domain.indexOf('.');
        String first = dot < 0 ? domain : domain.substring(0, dot);
        if (!CommonRules.isWildcardLabel(first)) {
            return invalidLabel(domain, first);
        }
        return dot < 0 ? Failure.NONE : labels(domain.substring(dot + 1));
    }

    /** Like {@link #wildcard}; besides, SNI names that Istio makes for its own clusters. */
    static Failure gatewayBound(boolean sni, String domain) {
        Failure failure = length(domain);
        if (!failure.isNone()) {
            return failure;
        }
        if (!sni || !domain.startsWith(OUTBOUND)) {
            return wildcard(domain);
        }
        String[] parts = domain.split("_", -1);
        if (parts.length < 4) {
            return Failure.of(
                    "domain name "
                            + domain
                            + " invalid, should follow '"
                            + OUTBOUND_FORMAT
                            + "' format");
        }
        for (String part : new String[] {parts[1], parts[3]}) {
            String trimmed = part.replaceAll("^\\.+|\\.+$", "");
            Pattern wanted = Pattern.compile(part.equals(parts[1]) ? "[0-9]" : "[a-zA-Z]");
            if (!wanted.matcher(trimmed).find()) {
                return Failure.of(
                        "domain name "
                                + GoText.quote(domain)
                                + " invalid (label "
                                + GoText.quote(trimmed)
                                + " invalid). should follow "
                                + OUTBOUND_FORMAT
                                + " format");
            }
        }
        return Failure.NONE;
    }

    /** {@code *} may only be a whole first label. */
    static Failure partialWildcard(String domain) {
        return domain.contains("*") && !domain.equals("*") && !domain.startsWith("*.")
                ? Failure.of("partial wildcard " + GoText.quote(domain) + " not allowed")
                : Failure.NONE;
    }

    /** A Gateway server's host: {@code name} or {@code namespace/name}. */
    static Failure gatewayHost(String host) {
        int slash = host.indexOf('/');
        if (slash < 0) {
            return gatewayName(host);
        }
        String namespace = host.substring(0, slash);
        Failure failure = emptyParts(namespace, host.substring(slash + 1));
        if (!namespace.equals("*")
                && !namespace.equals(".")
                && !CommonRules.isDnsLabel(namespace)) {
            failure = failure.and(invalidNamespace(namespace, "gateway"));
        }
        return failure.and(gatewayName(host.substring(slash + 1)));
    }

    /** A Sidecar's host: {@code namespace/name}, where a {@code ~} excludes a namespace. */
    static Failure sidecarHost(String host) {
        int slash = host.indexOf('/');
        if (slash < 0) {
            return Failure.of("host must be of form namespace/dnsName");
        }
        String namespace = host.substring(0, slash);
        String name = host.substring(slash + 1);
        Failure failure = emptyParts(namespace, name);
        String included = namespace.startsWith("~") ? namespace.substring(1) : namespace;
        if (!included.isEmpty()
                && !included.equals("*")
                && !included.equals(".")
                && !CommonRules.isDnsLabel(included)) {
            failure = failure.and(invalidNamespace(namespace, "sidecar"));
        }
        Failure domain = wildcard(name);
        return failure.and(shortName(name))
                .and(domain)
                .and(GoAddress.isAddress(name) ? Failure.NONE : domain)
                .and(partialWildcard(name));
    }

    private static Failure gatewayName(String host) {
        return shortName(host)
                .and(GoAddress.isAddress(host) ? Failure.NONE : wildcard(host))
                .and(partialWildcard(host));
    }

    private static Failure shortName(String host) {
        return host.equals("*") || host.contains(".")
                ? Failure.NONE
                : Failure.of("short names (non FQDN) are not allowed");
    }

    private static Failure emptyParts(String namespace, String name) {
        return namespace.isEmpty() || name.isEmpty()
                ? Failure.of("config namespace and dnsName in host entry cannot be empty")
                : Failure.NONE;
    }

    private static Failure invalidNamespace(String namespace, String where) {
        return Failure.of("invalid namespace value " + GoText.quote(namespace) + " in " + where);
    }

    private static Failure length(String domain) {
        if (domain.length() > MAX_LENGTH) {
            return Failure.of("domain name " + GoText.quote(domain) + " too long (max 255)");
        }
        return domain.isEmpty() ? Failure.of("empty domain name not allowed") : Failure.NONE;
    }

    private static Failure labels(String domain) {
        String[] parts = domain.split("\\.", -1);
        String top = parts[parts.length - 1];
        if (INTEGER.matcher(top).matches()) {
            return Failure.of(
                    "domain name "
                            + GoText.quote(domain)
                            + " invalid (top level domain "
                            + GoText.quote(top)
                            + " cannot be all-numeric)");
        }
        for (int i = 0; i < parts.length; i++) {
            if (i == parts.length - 1 && parts[i].isEmpty()) {
                return Failure.NONE;
            }
            if (!CommonRules.isDnsLabel(parts[i])) {
                return invalidLabel(domain, parts[i]);
            }
        }
        return Failure.NONE;
    }

    private static Failure invalidLabel(String domain, String label) {
        return Failure.of(
                "domain name "
                        + GoText.quote(domain)
                        + " invalid (label "
                        + GoText.quote(label)
                        + " invalid)");
    }
}
