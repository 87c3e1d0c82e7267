package dev.meshdojo.simulator.apiserver.builtin.validation;

import java.util.List;

/** What Kubernetes demands of the policy that ends an indexed Job early. */
final class SuccessPolicyRules {

    private static final int MOST_RULES = 20;
    private static final int LONGEST_INDEXES = 64 * 1024;

    private SuccessPolicyRules() {}

    private static final class BadIndexes extends Exception {
        private static final long serialVersionUID = 1L;

        BadIndexes(String message) {
            super(message);
        }
    }

    static void validate(Check check, At policy, long completions) {
        At rules = policy.get("rules");
        if (rules.empty()) {
            check.required(
                    rules,
                    "at least one rules must be specified when the successPolicy is specified");
        }
        if (rules.items().size() > MOST_RULES) {
            check.tooMany(rules, MOST_RULES);
        }
        rules.items().forEach(rule -> rule(check, rule, completions));
    }

    private static void rule(Check check, At rule, long completions) {
        At count = rule.get("succeededCount");
        At indexes = rule.get("succeededIndexes");
        if (!count.set() && !indexes.set()) {
            check.required(
                    rule, "at least one of succeededCount or succeededIndexes must be specified");
        }
        long total = 0;
        if (indexes.set()) {
            if (indexes.text().length() > LONGEST_INDEXES) {
                check.tooLong(indexes, LONGEST_INDEXES);
            }
            try {
                total = total(indexes.text(), completions);
            } catch (BadIndexes e) {
                check.invalidText(indexes, "error parsing succeededIndexes: " + e.getMessage());
            }
        }
        if (!count.set()) {
            return;
        }
        check.nonNegative(count);
        if (count.number() > completions) {
            check.invalid(
                    count,
                    "must be less than or equal to "
                            + completions
                            + " (the number of specified completions)");
        }
        if (indexes.set() && count.number() > total) {
            check.invalid(
                    count,
                    "must be less than or equal to "
                            + total
                            + " (the number of indexes in the specified succeededIndexes field)");
        }
    }

    private static long total(String text, long completions) throws BadIndexes {
        if (text.isEmpty()) {
            return 0;
        }
        long total = 0;
        long last = -1;
        for (String interval : text.split(",", -1)) {
            List<String> ends = List.of(interval.split("-", -1));
            if (ends.size() > 2) {
                throw new BadIndexes(
                        "the fragment \""
                                + interval
                                + "\" violates the requirement that an index interval can have at"
                                + " most two parts separated by '-'");
            }
            long first = index(ends.getFirst(), completions);
            long end = ends.size() == 1 ? first : index(ends.get(1), completions);
            if (ends.size() == 2 && first >= end) {
                throw order(first, end);
            }
            if (last >= 0 && last >= first) {
                throw order(last, first);
            }
            total += end - first + 1;
            last = end;
        }
        return total;
    }

    private static BadIndexes order(long previous, long current) {
        return new BadIndexes(
                "non-increasing order, previous: " + previous + ", current: " + current);
    }

    private static long index(String text, long completions) throws BadIndexes {
        if (!text.matches("[+-]?[0-9]{1,18}")) {
            throw new BadIndexes("cannot convert string to integer for index: \"" + text + "\"");
        }
        long index = Long.parseLong(text);
        if (index >= completions) {
            throw new BadIndexes("too large index: \"" + text + "\"");
        }
        return index;
    }
}
