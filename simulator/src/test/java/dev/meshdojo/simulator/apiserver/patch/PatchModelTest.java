package dev.meshdojo.simulator.apiserver.patch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceDefinition;
import dev.meshdojo.simulator.apiserver.builtin.BuiltinResources;
import io.fabric8.zjsonpatch.JsonDiff;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Patches of any documents against models that share no code with them. */
class PatchModelTest {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String GONE = "gone";
    private static final ResourceDefinition PODS =
            BuiltinResources.all().stream()
                    .filter(definition -> definition.kind().equals("Pod"))
                    .findFirst()
                    .orElseThrow();

    @Property(tries = 500)
    void a_json_patch_made_by_another_library_leads_to_its_target(
            @ForAll("documents") JsonNode from, @ForAll("documents") JsonNode to) {
        JsonNode before = from.deepCopy();

        assertThat(JsonPatch.apply(from, JsonDiff.asJson(from, to))).isEqualTo(to);
        assertThat(from).as("the target of a patch is not changed").isEqualTo(before);
    }

    @Property(tries = 500)
    void a_json_patch_does_to_lists_what_java_does(
            @ForAll("strings") List<String> start, @ForAll("edits") List<Edit> edits) {
        List<String> model = new java.util.ArrayList<>(start);
        ArrayNode operations = JSON.arrayNode();
        for (Edit edit : edits) {
            int at = model.isEmpty() ? 0 : edit.at() % model.size();
            ObjectNode operation = JSON.objectNode().put("path", "/l/" + at);
            switch (edit.kind()) {
                case 0 -> {
                    model.add(at, edit.value());
                    operation.put("op", "add").put("value", edit.value());
                }
                case 1 -> {
                    model.add(edit.value());
                    operation.put("op", "add").put("path", "/l/-").put("value", edit.value());
                }
                case 2 -> {
                    if (model.isEmpty()) {
                        continue;
                    }
                    model.remove(at);
                    operation.put("op", "remove");
                }
                default -> {
                    if (model.isEmpty()) {
                        continue;
                    }
                    int to = edit.value().length() % model.size();
                    model.add(to, model.remove(at));
                    operation.put("op", "move").put("from", "/l/" + at).put("path", "/l/" + to);
                }
            }
            operations.add(operation);
        }
        ObjectNode document = JSON.objectNode();
        ArrayNode list = document.putArray("l");
        start.forEach(list::add);

        JsonNode patched = JsonPatch.apply(document, operations).path("l");

        assertThat(patched).extracting(JsonNode::asText).isEqualTo(model);
    }

    @Property(tries = 500)
    void a_merge_patch_agrees_with_the_algorithm_of_its_rfc(
            @ForAll("documents") JsonNode target, @ForAll("documents") JsonNode patch) {
        Object expected = merge(plain(target), plain(patch));

        assertThat(plain(MergePatch.apply(target, patch))).isEqualTo(expected);
    }

    /** RFC 7386, section 2, on Java's own maps. */
    private static @Nullable Object merge(@Nullable Object target, @Nullable Object patch) {
        if (!(patch instanceof Map<?, ?> changes)) {
            return patch;
        }
        Map<String, @Nullable Object> result = new TreeMap<>();
        if (target instanceof Map<?, ?> map) {
            map.forEach((key, value) -> result.put(String.valueOf(key), value));
        }
        changes.forEach(
                (key, value) -> {
                    String name = String.valueOf(key);
                    if (value == null) {
                        result.remove(name);
                    } else {
                        result.put(name, merge(result.get(name), value));
                    }
                });
        return result;
    }

    private static @Nullable Object plain(JsonNode node) {
        return MAPPER.convertValue(node, Object.class);
    }

    @Property(tries = 500)
    void a_strategic_merge_patch_treats_containers_as_a_map_by_name(
            @ForAll("containers") Map<String, Map<String, String>> before,
            @ForAll("containers") Map<String, Map<String, String>> patch) {
        Map<String, Map<String, String>> model = new TreeMap<>();
        before.forEach(
                (name, fields) -> {
                    Map<String, String> kept = new TreeMap<>(fields);
                    kept.values().removeIf(GONE::equals);
                    model.put(name, kept);
                });
        ObjectNode target = pod(model, false);
        patch.forEach(
                (name, fields) -> {
                    if (GONE.equals(fields.get("image"))) {
                        model.remove(name);
                        return;
                    }
                    Map<String, String> merged = model.computeIfAbsent(name, n -> new TreeMap<>());
                    fields.forEach(
                            (field, value) -> {
                                if (value.equals(GONE)) {
                                    merged.remove(field);
                                } else {
                                    merged.put(field, value);
                                }
                            });
                });

        ObjectNode patched =
                StrategicMergePatch.apply(
                        target, pod(patch, true), PODS.strategy().schema(PODS.type("v1")));

        Map<String, Map<String, String>> result = new TreeMap<>();
        patched.at("/spec/containers")
                .forEach(
                        container -> {
                            Map<String, String> fields = new TreeMap<>();
                            container
                                    .properties()
                                    .forEach(e -> fields.put(e.getKey(), e.getValue().asText()));
                            result.put(Objects.requireNonNull(fields.remove("name")), fields);
                        });
        assertThat(result).isEqualTo(model);
    }

    /**
     * In a patch an image that is gone deletes the container, another field that is gone is null.
     */
    private static ObjectNode pod(Map<String, Map<String, String>> containers, boolean patch) {
        ObjectNode pod = JSON.objectNode();
        ArrayNode list = pod.withObject("/spec").putArray("containers");
        containers.forEach(
                (name, fields) -> {
                    ObjectNode container = list.addObject().put("name", name);
                    if (patch && GONE.equals(fields.get("image"))) {
                        container.put("$patch", "delete");
                        return;
                    }
                    fields.forEach(
                            (field, value) -> {
                                if (value.equals(GONE)) {
                                    container.putNull(field);
                                } else {
                                    container.put(field, value);
                                }
                            });
                });
        return pod;
    }

    /** One change of a list. */
    record Edit(int kind, int at, String value) {}

    @Provide
    Arbitrary<List<Edit>> edits() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.strings().alpha().ofMaxLength(6))
                .as(Edit::new)
                .list()
                .ofMaxSize(12);
    }

    @Provide
    Arbitrary<List<String>> strings() {
        return Arbitraries.strings().alpha().ofMaxLength(4).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<Map<String, Map<String, String>>> containers() {
        Arbitrary<Map<String, String>> fields =
                Arbitraries.maps(
                        Arbitraries.of("image", "workingDir", "imagePullPolicy"),
                        Arbitraries.of("1", "2", "3", GONE));
        return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d"), fields);
    }

    @Provide
    Arbitrary<JsonNode> documents() {
        Arbitrary<JsonNode> leaf =
                Arbitraries.of(
                        JSON.nullNode(),
                        JSON.booleanNode(true),
                        JSON.numberNode(1),
                        JSON.numberNode(2),
                        JSON.textNode(""),
                        JSON.textNode("a"));
        return Arbitraries.recursive(() -> leaf, PatchModelTest::nested, 0, 3)
                .map(node -> node.isObject() ? node : JSON.objectNode().set("v", node));
    }

    private static Arbitrary<JsonNode> nested(Arbitrary<JsonNode> inner) {
        Arbitrary<JsonNode> lists =
                inner.list()
                        .ofMaxSize(3)
                        .map(
                                items -> {
                                    ArrayNode list = JSON.arrayNode();
                                    items.forEach(item -> list.add(item.deepCopy()));
                                    return list;
                                });
        Arbitrary<JsonNode> objects =
                Arbitraries.maps(Arbitraries.of("a", "b", "c/d", "e~f", "g"), inner)
                        .ofMaxSize(4)
                        .map(
                                fields -> {
                                    ObjectNode object = JSON.objectNode();
                                    new LinkedHashMap<>(fields)
                                            .forEach((k, v) -> object.set(k, v.deepCopy()));
                                    return object;
                                });
        return Arbitraries.oneOf(lists, objects, inner);
    }
}
