package dev.meshdojo.simulator.admission;

import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules for header names, values and operations. Pure. */
public final class HeaderRules {

    private static final Pattern NAME = Pattern.compile("[!#$%&'*+\\-.^_`|~A-Za-z0-9]+");
    private static final Pattern STRICT_NAME = Pattern.compile("[-_A-Za-z0-9]+");
    private static final Pattern PROBE_NAME = Pattern.compile("[-A-Za-z0-9]+");
    private static final Pattern VALUE =
            Pattern.compile("[^\\x00-\\x08\\x0A-\\x1F\\x7F]*", Pattern.DOTALL);
    private static final Set<String> PSEUDO_HEADERS =
            Set.of(":method", ":scheme", ":authority", ":path", ":status");
    private static final String CLAIM = "@request.auth.claims";

    private HeaderRules() {}

    /** Whether a match key names a JWT claim instead of a header. */
    public static boolean isClaim(String name) {
        if (!name.toLowerCase(Locale.ROOT).startsWith(CLAIM)) {
            return false;
        }
        String path = name.substring(CLAIM.length());
        return (path.startsWith(".") && path.length() > 1)
                || (path.startsWith("[") && path.endsWith("]") && path.length() > 2);
    }

    static boolean isAuthority(String name) {
        return name.equalsIgnoreCase(":authority") || name.equalsIgnoreCase("host");
    }

    static Failure matchName(String name) {
        return isClaim(name) || PSEUDO_HEADERS.contains(name) ? Failure.NONE : checked(name, NAME);
    }

    static Failure corsName(String name) {
        return name.equals("*") ? Failure.NONE : checked(name, NAME);
    }

    static Failure strictName(String name) {
        return checked(name, STRICT_NAME);
    }

    static Failure probeName(String name) {
        return checked(name, PROBE_NAME);
    }

    private static Failure checked(String name, Pattern pattern) {
        if (name.isEmpty()) {
            return Failure.of("header name cannot be empty");
        }
        return pattern.matcher(name).matches()
                ? Failure.NONE
                : Failure.of("header name " + name + " is not a valid header name");
    }

    /** {@code headers.request} and {@code headers.response} of a rule or destination. */
    static Failure operations(Spec headers) {
        Failure failure = Failure.NONE;
        Spec request = headers.get("request");
        for (String field : new String[] {"add", "set"}) {
            for (var header : request.textMap(field).entrySet()) {
                failure = failure.and(requestName(header.getKey())).and(value(header.getValue()));
            }
        }
        for (String name : request.texts("remove")) {
            failure = failure.and(operationName(name));
        }
        Spec response = headers.get("response");
        for (String field : new String[] {"add", "set"}) {
            for (var header : response.textMap(field).entrySet()) {
                failure = failure.and(operationName(header.getKey())).and(value(header.getValue()));
            }
        }
        for (String name : response.texts("remove")) {
            failure = failure.and(operationName(name));
        }
        return failure;
    }

    /** The authority can be set in three ways, but only by one of them. */
    static Failure authority(Spec rewrite, Spec headers) {
        String current = rewrite.text("authority");
        Spec request = headers.get("request");
        for (String field : new String[] {"set", "add"}) {
            for (var header : request.textMap(field).entrySet()) {
                if (!isAuthority(header.getKey())) {
                    continue;
                }
                if (!current.isEmpty()) {
                    return Failure.of(
                            "authority header cannot be set multiple times: have "
                                    + GoText.quote(current)
                                    + ", attempting to set "
                                    + GoText.quote(header.getValue()));
                }
                current = header.getValue();
            }
        }
        return Failure.NONE;
    }

    private static Failure requestName(String name) {
        if (name.isEmpty()) {
            return Failure.of("header name cannot be empty");
        }
        return name.startsWith(":") && !isAuthority(name) ? colon(name) : Failure.NONE;
    }

    private static Failure operationName(String name) {
        if (name.isEmpty()) {
            return Failure.of("header name cannot be empty");
        }
        if (name.equalsIgnoreCase("host")) {
            return Failure.of("invalid header " + GoText.quote(name) + ": cannot set Host header");
        }
        return name.startsWith(":") ? colon(name) : Failure.NONE;
    }

    private static Failure colon(String name) {
        return Failure.of(
                "invalid header " + GoText.quote(name) + ": header cannot have \":\" prefix");
    }

    private static Failure value(String value) {
        if (!VALUE.matcher(value).matches()) {
            return Failure.of("header value configuration " + value + " is invalid");
        }
        String error = HeaderFormat.error(value);
        return error.isEmpty()
                ? Failure.NONE
                : Failure.of("header value configuration: invalid header configuration. " + error);
    }
}
