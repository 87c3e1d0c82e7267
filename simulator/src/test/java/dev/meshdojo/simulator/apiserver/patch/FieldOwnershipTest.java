package dev.meshdojo.simulator.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ApiException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FieldOwnershipTest {

    private static final List<String> MANAGERS = List.of("a", "b", "c");
    private static final List<String> KEYS = List.of("w", "x", "y", "z");

    /** Each step: which manager applies, and a value of 0 to 2 for each key, 0 for none. */
    @Property(tries = 300)
    void forced_applies_agree_with_a_model_of_owners(
            @ForAll @Size(max = 12)
                    List<@Size(5) List<@IntRange(min = 0, max = 2) Integer>> steps) {
        Map<String, String> values = new TreeMap<>();
        Map<String, Set<String>> owned = new HashMap<>();
        ObjectNode live = object(Map.of());
        for (List<Integer> step : steps) {
            String manager = MANAGERS.get(step.getFirst());
            Map<String, String> config = new TreeMap<>();
            for (int i = 0; i < KEYS.size(); i++) {
                if (step.get(i + 1) > 0) {
                    config.put(KEYS.get(i), "v" + step.get(i + 1));
                }
            }
            model(values, owned, manager, config);
            live = ownership(manager).apply(live, values.isEmpty(), object(config), true);
            live.withObject("/metadata").put("uid", "u");
            assertThat(data(live)).isEqualTo(values);
        }
    }

    private static void model(
            Map<String, String> values,
            Map<String, Set<String>> owned,
            String manager,
            Map<String, String> config) {
        Set<String> before = owned.getOrDefault(manager, Set.of());
        owned.put(manager, new HashSet<>(config.keySet()));
        for (String key : before) {
            if (owned.values().stream().noneMatch(keys -> keys.contains(key))) {
                values.remove(key);
            }
        }
        config.forEach(
                (key, value) -> {
                    if (!value.equals(values.put(key, value))) {
                        owned.forEach(
                                (other, keys) -> {
                                    if (!other.equals(manager)) {
                                        keys.remove(key);
                                    }
                                });
                    }
                });
    }

    @Test
    void refuses_other_values_for_fields_of_others() {
        ObjectNode live =
                ownership("a").apply(object(Map.of()), true, object(Map.of("x", "1")), false);
        assertThatThrownBy(() -> ownership("b").apply(live, false, object(Map.of("x", "2")), false))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(409))
                .hasMessage("Apply failed with 1 conflict: conflict with \"a\": .data.x");
    }

    @Test
    void counts_ordinary_writes_as_ownership() {
        ObjectNode live = object(Map.of("x", "1"));
        ownership("editor").recordUpdate(object(Map.of()), live);
        assertThatThrownBy(() -> ownership("b").apply(live, false, object(Map.of("x", "2")), false))
                .hasMessage(
                        "Apply failed with 1 conflict: conflict with \"editor\" using v1: .data.x");
    }

    private static FieldOwnership ownership(String manager) {
        Schema.Property data = Schema.Property.of(new Schema.MapOf(Schema.Leaf.STRING, false));
        Schema schema = new Schema.Struct(name -> name.equals("data") ? data : null, false, true);
        return new FieldOwnership(schema, manager, "v1", "", "2026-01-01T00:00:00Z", List.of());
    }

    private static ObjectNode object(Map<String, String> data) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "Thing");
        object.putObject("metadata").put("name", "t");
        ObjectNode map = object.putObject("data");
        data.forEach(map::put);
        return object;
    }

    private static Map<String, String> data(ObjectNode object) {
        Map<String, String> data = new TreeMap<>();
        object.path("data")
                .properties()
                .forEach(entry -> data.put(entry.getKey(), entry.getValue().asText()));
        return data;
    }
}
