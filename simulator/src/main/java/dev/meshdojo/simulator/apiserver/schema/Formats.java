package dev.meshdojo.simulator.apiserver.schema;

import com.google.common.net.InetAddresses;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.regex.Pattern;

/** The string formats that kube-apiserver checks; unknown ones are ignored, as there. */
final class Formats {

    private static final Pattern UUID =
            Pattern.compile(
                    "(?i)^[0-9A-F]{8}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{4}-?[0-9A-F]{12}$");
    private static final Pattern EMAIL = Pattern.compile("^[^@\\s]+@[^@\\s]+$");
    private static final Pattern HOSTNAME =
            Pattern.compile(
                    "^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$");
    private static final Pattern MAC =
            Pattern.compile("(?i)^([0-9a-f]{2}[:-]){5}([0-9a-f]{2}[:-]?){1,3}$");
    private static final Pattern DURATION =
            Pattern.compile(
                    "^-?([0-9]+(\\.[0-9]*)?(ns|us|µs|ms|s|m|h|d|w|hours?|minutes?|seconds?|days?|weeks?)\\s*)+$");

    private Formats() {}

    static boolean fits(String format, String text) {
        return switch (format) {
            case "date-time", "datetime" -> isDateTime(text);
            case "date" -> isDate(text);
            case "byte" -> isBase64(text);
            case "uuid", "uuid3", "uuid4", "uuid5" -> UUID.matcher(text).matches();
            case "email" -> EMAIL.matcher(text).matches();
            case "hostname" -> HOSTNAME.matcher(text).matches();
            case "ipv4" -> InetAddresses.isInetAddress(text) && text.indexOf('.') > 0;
            case "ipv6" -> InetAddresses.isInetAddress(text) && text.indexOf(':') >= 0;
            case "cidr" -> isCidr(text);
            case "mac" -> MAC.matcher(text).matches();
            case "duration" -> text.equals("0") || DURATION.matcher(text).matches();
            case "uri" -> isUri(text);
            default -> true;
        };
    }

    private static boolean isDateTime(String text) {
        try {
            OffsetDateTime.parse(text.replace(' ', 'T'));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isDate(String text) {
        try {
            LocalDate.parse(text);
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isBase64(String text) {
        try {
            Base64.getDecoder().decode(text);
            return !text.isEmpty() && text.length() % 4 == 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isCidr(String text) {
        int slash = text.indexOf('/');
        return slash > 0
                && InetAddresses.isInetAddress(text.substring(0, slash))
                && text.substring(slash + 1).matches("[0-9]{1,3}");
    }

    private static boolean isUri(String text) {
        try {
            return java.net.URI.create(text).isAbsolute() || text.startsWith("/");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
