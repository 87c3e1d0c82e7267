package dev.meshdojo.gateway.route.match;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.WireText;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** RE2 expressions, compiled once; they match whole strings. */
public final class SafeRegex {

    private static final Map<String, String> ERRORS =
            Map.ofEntries(
                    Map.entry(
                            "missing argument to repetition operator",
                            "no argument for repetition operator"),
                    Map.entry("invalid escape sequence", "invalid escape sequence"),
                    Map.entry("invalid character class", "invalid character class"),
                    Map.entry("invalid character class range", "invalid character class range"),
                    Map.entry("missing closing ]", "missing ]"),
                    Map.entry("missing closing )", "missing )"),
                    Map.entry("unexpected )", "unexpected )"),
                    Map.entry("trailing backslash at end of expression", "trailing \\"),
                    Map.entry("invalid nested repetition operator", "bad repetition operator"),
                    Map.entry("invalid repeat count", "invalid repetition size"),
                    Map.entry("invalid or unsupported Perl syntax", "invalid perl operator"),
                    Map.entry("invalid named capture", "invalid named capture group"));

    private SafeRegex() {}

    /**
     * The pattern of {@code matcher}.
     *
     * @throws InvalidConfigException with RE2's own text when it does not parse
     */
    public static Pattern compile(RegexMatcher matcher) {
        return compile(matcher.getRegex());
    }

    /** The pattern of {@code regex}; throws as {@link #compile(RegexMatcher)} does. */
    public static Pattern compile(String regex) {
        if (regex.isEmpty()) {
            throw new InvalidConfigException(
                    "Proto constraint validation failed (RegexMatcherValidationError.Regex: value"
                            + " length must be at least 1 characters)");
        }
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new InvalidConfigException(
                    ERRORS.getOrDefault(e.getDescription(), e.getDescription())
                            + ": "
                            + e.getPattern());
        }
    }

    /** A global replacement whose text has {@code \1}-style references. */
    public static Substitution compile(RegexMatchAndSubstitute rewrite) {
        Pattern pattern = compile(rewrite.getPattern());
        if (highestReference(rewrite.getSubstitution()) > pattern.groupCount()) {
            return new Substitution(pattern, null); // RE2 replaces nothing then.
        }
        return new Substitution(pattern, javaReplacement(WireText.of(rewrite.getSubstitution())));
    }

    private static int highestReference(String substitution) {
        int highest = 0;
        for (int i = 0; i + 1 < substitution.length(); i++) {
            if (substitution.charAt(i) == '\\') {
                highest = Math.max(highest, Character.digit(substitution.charAt(++i), 10));
            }
        }
        return highest;
    }

    /** RE2's {@code \1} and {@code \\} in the notation of RE2/J. */
    private static String javaReplacement(String substitution) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < substitution.length(); i++) {
            char c = substitution.charAt(i);
            if (c == '\\' && i + 1 < substitution.length()) {
                char next = substitution.charAt(++i);
                text.append(Character.isDigit(next) ? "$" + next : "\\" + next);
            } else {
                text.append(c == '$' || c == '\\' ? "\\" + c : String.valueOf(c));
            }
        }
        return text.toString();
    }

    /**
     * A compiled search and replacement.
     *
     * @param pattern what to look for, anywhere
     * @param replacement in RE2/J's notation; null when it names a group that is not there
     */
    public record Substitution(Pattern pattern, @Nullable String replacement) {

        /** {@code text} with every hit replaced; as it is when there is no valid replacement. */
        public String apply(String text) {
            if (replacement == null) {
                return text;
            }
            return pattern.matcher(text).replaceAll(replacement);
        }
    }
}
