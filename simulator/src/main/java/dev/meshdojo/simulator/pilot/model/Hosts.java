package dev.meshdojo.simulator.pilot.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Istio's arithmetic on host names, where a leading {@code *} stands for any text. All comparisons
 * are of the text as written, letter case included.
 */
public final class Hosts {

    /** No wildcard before wildcard, longer before shorter, then alphabetical. */
    public static final Comparator<String> MOST_SPECIFIC_FIRST =
            Comparator.comparing((String host) -> wildcard(host))
                    .thenComparing(Comparator.comparingInt(String::length).reversed())
                    .thenComparing(Comparator.naturalOrder());

    private Hosts() {}

    /** Whether the name starts with a wildcard. */
    public static boolean wildcard(String host) {
        return host.startsWith("*");
    }

    /** Whether some name fits both patterns. */
    public static boolean overlap(String a, String b) {
        if (wildcard(a)) {
            if (wildcard(b)) {
                return a.length() < b.length()
                        ? b.substring(1).endsWith(a.substring(1))
                        : a.substring(1).endsWith(b.substring(1));
            }
            return b.endsWith(a.substring(1));
        }
        return wildcard(b) ? a.endsWith(b.substring(1)) : a.equals(b);
    }

    /** Whether every name that fits {@code inner} fits {@code outer}. */
    public static boolean subset(String inner, String outer) {
        if (wildcard(inner)) {
            return wildcard(outer)
                    && inner.length() >= outer.length()
                    && inner.substring(1).endsWith(outer.substring(1));
        }
        return wildcard(outer) ? inner.endsWith(outer.substring(1)) : inner.equals(outer);
    }

    /** The narrower one of each pair where one holds the other, without repeats. */
    public static List<String> intersection(List<String> a, List<String> b) {
        Set<String> out = new LinkedHashSet<>();
        for (String left : a) {
            for (String right : b) {
                if (subset(left, right)) {
                    out.add(left);
                } else if (subset(right, left)) {
                    out.add(right);
                }
            }
        }
        return List.copyOf(out);
    }

    /** A server's hosts that admit objects of {@code namespace}, without the namespace part. */
    public static List<String> forNamespace(List<String> hosts, String namespace) {
        List<String> out = new ArrayList<>(hosts.size());
        for (String host : hosts) {
            int slash = host.indexOf('/');
            if (slash < 0) {
                out.add(host);
            } else if (host.substring(0, slash).equals(namespace)) {
                out.add(host.substring(slash + 1));
            }
        }
        return out;
    }

    /** Completes a name without dots with the namespace and the cluster's domain. */
    public static String resolve(String host, String namespace, String domain) {
        if (host.isEmpty() || host.equals("*") || host.contains(".") || host.contains(":")) {
            return host;
        }
        return host + "." + namespace + ".svc." + domain;
    }

    /** The value under the exact name, else under the most specific wildcard that fits. */
    public static <V> @Nullable V mostSpecific(
            String host, Map<String, V> exact, Map<String, V> wildcards) {
        V hit = wildcard(host) ? wildcards.get(host) : exact.get(host);
        if (hit != null) {
            return hit;
        }
        String needle = wildcard(host) ? host.substring(1) : host;
        String best = null;
        for (String candidate : wildcards.keySet()) {
            if (needle.endsWith(candidate.substring(1))
                    && (best == null || MOST_SPECIFIC_FIRST.compare(candidate, best) < 0)) {
                best = candidate;
            }
        }
        return best == null ? null : wildcards.get(best);
    }
}
