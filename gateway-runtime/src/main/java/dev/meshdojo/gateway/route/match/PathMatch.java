package dev.meshdojo.gateway.route.match;

import com.google.re2j.Pattern;
import org.jspecify.annotations.Nullable;

/** A compiled path specifier; tested against the path without its query. */
public sealed interface PathMatch {

    /** Whether {@code path} (no query, no fragment) matches. */
    boolean matches(String path);

    /** The condition in words. */
    String describe();

    /** How many characters of a matching {@code path} a prefix rewrite replaces. */
    int matchedLength(String path);

    /** A textual prefix. */
    record Prefix(String value, boolean caseSensitive) implements PathMatch {
        @Override
        public boolean matches(String path) {
            return path.regionMatches(!caseSensitive, 0, value, 0, value.length());
        }

        @Override
        public String describe() {
            return "path prefix \"" + value + "\"" + insensitive(caseSensitive);
        }

        @Override
        public int matchedLength(String path) {
            return value.length();
        }
    }

    /** The whole path. */
    record Exact(String value, boolean caseSensitive) implements PathMatch {
        @Override
        public boolean matches(String path) {
            return caseSensitive ? value.equals(path) : value.equalsIgnoreCase(path);
        }

        @Override
        public String describe() {
            return "path exactly \"" + value + "\"" + insensitive(caseSensitive);
        }

        @Override
        public int matchedLength(String path) {
            return path.length();
        }
    }

    /** A prefix that ends at a path segment's end. */
    record SeparatedPrefix(String value, boolean caseSensitive) implements PathMatch {
        @Override
        public boolean matches(String path) {
            return path.regionMatches(!caseSensitive, 0, value, 0, value.length())
                    && (path.length() == value.length() || path.charAt(value.length()) == '/');
        }

        @Override
        public String describe() {
            return "path segments \"" + value + "\"" + insensitive(caseSensitive);
        }

        @Override
        public int matchedLength(String path) {
            return value.length();
        }
    }

    /** RE2, whole path. */
    record Regex(Pattern pattern) implements PathMatch {
        @Override
        public boolean matches(String path) {
            return pattern.matches(path);
        }

        @Override
        public String describe() {
            return "path regex " + pattern.pattern();
        }

        @Override
        public int matchedLength(String path) {
            return path.length();
        }
    }

    /** A URI template with {@code *} and {@code **}. */
    record Template(UriTemplate template) implements PathMatch {
        @Override
        public boolean matches(String path) {
            return template.matches(path);
        }

        @Override
        public String describe() {
            return "path template \"" + template.source() + "\"";
        }

        @Override
        public int matchedLength(String path) {
            return path.length();
        }
    }

    /** CONNECT requests only. The route's method test does the work: see the table compiler. */
    record Connect() implements PathMatch {
        @Override
        public boolean matches(String path) {
            return true;
        }

        @Override
        public String describe() {
            return "a CONNECT request";
        }

        @Override
        public int matchedLength(String path) {
            return 0;
        }
    }

    /** The text of a case-sensitive prefix-like match, for an index; null for all others. */
    default @Nullable String indexedPrefix() {
        return switch (this) {
            case Prefix(String value, boolean sensitive) when sensitive -> value;
            case SeparatedPrefix(String value, boolean sensitive) when sensitive -> value;
            case Prefix prefix -> null;
            case SeparatedPrefix prefix -> null;
            case Exact exact -> null;
            case Regex regex -> null;
            case Template template -> null;
            case Connect connect -> null;
        };
    }

    private static String insensitive(boolean caseSensitive) {
        return caseSensitive ? "" : " in any case";
    }
}
