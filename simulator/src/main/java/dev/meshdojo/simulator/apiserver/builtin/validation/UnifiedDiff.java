package dev.meshdojo.simulator.apiserver.builtin.validation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A unified diff of two values, one JSON field per line, with three lines of context. Matching
 * blocks are found as Ratcliff and Obershelp's algorithm finds them in difflib, with its rule that
 * lines which are common in long texts match nothing by themselves.
 */
final class UnifiedDiff {

    private static final int CONTEXT = 3;
    private static final int LONG = 200;

    private record Block(int left, int right, int size) {}

    private record Change(boolean equal, int left, int leftEnd, int right, int rightEnd) {
        Change from(int skipped) {
            return new Change(equal, left + skipped, leftEnd, right + skipped, rightEnd);
        }

        Change first(int length) {
            return new Change(equal, left, left + length, right, right + length);
        }
    }

    private final List<String> left;
    private final List<String> right;
    private final Map<String, List<Integer>> places = new HashMap<>();

    private UnifiedDiff(List<String> left, List<String> right) {
        this.left = left;
        this.right = right;
        for (int i = 0; i < right.size(); i++) {
            places.computeIfAbsent(right.get(i), _ -> new ArrayList<>()).add(i);
        }
        if (right.size() >= LONG) {
            places.values().removeIf(found -> found.size() > right.size() / 100 + 1);
        }
    }

    static String of(JsonNode before, JsonNode after) {
        return new UnifiedDiff(lines(before), lines(after)).print();
    }

    private static List<String> lines(JsonNode value) {
        StringBuilder text = new StringBuilder();
        write(value, "", text);
        return text.toString().lines().toList();
    }

    private static void write(JsonNode value, String indent, StringBuilder text) {
        if (!value.isContainerNode() || value.isEmpty()) {
            text.append(value);
            return;
        }
        String inner = indent + " ";
        String separator = "\n";
        text.append(value.isObject() ? '{' : '[');
        if (value.isObject()) {
            for (var entry : value.properties()) {
                text.append(separator).append(inner).append('"').append(entry.getKey());
                write(entry.getValue(), inner, text.append("\": "));
                separator = ",\n";
            }
        } else {
            for (JsonNode item : value) {
                write(item, inner, text.append(separator).append(inner));
                separator = ",\n";
            }
        }
        text.append('\n').append(indent).append(value.isObject() ? '}' : ']');
    }

    private String print() {
        StringBuilder text = new StringBuilder();
        for (List<Change> hunk : hunks()) {
            Change first = hunk.getFirst();
            Change last = hunk.getLast();
            text.append("@@ -").append(range(first.left, last.leftEnd));
            text.append(" +").append(range(first.right, last.rightEnd)).append(" @@\n");
            for (Change change : hunk) {
                if (change.equal) {
                    append(text, ' ', left.subList(change.left, change.leftEnd));
                } else {
                    append(text, '-', left.subList(change.left, change.leftEnd));
                    append(text, '+', right.subList(change.right, change.rightEnd));
                }
            }
        }
        return text.toString();
    }

    private static void append(StringBuilder text, char mark, List<String> lines) {
        lines.forEach(line -> text.append(mark).append(line).append('\n'));
    }

    private static String range(int from, int to) {
        int length = to - from;
        if (length == 1) {
            return Integer.toString(from + 1);
        }
        return (length == 0 ? from : from + 1) + "," + length;
    }

    private List<List<Change>> hunks() {
        List<Change> changes = changes();
        List<List<Change>> hunks = new ArrayList<>();
        List<Change> hunk = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            Change change = changes.get(i);
            int length = change.leftEnd - change.left;
            boolean last = i == changes.size() - 1;
            if (!change.equal) {
                hunk.add(change);
            } else if (hunk.isEmpty()) {
                hunk.add(change.from(Math.max(0, length - CONTEXT)));
            } else if (last || length > 2 * CONTEXT) {
                hunk.add(change.first(Math.min(length, CONTEXT)));
                hunks.add(hunk);
                hunk = new ArrayList<>();
                if (!last) {
                    hunk.add(change.from(Math.max(0, length - CONTEXT)));
                }
            } else {
                hunk.add(change);
            }
        }
        if (hunk.size() > 1 || (hunk.size() == 1 && !hunk.getFirst().equal)) {
            hunks.add(hunk);
        }
        return hunks;
    }

    private List<Change> changes() {
        List<Block> blocks = new ArrayList<>();
        match(0, left.size(), 0, right.size(), blocks);
        blocks.add(new Block(left.size(), right.size(), 0));
        List<Change> changes = new ArrayList<>();
        int l = 0;
        int r = 0;
        for (Block block : blocks) {
            if (l < block.left || r < block.right) {
                changes.add(new Change(false, l, block.left, r, block.right));
            }
            l = block.left + block.size;
            r = block.right + block.size;
            if (block.size > 0) {
                Change previous = changes.isEmpty() ? null : changes.getLast();
                if (previous != null && previous.equal) {
                    changes.removeLast();
                    changes.add(new Change(true, previous.left, l, previous.right, r));
                } else {
                    changes.add(new Change(true, block.left, l, block.right, r));
                }
            }
        }
        return changes;
    }

    private void match(int fromL, int toL, int fromR, int toR, List<Block> blocks) {
        Block longest = longest(fromL, toL, fromR, toR);
        if (longest.size == 0) {
            return;
        }
        if (fromL < longest.left && fromR < longest.right) {
            match(fromL, longest.left, fromR, longest.right, blocks);
        }
        blocks.add(longest);
        int endL = longest.left + longest.size;
        int endR = longest.right + longest.size;
        if (endL < toL && endR < toR) {
            match(endL, toL, endR, toR, blocks);
        }
    }

    private Block longest(int fromL, int toL, int fromR, int toR) {
        int bestL = fromL;
        int bestR = fromR;
        int best = 0;
        Map<Integer, Integer> lengths = Map.of();
        for (int i = fromL; i < toL; i++) {
            Map<Integer, Integer> next = new HashMap<>();
            for (int j : places.getOrDefault(left.get(i), List.of())) {
                if (j < fromR) {
                    continue;
                }
                if (j >= toR) {
                    break;
                }
                int length = lengths.getOrDefault(j - 1, 0) + 1;
                next.put(j, length);
                if (length > best) {
                    bestL = i - length + 1;
                    bestR = j - length + 1;
                    best = length;
                }
            }
            lengths = next;
        }
        while (bestL > fromL && bestR > fromR && left.get(bestL - 1).equals(right.get(bestR - 1))) {
            bestL--;
            bestR--;
            best++;
        }
        while (bestL + best < toL
                && bestR + best < toR
                && left.get(bestL + best).equals(right.get(bestR + best))) {
            best++;
        }
        return new Block(bestL, bestR, best);
    }
}
