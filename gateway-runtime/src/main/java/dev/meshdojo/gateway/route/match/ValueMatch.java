package dev.meshdojo.gateway.route.match;

import dev.meshdojo.gateway.stream.DynamicMetadata;
import dev.meshdojo.gateway.stream.InvalidConfigException;
import io.envoyproxy.envoy.type.matcher.v3.DoubleMatcher;
import io.envoyproxy.envoy.type.matcher.v3.MetadataMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled {@code envoy.type.matcher.v3.ValueMatcher} over JSON-like values. */
@FunctionalInterface
public interface ValueMatch {

    /** Whether {@code value} matches; null means absent or JSON null. */
    boolean matches(@Nullable Object value);

    /**
     * Compiles {@code matcher}.
     *
     * @throws InvalidConfigException when it is unset or invalid
     */
    static ValueMatch compile(ValueMatcher matcher) {
        return switch (matcher.getMatchPatternCase()) {
            case NULL_MATCH -> value -> value == null;
            case DOUBLE_MATCH -> number(matcher.getDoubleMatch());
            case STRING_MATCH -> {
                StringMatch match = StringMatch.compile(matcher.getStringMatch());
                yield value -> value instanceof String text && match.matches(text);
            }
            case BOOL_MATCH -> {
                boolean wanted = matcher.getBoolMatch();
                yield value -> value instanceof Boolean bool && bool == wanted;
            }
            case PRESENT_MATCH -> {
                boolean present = matcher.getPresentMatch();
                yield value -> present && value != null;
            }
            case LIST_MATCH -> {
                ValueMatch one = compile(matcher.getListMatch().getOneOf());
                yield value ->
                        value instanceof List<?> list && list.stream().anyMatch(one::matches);
            }
            case OR_MATCH -> {
                List<ValueMatch> any =
                        matcher.getOrMatch().getValueMatchersList().stream()
                                .map(ValueMatch::compile)
                                .toList();
                yield value -> any.stream().anyMatch(match -> match.matches(value));
            }
            case MATCHPATTERN_NOT_SET ->
                    throw new InvalidConfigException(
                            "Proto constraint validation failed (ValueMatcherValidationError."
                                    + "MatchPattern: value is required)");
        };
    }

    private static ValueMatch number(DoubleMatcher matcher) {
        double exact = matcher.getExact();
        double start = matcher.getRange().getStart();
        double end = matcher.getRange().getEnd();
        boolean range = matcher.hasRange();
        return value -> {
            if (!(value instanceof Number number)) {
                return false;
            }
            double actual = number.doubleValue();
            return range ? actual >= start && actual < end : actual == exact;
        };
    }

    /**
     * A compiled {@code envoy.type.matcher.v3.MetadataMatcher}.
     *
     * @param filter the metadata namespace
     * @param path the keys below it
     * @param value what the value there must be
     * @param invert whether it must be otherwise
     */
    record OfMetadata(String filter, List<String> path, ValueMatch value, boolean invert) {

        public OfMetadata {
            path = List.copyOf(path);
        }

        /** Compiles {@code matcher}; throws as {@link ValueMatch#compile} does. */
        public static OfMetadata compile(MetadataMatcher matcher) {
            return new OfMetadata(
                    matcher.getFilter(),
                    matcher.getPathList().stream()
                            .map(MetadataMatcher.PathSegment::getKey)
                            .toList(),
                    ValueMatch.compile(matcher.getValue()),
                    matcher.getInvert());
        }

        /** Whether the stream's metadata satisfies this. */
        public boolean matches(DynamicMetadata metadata) {
            return value.matches(metadata.find(filter, path)) != invert;
        }
    }
}
