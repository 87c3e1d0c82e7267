package dev.meshdojo.gateway.route.match;

import dev.meshdojo.gateway.stream.HeaderMap;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import dev.meshdojo.gateway.stream.RequestHead;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A compiled {@code envoy.config.route.v3.HeaderMatcher}.
 *
 * <p>Each line of the name is compared by itself and one hit suffices. A missing header fails every
 * test of a value, inverted ones too, unless missing counts as empty. Pseudo-headers and {@code
 * host} are headers here.
 */
public final class HeaderMatch {

    /** A test of one value. */
    private sealed interface Test {
        record Presence(boolean present) implements Test {}

        record Value(StringMatch match) implements Test {}

        record Range(long start, long end) implements Test {}
    }

    private final String name;
    private final Test test;
    private final boolean invert;
    private final boolean missingIsEmpty;

    private HeaderMatch(String name, Test test, boolean invert, boolean missingIsEmpty) {
        this.name = name;
        this.test = test;
        this.invert = invert;
        this.missingIsEmpty = missingIsEmpty;
    }

    /**
     * Compiles {@code matcher}; without a specifier it asks for presence.
     *
     * @throws InvalidConfigException when it is invalid
     */
    @SuppressWarnings("deprecation") // Older control planes still send the one-value forms.
    public static HeaderMatch compile(HeaderMatcher matcher) {
        Test test =
                switch (matcher.getHeaderMatchSpecifierCase()) {
                    case EXACT_MATCH ->
                            value(new StringMatch.Exact(matcher.getExactMatch(), false));
                    case PREFIX_MATCH ->
                            value(new StringMatch.Prefix(matcher.getPrefixMatch(), false));
                    case SUFFIX_MATCH ->
                            value(new StringMatch.Suffix(matcher.getSuffixMatch(), false));
                    case CONTAINS_MATCH ->
                            value(new StringMatch.Contains(matcher.getContainsMatch(), false));
                    case SAFE_REGEX_MATCH ->
                            value(
                                    new StringMatch.Regex(
                                            SafeRegex.compile(matcher.getSafeRegexMatch())));
                    case STRING_MATCH -> value(StringMatch.compile(matcher.getStringMatch()));
                    case RANGE_MATCH ->
                            new Test.Range(
                                    matcher.getRangeMatch().getStart(),
                                    matcher.getRangeMatch().getEnd());
                    case PRESENT_MATCH -> new Test.Presence(matcher.getPresentMatch());
                    case HEADERMATCHSPECIFIER_NOT_SET -> new Test.Presence(true);
                };
        return new HeaderMatch(
                matcher.getName().toLowerCase(Locale.ROOT),
                test,
                matcher.getInvertMatch(),
                matcher.getTreatMissingHeaderAsEmpty());
    }

    private static Test value(StringMatch match) {
        return new Test.Value(match);
    }

    /** Compiles all of {@code matchers}. */
    public static List<HeaderMatch> compileAll(List<HeaderMatcher> matchers) {
        return matchers.stream().map(HeaderMatch::compile).toList();
    }

    /** Whether the request satisfies this. */
    public boolean matches(RequestHead request) {
        String pseudo = request.pseudo(name);
        return pseudo != null ? holds(pseudo) : matches(request.headers());
    }

    /** Whether these lines satisfy this; used for responses. */
    public boolean matches(HeaderMap headers) {
        boolean found = false;
        for (int i = 0, n = headers.size(); i < n; i++) {
            if (headers.name(i).equals(name)) {
                found = true;
                if (test instanceof Test.Presence || hit(headers.value(i))) {
                    return holdsPresent(true);
                }
            }
        }
        return found ? holdsPresent(false) : holdsMissing();
    }

    private boolean holds(String value) {
        return holdsPresent(test instanceof Test.Presence || hit(value));
    }

    private boolean holdsPresent(boolean hit) {
        boolean result = test instanceof Test.Presence presence ? presence.present : hit;
        return result != invert;
    }

    private boolean holdsMissing() {
        if (test instanceof Test.Presence presence) {
            return !presence.present != invert;
        }
        return missingIsEmpty && hit("") != invert;
    }

    private boolean hit(String value) {
        return switch (test) {
            case Test.Presence presence -> presence.present;
            case Test.Value(StringMatch match) -> match.matches(value);
            case Test.Range(long start, long end) -> inRange(value, start, end);
        };
    }

    private static boolean inRange(String value, long start, long end) {
        try {
            long number = Long.parseLong(value);
            return number >= start && number < end;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** The header's lower-case name. */
    public String name() {
        return name;
    }

    /** The condition in words. */
    public String describe() {
        String wanted =
                switch (test) {
                    case Test.Presence presence -> presence.present ? "present" : "absent";
                    case Test.Value(StringMatch match) -> match.describe();
                    case Test.Range(long start, long end) -> "in [" + start + ", " + end + ")";
                };
        return "header " + name + (invert ? " not " : " ") + wanted;
    }

    /** What the request has for it, in words. */
    public String observed(RequestHead request) {
        @Nullable String pseudo = request.pseudo(name);
        List<String> values = pseudo != null ? List.of(pseudo) : request.headers().all(name);
        return values.isEmpty() ? "absent" : "\"" + String.join("\", \"", values) + "\"";
    }
}
