package dev.meshdojo.simulator.replay;

import java.util.List;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces values that differ from run to run, unless they were given. */
final class Placeholders {

    private static final String HASH = "[bcdfghjklmnpqrstvwxz2456789]";
    private static final String ADDRESS =
            "(?:10\\.96|10\\.244|192\\.168)\\.\\d{1,3}\\.\\d{1,3}(?![\\d/])";

    /**
     * @param pattern what to look for
     * @param keepsGiven whether values that the transcript itself names stay
     * @param group the group that holds the value; the rest of the match stays
     * @param placeholder what stands for the value
     */
    private record Rule(Pattern pattern, boolean keepsGiven, int group, String placeholder) {
        static Rule of(String regex, String placeholder) {
            return new Rule(Pattern.compile(regex), false, 0, placeholder);
        }

        static Rule part(String regex, String placeholder) {
            return new Rule(Pattern.compile(regex), false, 1, placeholder);
        }

        Rule keepingGiven() {
            return new Rule(pattern, true, group, placeholder);
        }
    }

    private static final List<Rule> RULES =
            List.of(
                    Rule.of(
                                    "-----BEGIN CERTIFICATE-----[\\s\\S]*?-----END CERTIFICATE-----",
                                    "<pem>")
                            .keepingGiven(),
                    Rule.of("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+", "<token>"),
                    Rule.of(
                                    "(?<!\\w)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}"
                                            + "-[0-9a-f]{12}(?!\\w)",
                                    "<uid>")
                            .keepingGiven(),
                    Rule.part("/tmp/(?:LIVE|MERGED)-(\\d+)", "<tmp>"),
                    Rule.of(
                            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+ \\+0000(?: UTC)?",
                            "<time>"),
                    Rule.of(
                                    "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)",
                                    "<time>")
                            .keepingGiven(),
                    Rule.of(
                            "[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d \\+0000",
                            "<time>"),
                    Rule.of(
                            "[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d \\d{4}",
                            "<time>"),
                    Rule.part("(?:modifiedAt|createdAt)(?:=|\": ?\"|: \"?)(\\d{10})", "<time>"));

    private static final List<Rule> AFTER_SERVER =
            List.of(
                    Rule.part("\"resourceVersion\": ?\"(\\d+)\"", "<rv>"),
                    Rule.part("resourceVersion: \"(\\d+)\"", "<rv>"),
                    Rule.part("resourceVersion=(\\d+)", "<rv>"),
                    Rule.part("Resource Version: +(\\d+)", "<rv>"),
                    Rule.part("too old resource version: 1 \\((\\d+)\\)", "<rv>"),
                    Rule.part("Too large resource version: \\d+, current: (\\d+)", "<rv>"),
                    Rule.part("\"continue\": ?\"([^\"]+)\"", "<continue>"),
                    Rule.part("continue: \"?([^\\s\"]+)", "<continue>"),
                    Rule.of("(?<![\\w.])" + ADDRESS, "<ip>").keepingGiven(),
                    Rule.part("pod-template-hash(?:=|: |\": ?\")(\\w+)", "<hash>").keepingGiven(),
                    Rule.part(
                                    "[A-Za-z0-9]-(" + HASH + "{8,10}-" + HASH + "{5})(?![\\w-])",
                                    "<hash>-<hash>")
                            .keepingGiven(),
                    Rule.part("[A-Za-z0-9]-(" + HASH + "{8,10})(?![\\w-])", "<hash>")
                            .keepingGiven(),
                    Rule.part(
                                    "[A-Za-z0-9]-((?!https|http2|grpcs)" + HASH + "{5})(?![\\w-])",
                                    "<hash>")
                            .keepingGiven(),
                    Rule.part("[\\w>-]\\.([0-9a-f]{16})(?!\\w)", "<hash>"),
                    Rule.part("nodePort\"?: ?(3[012]\\d{3})(?!\\d)", "<nodeport>").keepingGiven(),
                    Rule.part(":(3[012]\\d{3})/(?:TCP|UDP|SCTP)", "<nodeport>").keepingGiven(),
                    Rule.part("NodePort:[^\\n]*?(3[012]\\d{3})/", "<nodeport>").keepingGiven(),
                    Rule.part("(?:sha256:|containerd://)([0-9a-f]{64})", "<sha>").keepingGiven());

    private final String given;
    private final String server;

    /**
     * @param given text whose values stay
     * @param server the API server's URL, {@code https://HOST:PORT}
     */
    Placeholders(String given, String server) {
        this.given = given;
        this.server = server;
    }

    String apply(String text) {
        String result = apply(text, RULES).replace(server, "<server>");
        return apply(result, AFTER_SERVER);
    }

    private String apply(String text, List<Rule> rules) {
        String result = text;
        for (Rule rule : rules) {
            result =
                    rule.pattern()
                            .matcher(result)
                            .replaceAll((Function<MatchResult, String>) m -> replace(rule, m));
        }
        return result;
    }

    private String replace(Rule rule, MatchResult match) {
        String whole = match.group();
        String value = match.group(rule.group());
        if (rule.keepsGiven() && isGiven(value)) {
            return Matcher.quoteReplacement(whole);
        }
        int start = match.start(rule.group()) - match.start();
        return Matcher.quoteReplacement(
                whole.substring(0, start)
                        + rule.placeholder()
                        + whole.substring(start + value.length()));
    }

    /** Whether a value stands in the given text as a whole token. */
    private boolean isGiven(String value) {
        for (int at = given.indexOf(value); at >= 0; at = given.indexOf(value, at + 1)) {
            char before = at == 0 ? ' ' : given.charAt(at - 1);
            int end = at + value.length();
            char after = end == given.length() ? ' ' : given.charAt(end);
            if (!isWord(before) && before != '.' && !isWord(after)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
