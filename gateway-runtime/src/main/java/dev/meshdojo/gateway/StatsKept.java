package dev.meshdojo.gateway;

import dev.meshdojo.gateway.route.match.StringMatch;
import io.envoyproxy.envoy.config.metrics.v3.StatsMatcher;
import java.util.List;
import java.util.function.Predicate;

/** Compiles {@code stats_matcher}: which statistics are kept, by their raw names. */
final class StatsKept {

    private StatsKept() {}

    static Predicate<String> compile(StatsMatcher matcher) {
        return switch (matcher.getStatsMatcherCase()) {
            case REJECT_ALL -> name -> !matcher.getRejectAll();
            case INCLUSION_LIST ->
                    anyOf(StringMatch.compileAll(matcher.getInclusionList().getPatternsList()));
            case EXCLUSION_LIST ->
                    anyOf(StringMatch.compileAll(matcher.getExclusionList().getPatternsList()))
                            .negate();
            case STATSMATCHER_NOT_SET -> name -> true;
        };
    }

    private static Predicate<String> anyOf(List<StringMatch> patterns) {
        return name -> {
            for (StringMatch pattern : patterns) {
                if (pattern.matches(name)) {
                    return true;
                }
            }
            return false;
        };
    }
}
