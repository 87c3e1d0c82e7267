package dev.meshdojo.simulator.controller.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.controller.object.Fields;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Completion indexes of Indexed Jobs, and their compressed form such as {@code 0-2,4}. */
final class CompletionIndexes {

    private CompletionIndexes() {}

    /** The indexes that a text names, those below {@code completions}. */
    static Set<Integer> parse(String text, int completions) {
        Set<Integer> all = new TreeSet<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            String[] ends = part.split("-", -1);
            int last = Integer.parseInt(ends[ends.length - 1]);
            for (int i = Integer.parseInt(ends[0]); i <= Math.min(last, completions - 1); i++) {
                all.add(i);
            }
        }
        return all;
    }

    /** Indexes as text; two neighbours stand apart by a comma, more by a dash. */
    static String spell(Collection<Integer> indexes) {
        StringBuilder text = new StringBuilder();
        List<Integer> all = List.copyOf(new TreeSet<>(indexes));
        for (int i = 0; i < all.size(); i++) {
            int from = i;
            while (i + 1 < all.size() && all.get(i + 1) == all.get(i) + 1) {
                i++;
            }
            text.append(text.isEmpty() ? "" : ",").append(all.get(from));
            if (i > from) {
                text.append(i == from + 1 ? "," : "-").append(all.get(i));
            }
        }
        return text.toString();
    }

    /** What a success policy says once enough indexes succeeded; null before that. */
    static @Nullable String success(ObjectNode job, Set<Integer> succeeded, int completions) {
        if (succeeded.isEmpty()) {
            return null;
        }
        int number = 0;
        for (JsonNode rule : Fields.at(job, "spec", "successPolicy", "rules")) {
            if (meets(rule, succeeded, completions)) {
                return "Matched rules at index " + number;
            }
            number++;
        }
        return null;
    }

    private static boolean meets(JsonNode rule, Set<Integer> succeeded, int completions) {
        boolean counts = Fields.has(rule, "succeededCount");
        int enough = Fields.number(rule, "succeededCount");
        if (!Fields.has(rule, "succeededIndexes")) {
            return counts && succeeded.size() >= enough;
        }
        Set<Integer> required = parse(Fields.text(rule, "succeededIndexes"), completions);
        Set<Integer> reached = new HashSet<>(required);
        reached.retainAll(succeeded);
        return !required.isEmpty()
                && (reached.size() == required.size() || (counts && reached.size() >= enough));
    }
}
