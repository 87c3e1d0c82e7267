package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.PathMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds, without looking at all routes of a virtual host, those whose path may match. Exact paths
 * are hashed; prefixes are a sorted array in which each knows its longest proper prefix; all other
 * routes are always candidates. Order among candidates stays that of the table.
 */
final class RouteIndex {

    private static final int WORTH_INDEXING = 8;
    private static final int[] NO_ROUTES = {};

    private final List<Route> routes;
    private final boolean indexed;
    private final Map<String, int[]> exact = new HashMap<>();
    private final String[] prefixes;
    private final int[] parents;
    private final int[][] prefixRoutes;
    private final int[] others;

    RouteIndex(List<Route> routes) {
        this.routes = List.copyOf(routes);
        indexed = routes.size() >= WORTH_INDEXING;
        Map<String, List<Integer>> byExact = new HashMap<>();
        Map<String, List<Integer>> byPrefix = new HashMap<>();
        List<Integer> rest = new ArrayList<>();
        for (int i = 0; indexed && i < routes.size(); i++) {
            PathMatch path = routes.get(i).path();
            String prefix = path.indexedPrefix();
            if (path instanceof PathMatch.Exact(String value, boolean sensitive) && sensitive) {
                byExact.computeIfAbsent(value, key -> new ArrayList<>()).add(i);
            } else if (prefix != null) {
                byPrefix.computeIfAbsent(prefix, key -> new ArrayList<>()).add(i);
            } else {
                rest.add(i);
            }
        }
        byExact.forEach((value, list) -> exact.put(value, ints(list)));
        prefixes = byPrefix.keySet().stream().sorted().toArray(String[]::new);
        parents = parents(prefixes);
        prefixRoutes = new int[prefixes.length][];
        for (int i = 0; i < prefixes.length; i++) {
            prefixRoutes[i] = ints(byPrefix.getOrDefault(prefixes[i], List.of()));
        }
        others = ints(rest);
    }

    private static int[] parents(String[] sorted) {
        int[] parents = new int[sorted.length];
        for (int i = 0; i < sorted.length; i++) {
            int candidate = i - 1;
            while (candidate >= 0 && !sorted[i].startsWith(sorted[candidate])) {
                candidate = parents[candidate];
            }
            parents[i] = candidate;
        }
        return parents;
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }

    /** The first route in table order that matches, or null. */
    @Nullable Route find(MatchInput input) {
        if (!indexed) {
            for (Route route : routes) {
                if (route.matches(input)) {
                    return route;
                }
            }
            return null;
        }
        int best = first(others, input, Integer.MAX_VALUE);
        best = first(exact.getOrDefault(input.path(), NO_ROUTES), input, best);
        for (int p = longestPrefix(input.path()); p >= 0; p = parents[p]) {
            best = first(prefixRoutes[p], input, best);
        }
        return best == Integer.MAX_VALUE ? null : routes.get(best);
    }

    private int first(int[] candidates, MatchInput input, int limit) {
        for (int candidate : candidates) {
            if (candidate >= limit) {
                return limit;
            }
            if (routes.get(candidate).matches(input)) {
                return candidate;
            }
        }
        return limit;
    }

    private int longestPrefix(String path) {
        int found = Arrays.binarySearch(prefixes, path);
        int candidate = found >= 0 ? found : -found - 2;
        while (candidate >= 0 && !path.startsWith(prefixes[candidate])) {
            candidate = parents[candidate];
        }
        return candidate;
    }
}
