package dev.meshdojo.simulator.conformance;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares texts with recorded ones, where {@code <uuid>} and its like stand for any value of their
 * kind.
 */
final class Placeholders {

    private static final Pattern ANY = Pattern.compile("<([a-z]+|\\d+ bytes|tls client hello)>");
    private static final Map<String, String> KINDS =
            Map.of(
                    "uuid", "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                    "ms", "\\d+",
                    "hash", "[0-9a-f]+",
                    "date", "[A-Z][a-z]{2}, \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT",
                    "any", "(?s:.*)",
                    "same", "(?s:.*)",
                    "namespace", "[a-z0-9.-]*",
                    "name", "[a-z0-9.-]*",
                    "tls client hello", "(?s)\\x16\\x03.*");

    private final Map<String, String> addresses = new HashMap<>();
    private final Map<String, Pattern> compiled = new HashMap<>();

    Placeholders(String client, String gateway) {
        addresses.put("client", client);
        addresses.put("gateway", gateway);
    }

    /** Whether a seen text is what was recorded. */
    boolean matches(String recorded, String seen) {
        if (recorded.equals(seen)) {
            return true;
        }
        return recorded.indexOf('<') >= 0
                && compiled.computeIfAbsent(recorded, this::compile).matcher(seen).matches();
    }

    private Pattern compile(String recorded) {
        StringBuilder out = new StringBuilder();
        Matcher placeholder = ANY.matcher(recorded);
        int end = 0;
        while (placeholder.find()) {
            out.append(Pattern.quote(recorded.substring(end, placeholder.start())));
            out.append(pattern(placeholder.group(), placeholder.group(1)));
            end = placeholder.end();
        }
        out.append(Pattern.quote(recorded.substring(end)));
        return Pattern.compile(out.toString(), Pattern.DOTALL);
    }

    private String pattern(String whole, String name) {
        String address = addresses.get(name);
        if (address != null) {
            return Pattern.quote(address);
        }
        if (name.endsWith(" bytes")) {
            return ".{" + name.substring(0, name.indexOf(' ')) + "}";
        }
        String kind = KINDS.get(name);
        return kind == null ? Pattern.quote(whole) : kind;
    }
}
