package dev.meshdojo.simulator.replay;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Brings the columns of printed tables into a form that does not depend on widths. */
final class TableText {

    private static final Pattern HEADER = Pattern.compile("[A-Z][A-Z ()/_-]*");
    private static final Pattern TWO_WORDS = Pattern.compile("\\S {2,}\\S");
    private static final Pattern COLUMN = Pattern.compile("(?<= {2})\\S");
    private static final Pattern EVENT =
            Pattern.compile(
                    "\\s+((Normal|Warning) {2,}|Type {2,}Reason {2,}Age|---- {2,}------ {2,}---- ).*");
    private static final String GAP = "   ";

    private final Transcript.Step step;
    private final UnaryOperator<String> cell;
    private final boolean describe;
    private final boolean bare;
    private final boolean helm;

    /**
     * @param cell what is done to each cell
     */
    TableText(Transcript.Step step, UnaryOperator<String> cell) {
        this.step = step;
        this.cell = cell;
        this.describe = step.runs("describe");
        this.bare = step.runs("--no-headers");
        this.helm = step.runsHelm();
    }

    List<String> normalize(List<String> lines) {
        if (step.run().startsWith("curl") || step.run().startsWith("echo")) {
            return lines;
        }
        List<String> result = new ArrayList<>();
        List<Integer> columns = List.of();
        for (String line : lines) {
            if (line.isEmpty()) {
                columns = List.of();
                result.add(line);
            } else if (columns.isEmpty() && isHeader(line)) {
                columns = columns(line);
                result.add(join(cut(line, columns)));
            } else {
                result.add(row(line, columns));
            }
        }
        return result;
    }

    private String row(String line, List<Integer> columns) {
        if (!columns.isEmpty()) {
            return join(cut(line, columns));
        }
        if (helm && line.indexOf('\t') > 0) {
            return join(Arrays.asList(line.split("\t", -1)));
        }
        if (EVENT.matcher(line).matches()) {
            String content = line.stripLeading();
            String indent = line.substring(0, line.length() - content.length());
            return indent + join(Arrays.asList(content.stripTrailing().split(" {2,}")));
        }
        return bare ? join(Arrays.asList(line.stripTrailing().split(" {2,}"))) : line;
    }

    private boolean isHeader(String line) {
        if (describe) {
            return false;
        }
        String text = line.stripTrailing();
        return text.equals("NAME")
                || (HEADER.matcher(line).matches() && TWO_WORDS.matcher(line).find());
    }

    private static List<Integer> columns(String header) {
        List<Integer> columns = new ArrayList<>(List.of(0));
        Matcher matcher = COLUMN.matcher(header);
        while (matcher.find()) {
            columns.add(matcher.start());
        }
        return columns;
    }

    private static List<String> cut(String line, List<Integer> columns) {
        for (int column : columns.subList(1, columns.size())) {
            if (column <= line.length() && line.charAt(column - 1) != ' ') {
                return Arrays.asList(line.stripTrailing().split(" {2,}"));
            }
        }
        List<String> cells = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int start = Math.min(columns.get(i), line.length());
            int end = i + 1 < columns.size() ? columns.get(i + 1) : line.length();
            cells.add(line.substring(start, Math.max(start, Math.min(end, line.length()))));
        }
        return cells;
    }

    private String join(List<String> cells) {
        return String.join(
                GAP,
                cells.stream()
                        .map(String::strip)
                        .map(text -> text.isEmpty() ? "<blank>" : cell.apply(text))
                        .toList());
    }
}
