package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.stream.InvalidConfigException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the virtual host: exact domain, then the longest {@code *suffix}, then the longest {@code
 * prefix*}, then {@code *}. Letter case does not count. A wildcard stands for one character or
 * more. Frozen once the table is compiled.
 */
final class HostIndex {

    private final Map<String, VirtualHost> exact;
    private final Map<Integer, Map<String, VirtualHost>> suffixes =
            new TreeMap<>((a, b) -> Integer.compare(b, a));
    private final Map<Integer, Map<String, VirtualHost>> prefixes =
            new TreeMap<>((a, b) -> Integer.compare(b, a));
    private @Nullable VirtualHost any;

    /**
     * @param size about how many domains will be added
     */
    HostIndex(int size) {
        exact = HashMap.newHashMap(size);
    }

    void add(String table, String configured, VirtualHost host) {
        String domain = configured.toLowerCase(Locale.ROOT);
        boolean fresh;
        if (domain.equals("*")) {
            if (any != null) {
                throw new InvalidConfigException(
                        "Only a single wildcard domain is permitted in route " + table);
            }
            any = host;
            return;
        }
        if (domain.startsWith("*")) {
            fresh = put(suffixes, domain.substring(1), host);
        } else if (domain.endsWith("*")) {
            fresh = put(prefixes, domain.substring(0, domain.length() - 1), host);
        } else {
            fresh = exact.putIfAbsent(domain, host) == null;
        }
        if (!fresh) {
            throw new InvalidConfigException(
                    "Only unique values for domains are permitted. Duplicate entry of domain "
                            + domain
                            + " in route "
                            + table);
        }
    }

    private static boolean put(
            Map<Integer, Map<String, VirtualHost>> byLength, String text, VirtualHost host) {
        return byLength.computeIfAbsent(text.length(), key -> new HashMap<>())
                        .putIfAbsent(text, host)
                == null;
    }

    /** The virtual host of {@code host}, which is lower-case; null when none takes it. */
    @Nullable VirtualHost find(String host) {
        VirtualHost found = exact.get(host);
        if (found != null) {
            return found;
        }
        for (var entry : suffixes.entrySet()) {
            int length = entry.getKey();
            if (length < host.length()) {
                found = entry.getValue().get(host.substring(host.length() - length));
                if (found != null) {
                    return found;
                }
            }
        }
        for (var entry : prefixes.entrySet()) {
            int length = entry.getKey();
            if (length < host.length()) {
                found = entry.getValue().get(host.substring(0, length));
                if (found != null) {
                    return found;
                }
            }
        }
        return any;
    }
}
