package dev.meshdojo.simulator.shell.command.kubectl.verb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.meshdojo.simulator.shell.command.kubectl.print.JsonPath;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/** {@code --sort-by}. */
final class Sorting {

    private Sorting() {}

    static void sort(List<JsonNode> items, String by, Function<JsonNode, JsonNode> object) {
        JsonPath path = JsonPath.expression(by);
        items.sort((a, b) -> compare(path.find(object.apply(a)), path.find(object.apply(b))));
    }

    private static int compare(List<JsonNode> a, List<JsonNode> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Integer.compare(a.size(), b.size());
        }
        JsonNode x = a.getFirst();
        JsonNode y = b.getFirst();
        if (x.isNumber() && y.isNumber()) {
            return new BigDecimal(x.asText()).compareTo(new BigDecimal(y.asText()));
        }
        return JsonPath.text(x).compareTo(JsonPath.text(y));
    }
}
