package dev.meshdojo.simulator.apiserver.operation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Any label selector against the meaning of its operators. */
class LabelSelectorModelTest {

    private static final List<String> KEYS = List.of("app", "tier", "example.com/size");
    private static final List<String> VALUES = List.of("", "web", "cart", "3", "12");

    /** The operators of a requirement. */
    enum Operator {
        EQUALS,
        DOUBLE_EQUALS,
        NOT_EQUALS,
        IN,
        NOT_IN,
        EXISTS,
        ABSENT,
        GREATER,
        LESS
    }

    /** One requirement; the first value counts where an operator takes one. */
    record Requirement(String key, Operator operator, List<String> values) {

        String text() {
            String all = String.join(",", values);
            return switch (operator) {
                case EQUALS -> key + "=" + values.getFirst();
                case DOUBLE_EQUALS -> key + " == " + values.getFirst();
                case NOT_EQUALS -> key + "!=" + values.getFirst();
                case IN -> key + " in (" + all + ")";
                case NOT_IN -> key + " notin (" + all + ")";
                case EXISTS -> key;
                case ABSENT -> "!" + key;
                case GREATER -> key + ">" + number();
                case LESS -> key + "<" + number();
            };
        }

        int number() {
            return values.size() * 3;
        }

        boolean holds(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case EQUALS, DOUBLE_EQUALS -> values.getFirst().equals(value);
                case NOT_EQUALS -> !values.getFirst().equals(value);
                case IN -> value != null && Set.copyOf(values).contains(value);
                case NOT_IN -> value == null || !Set.copyOf(values).contains(value);
                case EXISTS -> value != null;
                case ABSENT -> value == null;
                case GREATER -> isNumber(value) && Long.parseLong(value) > number();
                case LESS -> isNumber(value) && Long.parseLong(value) < number();
            };
        }

        private static boolean isNumber(@Nullable String value) {
            return value != null && value.matches("\\d+");
        }
    }

    @Property(tries = 1000)
    void a_selector_holds_when_all_its_requirements_do(
            @ForAll("selectors") List<Requirement> selector,
            @ForAll("labels") Map<String, String> labels) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode written = object.putObject("metadata").putObject("labels");
        labels.forEach(written::put);
        String text = selector.stream().map(Requirement::text).collect(Collectors.joining(","));

        assertThat(LabelSelectors.parse(text).matches(object))
                .as(text)
                .isEqualTo(selector.stream().allMatch(requirement -> requirement.holds(labels)));
    }

    @Provide
    Arbitrary<List<Requirement>> selectors() {
        return Combinators.combine(
                        Arbitraries.of(KEYS),
                        Arbitraries.of(Operator.class),
                        Arbitraries.of(VALUES).list().ofMinSize(1).ofMaxSize(3))
                .as(Requirement::new)
                .list()
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<Map<String, String>> labels() {
        return Arbitraries.maps(Arbitraries.of(KEYS), Arbitraries.of(VALUES));
    }
}
