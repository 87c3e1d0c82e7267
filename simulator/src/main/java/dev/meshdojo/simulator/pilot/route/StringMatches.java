package dev.meshdojo.simulator.pilot.route;

import dev.meshdojo.simulator.pilot.model.JsonView;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Istio's {@code StringMatch} as Envoy's {@code StringMatcher}. */
public final class StringMatches {

    private StringMatches() {}

    /** The matcher, or null when {@code match} names no kind of match. */
    public static @Nullable StringMatcher of(JsonView match) {
        if (match.has("exact")) {
            return exact(match.text("exact"));
        }
        if (match.has("prefix")) {
            return StringMatcher.newBuilder().setPrefix(match.text("prefix")).build();
        }
        if (match.has("regex")) {
            return StringMatcher.newBuilder().setSafeRegex(regex(match.text("regex"))).build();
        }
        return null;
    }

    /** A matcher for one exact text. */
    public static StringMatcher exact(String text) {
        return StringMatcher.newBuilder().setExact(text).build();
    }

    /** A matcher for each text. */
    public static List<StringMatcher> exact(List<String> texts) {
        return texts.stream().map(StringMatches::exact).toList();
    }

    /** Whether the match asks for presence only: nothing written, or the regex {@code *}. */
    public static boolean presence(JsonView match) {
        return !(match.has("exact") || match.has("prefix") || match.has("regex"))
                || match.text("regex").equals("*");
    }

    /** A regular expression in RE2 syntax. */
    public static RegexMatcher regex(String pattern) {
        return RegexMatcher.newBuilder().setRegex(pattern).build();
    }
}
