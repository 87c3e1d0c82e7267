package dev.meshdojo.simulator.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a text must look like; all that is given must hold.
 *
 * @param equalTo the whole text, blanks at its ends aside
 * @param contains each must occur
 * @param lacks none may occur
 * @param matches must match somewhere
 */
public record TextExpectation(
        Optional<String> equalTo,
        List<String> contains,
        List<String> lacks,
        Optional<Pattern> matches) {

    /** Any text will do. */
    public static final TextExpectation ANY =
            new TextExpectation(Optional.empty(), List.of(), List.of(), Optional.empty());

    public TextExpectation {
        contains = List.copyOf(contains);
        lacks = List.copyOf(lacks);
    }

    /** What does not hold, each as "expected …"; empty when the text is as wanted. */
    public List<String> mismatches(String what, String text) {
        List<String> mismatches = new ArrayList<>();
        if (equalTo.isPresent() && !equalTo.get().strip().equals(text.strip())) {
            mismatches.add(what + " equal to \"" + equalTo.get().strip() + "\"");
        }
        for (String part : contains) {
            if (!text.contains(part)) {
                mismatches.add(what + " containing \"" + part + "\"");
            }
        }
        for (String part : lacks) {
            if (text.contains(part)) {
                mismatches.add(what + " without \"" + part + "\"");
            }
        }
        if (matches.isPresent() && !matches.get().matcher(text).find()) {
            mismatches.add(what + " matching /" + matches.get() + "/");
        }
        return mismatches;
    }
}
