package dev.meshdojo.gateway.route;

import dev.meshdojo.gateway.route.match.PathMatch;
import dev.meshdojo.gateway.route.match.SafeRegex;
import dev.meshdojo.gateway.route.match.UriTemplate;

/** A rewrite of the path; the query stays. */
public sealed interface PathRewrite {

    /** The path and query that go upstream in place of {@code pathAndQuery}. */
    String apply(String pathAndQuery);

    /**
     * Replaces what the route matched: the prefix text, or the whole path for other matches.
     *
     * @param match the route's path match
     * @param replacement put in its place as it is
     */
    record Prefix(PathMatch match, String replacement) implements PathRewrite {
        @Override
        public String apply(String pathAndQuery) {
            String path = withoutQuery(pathAndQuery);
            int matched = Math.min(match.matchedLength(path), path.length());
            return replacement + pathAndQuery.substring(matched);
        }
    }

    /** Replaces every hit of an expression in the path. */
    record Regex(SafeRegex.Substitution substitution) implements PathRewrite {
        @Override
        public String apply(String pathAndQuery) {
            String path = withoutQuery(pathAndQuery);
            return substitution.apply(path) + pathAndQuery.substring(path.length());
        }
    }

    /** Builds the path from what a URI template's names matched. */
    record Template(UriTemplate template, String replacement) implements PathRewrite {
        @Override
        public String apply(String pathAndQuery) {
            String path = withoutQuery(pathAndQuery);
            return template.rewrite(path, replacement) + pathAndQuery.substring(path.length());
        }
    }

    private static String withoutQuery(String pathAndQuery) {
        int query = pathAndQuery.indexOf('?');
        return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
    }
}
