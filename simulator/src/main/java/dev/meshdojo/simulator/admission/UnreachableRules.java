package dev.meshdojo.simulator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.golang.GoText;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Warns of rules and matches that no request can reach. Pure. */
final class UnreachableRules {

    private UnreachableRules() {}

    static void http(List<Spec> routes, Review review) {
        List<Prefix> prefixes = new ArrayList<>();
        walk(
                routes,
                review,
                (rule, match, index) -> {
                    String prefix = match.get("uri").text("prefix");
                    if (!prefix.isEmpty()) {
                        prefixes.add(Prefix.of(rule, name(match, index), match, prefix));
                    }
                });
        for (int i = 0; i < prefixes.size(); i++) {
            Prefix earlier = prefixes.get(i);
            for (int j = i + 1; j < prefixes.size(); j++) {
                Prefix later = prefixes.get(j);
                if (!later.prefix.equals(earlier.prefix) && earlier.covers(later)) {
                    ineffective(
                            review,
                            later.rule,
                            later.match + " of prefix " + later.prefix,
                            earlier.match + " of prefix " + earlier.prefix + " on " + earlier.rule);
                }
            }
        }
    }

    static void layer4(List<Spec> routes, Review review) {
        walk(routes, review, (rule, match, index) -> {});
    }

    private interface MatchVisitor {
        void reachable(String rule, Spec match, int index);
    }

    private static void walk(List<Spec> routes, Review review, MatchVisitor visitor) {
        Map<JsonNode, String> seen = new HashMap<>();
        boolean catchAll = false;
        for (int r = 0; r < routes.size(); r++) {
            Spec route = routes.get(r);
            String rule = name(route, r);
            List<Spec> matches = route.list("match");
            if (matches.isEmpty()) {
                if (catchAll) {
                    unused(review, rule, "only the last rule can have no matches");
                }
                catchAll = true;
                continue;
            }
            int duplicates = 0;
            for (int m = 0; m < matches.size(); m++) {
                if (catchAll) {
                    unused(review, rule, "route without matches defined before");
                    continue;
                }
                Spec match = matches.get(m);
                String earlier = seen.putIfAbsent(nameless(match.node()), rule);
                if (earlier != null) {
                    ineffective(review, rule, name(match, m), earlier);
                    duplicates++;
                } else {
                    visitor.reachable(rule, match, m);
                }
            }
            if (duplicates == matches.size()) {
                unused(review, rule, "all matches used by prior rules");
            }
        }
    }

    private static JsonNode nameless(JsonNode match) {
        if (!match.has("name")) {
            return match;
        }
        ObjectNode copy = match.deepCopy();
        copy.remove("name");
        return copy;
    }

    private static String name(Spec named, int index) {
        String name = named.text("name");
        return name.isEmpty() ? "#" + index : GoText.quote(name);
    }

    private static void unused(Review review, String rule, String reason) {
        review.warn("virtualService rule " + rule + " not used (" + reason + ")");
    }

    private static void ineffective(Review review, String rule, String match, String by) {
        review.warn(
                "virtualService rule "
                        + rule
                        + " match "
                        + match
                        + " is not used (duplicate/overlapping match in rule "
                        + by
                        + ")");
    }

    /** A match by path prefix, with its other conditions as {@code exact:…} or {@code prefix:…}. */
    private record Prefix(
            String rule,
            String match,
            String prefix,
            long port,
            String method,
            String authority,
            Map<String, String> headers,
            Map<String, String> parameters,
            Map<String, String> withoutHeaders) {

        static Prefix of(String rule, String name, Spec match, String prefix) {
            String method = condition(match.get("method"));
            return new Prefix(
                    rule,
                    name,
                    prefix,
                    match.number("port"),
                    method.isEmpty() ? "exact:GET" : method,
                    condition(match.get("authority")),
                    conditions(match.map("headers")),
                    conditions(match.map("queryParams")),
                    conditions(match.map("withoutHeaders")));
        }

        boolean covers(Prefix later) {
            return later.prefix.startsWith(prefix)
                    && port == later.port
                    && method.startsWith(later.method)
                    && authority.startsWith(later.authority)
                    && covers(headers, later.headers)
                    && covers(parameters, later.parameters)
                    && covers(withoutHeaders, later.withoutHeaders);
        }

        private static boolean covers(Map<String, String> mine, Map<String, String> later) {
            return mine.size() == later.size()
                    && mine.entrySet().stream()
                            .allMatch(
                                    entry ->
                                            later.containsKey(entry.getKey())
                                                    && entry.getValue()
                                                            .startsWith(later.get(entry.getKey())));
        }

        private static Map<String, String> conditions(Map<String, Spec> matches) {
            Map<String, String> conditions = new TreeMap<>();
            matches.forEach((key, match) -> conditions.put(key, condition(match)));
            return conditions;
        }

        private static String condition(Spec match) {
            if (!match.text("exact").isEmpty()) {
                return "exact:" + match.text("exact");
            }
            return match.text("prefix").isEmpty() ? "" : "prefix:" + match.text("prefix");
        }
    }
}
