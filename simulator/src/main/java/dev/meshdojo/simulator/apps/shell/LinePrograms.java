package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Commands that work line by line: sort, uniq, cut, tr, sed's substitution, rev. */
final class LinePrograms {

    private static final Pattern RANGE = Pattern.compile("(\\d*)(-?)(\\d*)");

    private LinePrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("sort", LinePrograms::sort);
        programs.put("uniq", LinePrograms::uniq);
        programs.put("cut", LinePrograms::cut);
        programs.put("tr", LinePrograms::translate);
        programs.put("sed", LinePrograms::substitute);
    }

    private static List<String> input(Process process, String name, List<String> files)
            throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int code = TextPrograms.read(process, name, files, all);
        if (code != 0) {
            throw new IOException(name + ": cannot read " + String.join(" ", files));
        }
        return all.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static void print(Process process, List<String> lines) throws IOException {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        process.out(text.toString());
    }

    private static String flags(List<String> args) {
        StringBuilder flags = new StringBuilder();
        args.stream()
                .filter(arg -> arg.startsWith("-"))
                .forEach(a -> flags.append(a, 1, a.length()));
        return flags.toString();
    }

    private static List<String> operands(List<String> args) {
        return args.stream().filter(arg -> !arg.startsWith("-")).toList();
    }

    private static int sort(Process process, List<String> args) throws IOException {
        String flags = flags(args);
        Comparator<String> order =
                flags.contains("n")
                        ? Comparator.comparingDouble(LinePrograms::leadingNumber)
                        : Comparator.naturalOrder();
        List<String> lines = new ArrayList<>(input(process, "sort", operands(args)));
        lines.sort(flags.contains("r") ? order.reversed() : order);
        print(process, flags.contains("u") ? lines.stream().distinct().toList() : lines);
        return 0;
    }

    private static double leadingNumber(String line) {
        Matcher number = Pattern.compile("\\s*(-?\\d+(?:\\.\\d+)?)").matcher(line);
        return number.lookingAt() ? Double.parseDouble(number.group(1)) : 0;
    }

    private static int uniq(Process process, List<String> args) throws IOException {
        boolean counted = flags(args).contains("c");
        List<String> result = new ArrayList<>();
        String last = null;
        int count = 0;
        for (String line : input(process, "uniq", operands(args))) {
            if (line.equals(last)) {
                count++;
            } else {
                add(result, last, count, counted);
                last = line;
                count = 1;
            }
        }
        add(result, last, count, counted);
        print(process, result);
        return 0;
    }

    private static void add(
            List<String> result,
            @org.jspecify.annotations.Nullable String line,
            int count,
            boolean counted) {
        if (line != null) {
            result.add(counted ? "%7d %s".formatted(count, line) : line);
        }
    }

    private static int cut(Process process, List<String> args) throws IOException {
        Map<Character, String> options = new LinkedHashMap<>(Map.of('d', "\t"));
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (!arg.startsWith("-") || arg.length() < 2) {
                files.add(arg);
            } else if (arg.length() > 2) {
                options.put(arg.charAt(1), arg.substring(2));
            } else if (i + 1 < args.size()) {
                options.put(arg.charAt(1), args.get(++i));
            }
        }
        boolean characters = options.containsKey('c');
        Matcher range = RANGE.matcher(options.getOrDefault(characters ? 'c' : 'f', ""));
        if (!range.matches() || range.group().isEmpty()) {
            return process.fail(1, "cut: expected a list of bytes, characters, or fields");
        }
        int first = range.group(1).isEmpty() ? 1 : Integer.parseInt(range.group(1));
        int last =
                range.group(2).isEmpty()
                        ? first
                        : range.group(3).isEmpty()
                                ? Integer.MAX_VALUE
                                : Integer.parseInt(range.group(3));
        String delimiter = characters ? "" : options.getOrDefault('d', "\t");
        List<String> result = new ArrayList<>();
        for (String line : input(process, "cut", files)) {
            List<String> parts = List.of(line.split(Pattern.quote(delimiter), -1));
            int from = Math.min(first - 1, parts.size());
            result.add(
                    !characters && parts.size() == 1
                            ? line
                            : String.join(
                                    delimiter,
                                    parts.subList(
                                            from, Math.max(from, Math.min(last, parts.size())))));
        }
        print(process, result);
        return 0;
    }

    private static int translate(Process process, List<String> args) throws IOException {
        List<String> sets =
                operands(args).stream()
                        .map(set -> set.replace("\\n", "\n").replace("\\t", "\t"))
                        .map(LinePrograms::expand)
                        .toList();
        boolean deleting = flags(args).contains("d");
        if (sets.size() < (deleting ? 1 : 2) || sets.getLast().isEmpty()) {
            return process.fail(1, "tr: missing operand");
        }
        String text = new String(process.stdin().readAllBytes(), StandardCharsets.UTF_8);
        StringBuilder result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int at = sets.getFirst().indexOf(c);
            if (at < 0) {
                result.append(c);
            } else if (!deleting) {
                String to = sets.get(1);
                result.append(to.charAt(Math.min(at, to.length() - 1)));
            }
        }
        process.out(result.toString());
        return 0;
    }

    private static String expand(String set) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < set.length(); i++) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                for (char c = set.charAt(i); c <= set.charAt(i + 2); c++) {
                    all.append(c);
                }
                i += 2;
            } else {
                all.append(set.charAt(i));
            }
        }
        return all.toString();
    }

    /** {@code s/A/B/g} and nothing else. */
    private static int substitute(Process process, List<String> args) throws IOException {
        List<String> operands = operands(args);
        String script = operands.isEmpty() ? "" : operands.getFirst();
        String[] parts =
                script.length() > 2 && script.charAt(0) == 's'
                        ? script.substring(2)
                                .split(Pattern.quote(String.valueOf(script.charAt(1))), -1)
                        : new String[0];
        if (parts.length != 3) {
            return process.fail(1, "sed: unsupported command " + script + " (expected: s/A/B/)");
        }
        Pattern pattern = Pattern.compile(parts[0]);
        String replacement =
                parts[1].replace("$", "\\$").replaceAll("\\\\(\\d)", "\\$$1").replace("&", "$0");
        List<String> result = new ArrayList<>();
        for (String line : input(process, "sed", operands.subList(1, operands.size()))) {
            Matcher matcher = pattern.matcher(line);
            result.add(
                    parts[2].contains("g")
                            ? matcher.replaceAll(replacement)
                            : matcher.replaceFirst(replacement));
        }
        print(process, result);
        return 0;
    }
}
