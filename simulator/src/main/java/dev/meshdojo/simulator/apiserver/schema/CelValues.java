package dev.meshdojo.simulator.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * JSON as CEL sees it. The names of a schema's properties are escaped as Kubernetes does it, so
 * that every property can be selected: {@code namespace} is {@code __namespace__}. Pure.
 */
final class CelValues {

    /** Words that CEL keeps for itself. */
    private static final Set<String> RESERVED =
            Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    private CelValues() {}

    /**
     * The value of a node.
     *
     * @param schema what is known of the node; null when nothing is
     */
    static Object of(JsonNode node, @Nullable Schema schema) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties()
                        .forEach(
                                entry ->
                                        map.put(
                                                key(entry.getKey(), schema),
                                                of(
                                                        entry.getValue(),
                                                        schema == null
                                                                ? null
                                                                : schema.property(
                                                                        entry.getKey()))));
                yield map;
            }
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(item -> list.add(of(item, schema == null ? null : schema.items())));
                yield list;
            }
            case BOOLEAN -> node.asBoolean();
            case NUMBER -> node.isIntegralNumber() ? (Object) node.asLong() : node.asDouble();
            case STRING -> node.asText();
            default -> NullValue.NULL_VALUE;
        };
    }

    /** Keys of maps stay as they are. */
    private static String key(String name, @Nullable Schema schema) {
        if (schema == null || !schema.properties().containsKey(name)) {
            return name;
        }
        if (RESERVED.contains(name)) {
            return "__" + name + "__";
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
