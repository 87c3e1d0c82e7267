package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A path such as {@code .spec.size} or {@code ['spec']} followed through a schema.
 *
 * @param schema at the end; missing when there is a problem
 * @param problem why it leads nowhere, in Kubernetes' words
 */
record SchemaPath(JsonNode schema, @Nullable String problem) {

    private static final Pattern STEP =
            Pattern.compile("\\.([A-Za-z_][A-Za-z0-9_-]*)|\\['((?:[^'\\\\]|\\\\.)*)'\\]");

    static SchemaPath find(String path, JsonNode root) {
        List<String> names = new ArrayList<>();
        Matcher step = STEP.matcher(path);
        int end = 0;
        while (step.find() && step.start() == end) {
            names.add(step.group(1) != null ? step.group(1) : step.group(2));
            end = step.end();
        }
        if (end < path.length()) {
            return failed("expected [ or . but got: " + path.substring(end));
        }
        if (names.isEmpty()) {
            return failed("does not refer to a valid field");
        }
        JsonNode schema = root;
        for (String name : names) {
            JsonNode next = schema.path("properties").path(name);
            if (next.isMissingNode()) {
                next = schema.path("additionalProperties");
            }
            if (!next.isObject()) {
                return failed("does not refer to a valid field");
            }
            schema = next;
        }
        return new SchemaPath(schema, null);
    }

    private static SchemaPath failed(String problem) {
        return new SchemaPath(MissingNode.getInstance(), problem);
    }
}
