package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** Programs that work on lines. */
public final class LinePrograms {

    private LinePrograms() {}

    /** All of them. */
    public static List<ShellCommand> programs() {
        return List.of(
                new Program("grep", "finds lines", Grep::run),
                new Program("sed", "edits a stream", Sed::run),
                new Program("awk", "picks and prints fields", Awk::run),
                new Program("head", "prints the first lines", LinePrograms::head),
                new Program("tail", "prints the last lines", LinePrograms::tail),
                new Program("wc", "counts lines, words and bytes", LinePrograms::wc),
                new Program("sort", "sorts lines", SortProgram::run),
                new Program("uniq", "joins equal neighbours", LinePrograms::uniq),
                new Program("cut", "cuts fields or characters", CutProgram::run),
                new Program("tr", "replaces characters", TrProgram::run),
                new Program("rev", "turns lines around", LinePrograms::rev),
                new Program("base64", "encodes and decodes", LinePrograms::base64));
    }

    private static int head(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse("n:c:q", Map.of("lines", 'n', "bytes", 'c'), legacy(arguments));
        List<String> names = options.operands().isEmpty() ? List.of("-") : options.operands();
        for (String name : names) {
            title(names, name, options, in);
            try (InputStream stream = Inputs.open(name, in)) {
                if (options.has('c')) {
                    in.stdout().write(stream.readNBytes((int) options.number('c', 0)));
                    continue;
                }
                long count = options.number('n', 10);
                if (count < 0) {
                    List<String> lines =
                            new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                                    .lines()
                                    .toList();
                    lines.subList(0, (int) Math.max(0, lines.size() + count))
                            .forEach(l -> in.stdout().print(l + "\n"));
                    continue;
                }
                firstLines(stream, count, in);
            }
        }
        return 0;
    }

    private static void firstLines(InputStream stream, long count, Invocation in)
            throws IOException {
        long left = count;
        while (left > 0) {
            int c = stream.read();
            if (c < 0) {
                return;
            }
            in.stdout().write(c);
            if (c == '\n') {
                left--;
            }
        }
    }

    private static void title(List<String> names, String name, Options options, Invocation in) {
        if (names.size() > 1 && !options.has('q')) {
            in.stdout()
                    .print((name.equals(names.getFirst()) ? "" : "\n") + "==> " + name + " <==\n");
        }
    }

    /** {@code -5} means {@code -n 5}. */
    private static List<String> legacy(List<String> arguments) {
        List<String> words = new ArrayList<>();
        for (String argument : arguments) {
            words.add(argument.matches("-\\d+") ? "-n" + argument.substring(1) : argument);
        }
        return words;
    }

    private static int tail(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse("n:c:qfF", Map.of("lines", 'n', "bytes", 'c'), legacy(arguments));
        if (options.has('f') || options.has('F')) {
            throw new UsageException(1, "-f is not supported; use kubectl logs -f for a pod's log");
        }
        List<String> names = options.operands().isEmpty() ? List.of("-") : options.operands();
        for (String name : names) {
            title(names, name, options, in);
            if (options.has('c')) {
                try (InputStream stream = Inputs.open(name, in)) {
                    byte[] all = stream.readAllBytes();
                    int count = (int) Math.min(all.length, options.number('c', 0));
                    in.stdout().write(all, all.length - count, count);
                }
                continue;
            }
            String from = options.value('n', "10");
            List<String> lines = Inputs.lines(List.of(name), in);
            int start =
                    from.startsWith("+")
                            ? Math.min(lines.size(), Integer.parseInt(from.substring(1)) - 1)
                            : Math.max(0, lines.size() - (int) Math.abs(options.number('n', 10)));
            lines.subList(Math.max(0, start), lines.size())
                    .forEach(l -> in.stdout().print(l + "\n"));
        }
        return 0;
    }

    private static int wc(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse(
                        "lwcm",
                        Map.of("lines", 'l', "words", 'w', "bytes", 'c', "chars", 'm'),
                        arguments);
        boolean all =
                !options.has('l') && !options.has('w') && !options.has('c') && !options.has('m');
        List<String> names = options.operands().isEmpty() ? List.of("") : options.operands();
        List<long[]> counts = new ArrayList<>();
        for (String name : names) {
            try (InputStream stream = Inputs.open(name.isEmpty() ? "-" : name, in)) {
                byte[] bytes = stream.readAllBytes();
                String text = new String(bytes, StandardCharsets.UTF_8);
                String stripped = text.strip();
                long words = stripped.isEmpty() ? 0 : stripped.split("\\s+", -1).length;
                counts.add(
                        new long[] {
                            text.chars().filter(c -> c == '\n').count(),
                            words,
                            bytes.length,
                            text.codePointCount(0, text.length())
                        });
            }
        }
        boolean[] shown = {
            all || options.has('l'),
            all || options.has('w'),
            all || options.has('c'),
            options.has('m')
        };
        long[] total = new long[4];
        for (int i = 0; i < counts.size(); i++) {
            for (int j = 0; j < total.length; j++) {
                total[j] += counts.get(i)[j];
            }
        }
        int columns =
                (shown[0] ? 1 : 0) + (shown[1] ? 1 : 0) + (shown[2] ? 1 : 0) + (shown[3] ? 1 : 0);
        boolean piped = names.getFirst().isEmpty();
        int width =
                columns == 1 && names.size() == 1
                        ? 1
                        : piped ? 7 : String.valueOf(total[2]).length();
        for (int i = 0; i < counts.size(); i++) {
            in.stdout().print(counted(counts.get(i), shown, width, names.get(i)));
        }
        if (counts.size() > 1) {
            in.stdout().print(counted(total, shown, width, "total"));
        }
        return 0;
    }

    private static String counted(long[] counts, boolean[] shown, int width, String name) {
        List<String> columns = new ArrayList<>();
        for (int i : new int[] {0, 1, 3, 2}) {
            if (shown[i]) {
                columns.add(("%" + width + "d").formatted(counts[i]));
            }
        }
        return String.join(" ", columns) + (name.isEmpty() ? "" : " " + name) + "\n";
    }

    private static int uniq(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse(
                        "cdui", Map.of("count", 'c', "repeated", 'd', "unique", 'u'), arguments);
        Deque<String> group = new ArrayDeque<>();
        for (String line : Inputs.lines(options.operands(), in)) {
            boolean same =
                    !group.isEmpty()
                            && (options.has('i')
                                    ? group.peek().equalsIgnoreCase(line)
                                    : group.peek().equals(line));
            if (!same) {
                flush(group, options, in);
            }
            group.addLast(line);
        }
        flush(group, options, in);
        return 0;
    }

    private static void flush(Deque<String> group, Options options, Invocation in) {
        int count = group.size();
        boolean print =
                count > 0 && !(options.has('d') && count == 1) && !(options.has('u') && count > 1);
        if (print) {
            String prefix = options.has('c') ? "%7d ".formatted(count) : "";
            in.stdout().print(prefix + group.peekFirst() + "\n");
        }
        group.clear();
    }

    private static int rev(List<String> arguments, Invocation in) throws IOException {
        for (String line : Inputs.lines(arguments, in)) {
            in.stdout().print(new StringBuilder(line).reverse() + "\n");
        }
        return 0;
    }

    private static int base64(List<String> arguments, Invocation in) throws IOException {
        Options options = Options.parse("dDiw:", Map.of("decode", 'd', "wrap", 'w'), arguments);
        String name = options.operands().isEmpty() ? "-" : options.operands().getFirst();
        byte[] bytes;
        try (InputStream stream = Inputs.open(name, in)) {
            bytes = stream.readAllBytes();
        }
        if (options.has('d') || options.has('D')) {
            try {
                String text = new String(bytes, StandardCharsets.US_ASCII).replaceAll("\\s", "");
                in.stdout().write(Base64.getDecoder().decode(text));
                return 0;
            } catch (IllegalArgumentException e) {
                throw new UsageException(1, "invalid input");
            }
        }
        int wrap = (int) options.number('w', 76);
        String text = Base64.getEncoder().encodeToString(bytes);
        if (wrap == 0) {
            in.stdout().print(text);
            return 0;
        }
        for (int i = 0; i < text.length(); i += wrap) {
            in.stdout().print(text.substring(i, Math.min(text.length(), i + wrap)) + "\n");
        }
        return 0;
    }

    /** For programs that stream: each line as it comes. */
    interface LineSink {
        boolean accept(String line) throws IOException;
    }

    static void each(String name, Invocation in, LineSink sink) throws IOException {
        try (BufferedReader reader = Inputs.reader(name, in)) {
            String line = reader.readLine();
            while (line != null && sink.accept(line)) {
                line = reader.readLine();
            }
        }
    }
}
