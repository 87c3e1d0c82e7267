package dev.meshdojo.simulator.admission.go;

import com.google.common.net.InetAddresses;

/** Go's {@code net/netip}: what counts as an address or prefix, and the error texts. */
public final class GoAddress {

    private static final int IPV4_BITS = 32;
    private static final int IPV6_BITS = 128;

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
                    return InetAddresses.isInetAddress(text)
                            ? ""
                            : error(text, "unable to parse IP");
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
        return error(text, message) + " (at " + GoText.quote(text.substring(at)) + ")";
    }
}
