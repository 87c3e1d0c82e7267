package dev.meshdojo.simulator.golang;

import java.util.regex.Matcher;

/** Go's {@code net/netip}: what counts as an address or prefix, and the error texts. */
public final class GoAddress {

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;
    private static final int IPV6_BYTES = 16;

    private GoAddress() {}

    /** Whether {@code netip.ParseAddr} takes it. */
    public static boolean isAddress(String text) {
        return addressError(text).isEmpty();
    }

    /** The error of {@code netip.ParseAddr}, empty when it is an address. */
    public static String addressError(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '.' -> {
                    return ipv4Error(text);
                }
                case ':' -> {
                    return ipv6Error(text);
                }
                case '%' -> {
                    return error(text, "missing IPv6 address");
                }
                default -> {}
            }
        }
        return error(text, "unable to parse IP");
    }

    /** The error of {@code netip.ParsePrefix}, empty when it is a prefix. */
    public static String prefixError(String text) {
        int slash = text.lastIndexOf('/');
        String start = "netip.ParsePrefix(" + GoText.quote(text) + "): ";
        if (slash < 0) {
            return start + "no '/'";
        }
        String address = text.substring(0, slash);
        String error = addressError(address);
        if (!error.isEmpty()) {
            return start + error;
        }
        if (address.contains("%")) {
            return start + "IPv6 zones cannot be present in a prefix";
        }
        String bits = text.substring(slash + 1);
        if (bits.isEmpty()
                || !bits.chars().allMatch(c -> c >= '0' && c <= '9')
                || (bits.length() > 1 && bits.startsWith("0"))) {
            return start + "bad bits after slash: " + GoText.quote(bits);
        }
        int max = address.contains(":") ? IPV6_BITS : IPV4_BITS;
        if (bits.length() > 3 || Integer.parseInt(bits) > max) {
            return start + "prefix length out of range";
        }
        return "";
    }

    private static String ipv6Error(String text) {
        int percent = text.indexOf('%');
        if (percent == text.length() - 1) {
            return error(text, "zone must be a non-empty string");
        }
        String rest = percent < 0 ? text : text.substring(0, percent);
        int ellipsis = -1;
        if (rest.startsWith("::")) {
            ellipsis = 0;
            rest = rest.substring(2);
            if (rest.isEmpty()) {
                return "";
            }
        }
        int bytes = 0;
        while (bytes < IPV6_BYTES) {
            int digits = 0;
            while (digits < rest.length() && Character.digit(rest.charAt(digits), 16) >= 0) {
                if (++digits > 4) {
                    return error(text, "each group must have 4 or less digits", rest);
                }
            }
            if (digits == 0) {
                return error(text, "each colon-separated field must have at least one digit", rest);
            }
            if (digits < rest.length() && rest.charAt(digits) == '.') {
                return embeddedError(text, rest, bytes, ellipsis);
            }
            bytes += 2;
            rest = rest.substring(digits);
            if (rest.isEmpty()) {
                break;
            }
            if (rest.charAt(0) != ':') {
                return error(text, "unexpected character, want colon", rest);
            }
            if (rest.length() == 1) {
                return error(text, "colon must be followed by more characters", rest);
            }
            rest = rest.substring(1);
            if (rest.charAt(0) == ':') {
                if (ellipsis >= 0) {
                    return error(text, "multiple :: in address", rest);
                }
                ellipsis = bytes;
                rest = rest.substring(1);
                if (rest.isEmpty()) {
                    break;
                }
            }
        }
        if (!rest.isEmpty()) {
            return error(text, "trailing garbage after address", rest);
        }
        return completeError(text, bytes, ellipsis);
    }

    private static String embeddedError(String text, String rest, int bytes, int ellipsis) {
        if (ellipsis < 0 && bytes != IPV6_BYTES - 4) {
            return error(
                    text,
                    "embedded IPv4 address must replace the final 2 fields of the address",
                    rest);
        }
        if (bytes + 4 > IPV6_BYTES) {
            return error(
                    text,
                    "too many hex fields to fit an embedded IPv4 at the end of the address",
                    rest);
        }
        String problem = ipv4Error(rest);
        return problem.isEmpty()
                ? completeError(text, bytes + 4, ellipsis)
                : problem.replaceFirst(
                        "^ParseAddr\\(.*?\"\\): ", Matcher.quoteReplacement(error(text, "")));
    }

    private static String completeError(String text, int bytes, int ellipsis) {
        if (bytes < IPV6_BYTES) {
            return ellipsis < 0 ? error(text, "address string too short") : "";
        }
        return ellipsis < 0 ? "" : error(text, "the :: must expand to at least one field of zeros");
    }

    private static String ipv4Error(String text) {
        int fields = 0;
        int value = 0;
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (digits == 1 && value == 0) {
                    return error(text, "IPv4 field has octet with leading zero");
                }
                value = value * 10 + (c - '0');
                digits++;
                if (value > 255) {
                    return error(text, "IPv4 field has value >255");
                }
            } else if (c == '.') {
                if (i == 0 || i == text.length() - 1 || text.charAt(i - 1) == '.') {
                    return error(text, "IPv4 field must have at least one digit", i);
                }
                if (fields == 3) {
                    return error(text, "IPv4 address too long");
                }
                fields++;
                value = 0;
                digits = 0;
            } else {
                return error(text, "unexpected character", i);
            }
        }
        return fields < 3 ? error(text, "IPv4 address too short") : "";
    }

    private static String error(String text, String message) {
        return "ParseAddr(" + GoText.quote(text) + "): " + message;
    }

    private static String error(String text, String message, int at) {
        return error(text, message, text.substring(at));
    }

    private static String error(String text, String message, String at) {
        return error(text, message) + " (at " + GoText.quote(at) + ")";
    }
}
