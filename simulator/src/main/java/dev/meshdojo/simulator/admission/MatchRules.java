package dev.meshdojo.simulator.admission;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.meshdojo.simulator.golang.Failure;
import dev.meshdojo.simulator.golang.GoText;
import java.nio.charset.StandardCharsets;

/** Rules for StringMatch and regular expressions. Pure. */
final class MatchRules {

    private static final int MAX_REGEX = 1024;

    private MatchRules() {}

    /** Neither an empty prefix nor a bad regex. */
    static Failure string(Spec match, String where) {
        if (match.has("prefix") && match.text("prefix").isEmpty()) {
            return Failure.of(GoText.quote(where) + ": prefix string match should not be empty");
        }
        return regexOnly(match, where);
    }

    /** No bad regex; an empty prefix passes. */
    static Failure regexOnly(Spec match, String where) {
        if (!match.has("regex")) {
            return Failure.NONE;
        }
        String regex = match.text("regex");
        return regex.isEmpty()
                ? Failure.of(GoText.quote(where) + ": regex string match should not be empty")
                : regex(regex, where);
    }

    /** A regular expression in RE2's syntax. */
    static Failure regex(String regex, String where) {
        if (regex.getBytes(StandardCharsets.UTF_8).length > MAX_REGEX) {
            return Failure.of(
                    GoText.quote(where)
                            + ": regex is too large, max length allowed is "
                            + MAX_REGEX);
        }
        String error = regexError(regex);
        return error.isEmpty()
                ? Failure.NONE
                : Failure.of(
                        GoText.quote(where)
                                + ": "
                                + error
                                + "; Istio uses RE2 style regex-based match"
                                + " (https://github.com/google/re2/wiki/Syntax)");
    }

    /** Go's text for what is wrong with a regular expression, empty when nothing is. */
    static String regexError(String regex) {
        try {
            Pattern.compile(regex);
            return "";
        } catch (PatternSyntaxException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
