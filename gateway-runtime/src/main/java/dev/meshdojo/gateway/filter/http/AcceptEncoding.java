package dev.meshdojo.gateway.filter.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code accept-encoding}. Source: RFC 9110 section 12.5.3. */
final class AcceptEncoding {

    private AcceptEncoding() {}

    /**
     * Whether gzip is wanted: named or meant by {@code *}, and not preferred less than identity.
     */
    static boolean gzip(@Nullable String header) {
        if (header == null) {
            return false;
        }
        double gzip = -1;
        double any = -1;
        double identity = -1;
        for (String part : header.split(",", -1)) {
            String[] pieces = part.strip().split(";", 2);
            double quality = pieces.length < 2 ? 1 : quality(pieces[1].strip());
            switch (pieces[0].strip().toLowerCase(Locale.ROOT)) {
                case "gzip" -> gzip = quality;
                case "*" -> any = quality;
                case "identity" -> identity = quality;
                default -> {}
            }
        }
        double chosen = gzip >= 0 ? gzip : any;
        return chosen > 0 && chosen >= identity;
    }

    private static double quality(String parameter) {
        try {
            return parameter.startsWith("q=") ? Double.parseDouble(parameter.substring(2)) : 1;
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
