package dev.meshdojo.simulator.conformance;

import dev.meshdojo.simulator.conformance.wire.Answer;
import dev.meshdojo.simulator.pilot.model.JsonView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts answers of a repeated exchange and compares the counts with recorded ones. */
final class Distribution {

    /** Quantiles of the chi-square distribution at p = 0.0001, for 1 to 8 degrees of freedom. */
    private static final double[] LIMIT = {15.14, 18.42, 21.11, 23.51, 25.74, 27.86, 29.88, 31.83};

    private final Map<String, Integer> seen = new TreeMap<>();

    void add(Answer answer) {
        seen.merge(key(answer), 1, Integer::sum);
    }

    /** The counts seen. */
    Map<String, Integer> counts() {
        return seen;
    }

    /** Whether the counts may come from the same odds as the recorded ones. */
    boolean fits(JsonView recorded) {
        Map<String, Integer> expected = new LinkedHashMap<>();
        recorded.fields().forEach((key, count) -> expected.put(key, count.node().asInt()));
        if (expected.size() == 1) {
            Map.Entry<String, Integer> only = expected.entrySet().iterator().next();
            return seen.size() == 1
                    && seen.values().iterator().next().equals(only.getValue())
                    && like(only.getKey(), seen.keySet().iterator().next());
        }
        if (!seen.keySet().equals(expected.keySet())) {
            return false;
        }
        List<int[]> pairs = new ArrayList<>();
        expected.forEach((key, count) -> pairs.add(new int[] {count, seen.getOrDefault(key, 0)}));
        return chiSquare(pairs) <= LIMIT[Math.min(pairs.size() - 2, LIMIT.length - 1)];
    }

    /** Two samples' difference; both are samples, so both add to the variance. */
    private static double chiSquare(List<int[]> pairs) {
        double recorded = pairs.stream().mapToInt(pair -> pair[0]).sum();
        double counted = pairs.stream().mapToInt(pair -> pair[1]).sum();
        double sum = 0;
        for (int[] pair : pairs) {
            double total = pair[0] + pair[1];
            double difference =
                    Math.sqrt(counted / recorded) * pair[0]
                            - Math.sqrt(recorded / counted) * pair[1];
            sum += total == 0 ? 0 : difference * difference / total;
        }
        return sum;
    }

    private static boolean like(String recorded, String seen) {
        int same = recorded.indexOf("<same>");
        return same < 0 ? recorded.equals(seen) : seen.startsWith(recorded.substring(0, same));
    }

    private static String key(Answer answer) {
        if (answer.outcome().equals("data")) {
            return "data " + answer.detail();
        }
        if (!answer.outcome().equals("response")) {
            return answer.outcome();
        }
        JsonView echo = EchoAnswers.of(answer);
        if (echo.present()) {
            return answer.status() + " " + echo.text("service") + " " + echo.text("version");
        }
        return answer.body().isEmpty()
                ? Integer.toString(answer.status())
                : answer.status() + " body " + answer.body();
    }
}
