package dev.meshdojo.simulator.apiserver.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelSelectorsTest {

    @ParameterizedTest(name = "{0} → {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "app=web|true",
                "app==web|true",
                "app=cart|false",
                "app!=cart|true",
                "none!=x|true",
                "app in (cart, web)|true",
                "app notin (cart, web)|false",
                "none notin (x)|true",
                "app|true",
                "none|false",
                "!none|true",
                "!app|false",
                "size>3|true",
                "size<3|false",
                "app=web,size>3|true",
                "app=web,!size|false",
                "tier=|false",
            })
    void selects(String selector, boolean matches) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        ObjectNode labels = object.putObject("metadata").putObject("labels");
        Map.of("app", "web", "size", "5").forEach(labels::put);
        assertThat(LabelSelectors.parse(selector).matches(object)).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a===b|unable to parse requirement: found '=', expected: identifier",
                "a in b|unable to parse requirement: found 'b' expected: '('",
                "a,,b|found ',', expected: identifier after ','",
            })
    void refuses_in_the_parsers_words(String selector, String message) {
        assertThatThrownBy(() -> LabelSelectors.parse(selector)).hasMessage(message);
    }
}
