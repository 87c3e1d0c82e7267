package dev.meshdojo.gateway.route.match;

import com.google.re2j.Pattern;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.WireText;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.Locale;

/** A compiled {@code envoy.type.matcher.v3.StringMatcher}. */
public sealed interface StringMatch {

    /** Whether {@code value} matches. */
    boolean matches(String value);

    /** What is asked for, in words, such as {@code prefix "/api"}. */
    String describe();

    /**
     * Compiles {@code matcher}.
     *
     * @throws InvalidConfigException when it is unset or its regex does not parse
     */
    static StringMatch compile(StringMatcher matcher) {
        boolean ignoreCase = matcher.getIgnoreCase();
        return switch (matcher.getMatchPatternCase()) {
            case EXACT -> new Exact(WireText.of(matcher.getExact()), ignoreCase);
            case PREFIX -> new Prefix(WireText.of(matcher.getPrefix()), ignoreCase);
            case SUFFIX -> new Suffix(WireText.of(matcher.getSuffix()), ignoreCase);
            case CONTAINS -> new Contains(WireText.of(matcher.getContains()), ignoreCase);
            case SAFE_REGEX -> {
                if (ignoreCase) {
                    throw new InvalidConfigException("ignore_case has no effect for safe_regex.");
                }
                yield new Regex(SafeRegex.compile(matcher.getSafeRegex()));
            }
            case CUSTOM ->
                    throw new InvalidConfigException(
                            "Didn't find a registered implementation for '"
                                    + matcher.getCustom().getName()
                                    + "' with type URL: '"
                                    + matcher.getCustom().getTypedConfig().getTypeUrl()
                                    + "'");
            case MATCHPATTERN_NOT_SET ->
                    throw new InvalidConfigException("Configuration must define a matcher");
        };
    }

    /** Compiles all of {@code matchers}. */
    static List<StringMatch> compileAll(List<StringMatcher> matchers) {
        return matchers.stream().map(StringMatch::compile).toList();
    }

    /** Equal. */
    record Exact(String value, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(String text) {
            return ignoreCase ? value.equalsIgnoreCase(text) : value.equals(text);
        }

        @Override
        public String describe() {
            return "exactly \"" + WireText.shown(value) + "\"" + suffix(ignoreCase);
        }
    }

    /** Starts with. */
    record Prefix(String value, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(String text) {
            return text.regionMatches(ignoreCase, 0, value, 0, value.length());
        }

        @Override
        public String describe() {
            return "prefix \"" + WireText.shown(value) + "\"" + suffix(ignoreCase);
        }
    }

    /** Ends with. */
    record Suffix(String value, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(String text) {
            return text.regionMatches(
                    ignoreCase, text.length() - value.length(), value, 0, value.length());
        }

        @Override
        public String describe() {
            return "suffix \"" + WireText.shown(value) + "\"" + suffix(ignoreCase);
        }
    }

    /** Contains. */
    record Contains(String value, boolean ignoreCase) implements StringMatch {
        @Override
        public boolean matches(String text) {
            return ignoreCase
                    ? text.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT))
                    : text.contains(value);
        }

        @Override
        public String describe() {
            return "containing \"" + WireText.shown(value) + "\"" + suffix(ignoreCase);
        }
    }

    /** RE2, whole string. */
    record Regex(Pattern pattern) implements StringMatch {
        @Override
        public boolean matches(String text) {
            return pattern.matches(text);
        }

        @Override
        public String describe() {
            return "regex " + pattern.pattern();
        }
    }

    private static String suffix(boolean ignoreCase) {
        return ignoreCase ? " in any case" : "";
    }
}
