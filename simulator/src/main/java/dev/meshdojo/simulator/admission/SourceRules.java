package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoAddress;
import dev.meshdojo.simulator.golang.GoText;
import java.util.List;
import java.util.regex.Pattern;

/** Rules for the values of AuthorizationPolicy's fields. Pure. */
final class SourceRules {

    private static final int MAX_ACCOUNTS = 16;
    private static final int MAX_ACCOUNT_LENGTH = 320;
    private static final Pattern LITERAL = Pattern.compile("[a-zA-Z0-9-._~%!$&'()+,;:@=]+");

    private SourceRules() {}

    static Failure addresses(List<String> addresses) {
        Failure failure = Failure.NONE;
        for (String address : addresses) {
            if (address.contains("/")) {
                String error = GoAddress.prefixError(address);
                if (!error.isEmpty()) {
                    failure =
                            failure.and(
                                    Failure.listed("bad CIDR range (" + address + "): " + error));
                }
            } else if (!GoAddress.isAddress(address)) {
                failure = failure.and(Failure.listed("bad IP address (" + address + ")"));
            }
        }
        return failure;
    }

    static Failure ports(List<String> ports) {
        Failure failure = Failure.NONE;
        for (String port : ports) {
            String error = portError(port);
            if (!error.isEmpty()) {
                failure = failure.and(Failure.listed("bad port (" + port + "): " + error));
            }
        }
        return failure;
    }

    private static String portError(String port) {
        String start = "strconv.ParseUint: parsing " + GoText.quote(port) + ": ";
        if (port.isEmpty() || !port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return start + "invalid syntax";
        }
        if (port.length() > 18 || Long.parseLong(port) > 0xffff_ffffL) {
            return start + "value out of range";
        }
        return Long.parseLong(port) > 65535 ? "<nil>" : "";
    }

    static Failure notEmpty(String field, List<String> values) {
        return values.contains("")
                ? Failure.of("empty value not allowed, found in " + field)
                : Failure.NONE;
    }

    static Failure wildcards(String field, List<String> values) {
        Failure empty = notEmpty(field, values);
        if (!empty.isNone()) {
            return empty;
        }
        for (String value : values) {
            long stars = value.chars().filter(c -> c == '*').count();
            String found = ", found in " + field + ": " + GoText.quote(value);
            if (stars > 1) {
                return Failure.of("at most one wildcard is allowed" + found);
            }
            if (stars == 1 && !value.startsWith("*") && !value.endsWith("*")) {
                return Failure.of("wildcard is only allowed at the start or end" + found);
            }
        }
        return Failure.NONE;
    }

    static Failure trustDomains(String field, List<String> values) {
        Failure failure = wildcards(field, values);
        if (!failure.isNone()) {
            return failure;
        }
        for (String value : values) {
            if (value.contains("/")) {
                return Failure.of(
                        "trust domain must not contain '/', found in "
                                + field
                                + ": "
                                + GoText.quote(value));
            }
        }
        return Failure.NONE;
    }

    static Failure serviceAccounts(String field, List<String> values) {
        if (values.size() > MAX_ACCOUNTS) {
            return Failure.of("may not have more than 16 values");
        }
        for (String value : values) {
            if (value.isEmpty()) {
                return Failure.of("empty value not allowed, found in " + field);
            }
            if (value.contains("*")) {
                return Failure.of("wildcard not allowed, found in " + field);
            }
            String format =
                    "expected format 'serviceAccount' or 'namespace/serviceAccount', found ";
            String[] parts = value.split("/", -1);
            if (parts.length > 2) {
                return Failure.of(format + GoText.quote(value) + " in " + field);
            }
            if (value.length() > MAX_ACCOUNT_LENGTH) {
                return Failure.of(
                        "value cannot exceed 320 characters, found "
                                + GoText.quote(value)
                                + " in "
                                + field);
            }
            if (parts.length == 2 && parts[0].isEmpty()) {
                return Failure.of(
                        format + "empty namespace " + GoText.quote(value) + " in " + field);
            }
            if (parts.length == 2 && parts[1].isEmpty()) {
                return Failure.of(
                        format + "empty serviceAccount " + GoText.quote(value) + " in " + field);
            }
        }
        return Failure.NONE;
    }

    static Failure pathTemplates(String field, List<String> paths) {
        for (String written : paths) {
            boolean template = written.contains("{*}") || written.contains("{**}");
            String path = written.replaceAll("^/+|/+$", "");
            String start = "invalid or unsupported path " + path + ", found in " + field + ". ";
            boolean rest = false;
            for (String segment : path.split("/", -1)) {
                boolean operator = segment.equals("{*}") || segment.equals("{**}");
                if (operator && rest) {
                    return Failure.of(start + "{**} is not the last operator");
                }
                if (operator) {
                    rest = segment.equals("{**}");
                    continue;
                }
                if (segment.contains("{") || segment.contains("}")) {
                    return Failure.of(
                            start + "Contains '{' or '}' beyond a supported path template");
                }
                if (template && !LITERAL.matcher(segment).matches()) {
                    return Failure.of(
                            start + "Contains segment " + segment + " with invalid string literal");
                }
            }
        }
        return Failure.NONE;
    }

    /** A condition's values, by its key. */
    static Failure attribute(String key, List<String> values) {
        Failure empty = notEmpty(key, values);
        if (!empty.isNone()) {
            return empty;
        }
        if (key.startsWith("request.headers")
                || key.startsWith("request.auth.claims")
                || key.startsWith("experimental.envoy.filters.")) {
            return mapKey(key);
        }
        if (key.startsWith("destination.labels")) {
            return Failure.of("attribute " + key + " is replaced by the workload selector");
        }
        return switch (key) {
            case "source.ip", "remote.ip", "destination.ip" -> addresses(values);
            case "source.serviceAccount" -> serviceAccounts(key, values);
            case "source.trustDomain" -> wildcards(key, values);
            case "destination.port" -> ports(values);
            case "source.namespace",
                    "source.principal",
                    "request.auth.principal",
                    "request.auth.audiences",
                    "request.auth.presenter",
                    "connection.sni" ->
                    Failure.NONE;
            case "destination.namespace" ->
                    Failure.of("attribute " + key + " is replaced by the metadata.namespace");
            case "destination.name", "destination.user" ->
                    Failure.of("deprecated attribute " + key + ": only supported in v1alpha1");
            default -> Failure.of("unknown attribute: " + key);
        };
    }

    private static Failure mapKey(String key) {
        int open = key.indexOf('[');
        return key.endsWith("]") && open > 0 && open < key.length() - 2
                ? Failure.NONE
                : Failure.of("bad key (" + key + "): should have format a[b]");
    }
}
