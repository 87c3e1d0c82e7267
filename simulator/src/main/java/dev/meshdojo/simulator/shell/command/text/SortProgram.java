package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code sort}, in the C locale. */
final class SortProgram {

    private static final Pattern NUMBER = Pattern.compile("\\s*(-?\\d*\\.?\\d+|-?\\d+)");
    private static final Pattern KEY =
            Pattern.compile("(\\d+)(?:\\.\\d+)?([a-zA-Z]*)(?:,(\\d+)(?:\\.\\d+)?([a-zA-Z]*))?");

    private SortProgram() {}

    static int run(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse(
                        "rnufbshVk:t:o:",
                        Map.of(
                                "reverse",
                                'r',
                                "numeric-sort",
                                'n',
                                "unique",
                                'u',
                                "key",
                                'k',
                                "version-sort",
                                'V'),
                        arguments);
        List<String> lines = new ArrayList<>(Inputs.lines(options.operands(), in));
        Comparator<String> order = null;
        for (String key : options.values('k')) {
            Comparator<String> next = key(key, options);
            order = order == null ? next : order.thenComparing(next);
        }
        if (order == null) {
            order = content(letters(options), options.has('r'));
        }
        Comparator<String> keys = order;
        Comparator<String> last =
                options.has('r') ? Comparator.<String>reverseOrder() : Comparator.naturalOrder();
        lines.sort(options.has('s') || options.has('u') ? keys : keys.thenComparing(last));
        List<String> result = new ArrayList<>();
        for (String line : lines) {
            boolean repeated =
                    options.has('u')
                            && !result.isEmpty()
                            && keys.compare(result.getLast(), line) == 0;
            if (!repeated) {
                result.add(line);
            }
        }
        if (options.has('o')) {
            Files.write(in.file(options.value('o', "")), result);
        } else {
            result.forEach(l -> in.stdout().print(l + "\n"));
        }
        return 0;
    }

    private static String letters(Options options) {
        StringBuilder letters = new StringBuilder();
        for (int k = 0; k < "nfhVb".length(); k++) {
            char c = "nfhVb".charAt(k);
            if (options.has(c)) {
                letters.append(c);
            }
        }
        return letters.toString();
    }

    private static Comparator<String> key(String spec, Options options) {
        Matcher matcher = KEY.matcher(spec);
        if (!matcher.matches()) {
            throw new UsageException(2, "invalid key: '" + spec + "'");
        }
        int from = Integer.parseInt(matcher.group(1));
        int to = matcher.group(3) == null ? Integer.MAX_VALUE : Integer.parseInt(matcher.group(3));
        String own = matcher.group(2) + (matcher.group(4) == null ? "" : matcher.group(4));
        String letters = own.isEmpty() ? letters(options) : own;
        boolean reverse = own.isEmpty() ? options.has('r') : own.contains("r");
        String separator = options.value('t', "");
        Comparator<String> order = content(letters, reverse);
        return (a, b) ->
                order.compare(field(a, from, to, separator), field(b, from, to, separator));
    }

    private static String field(String line, int from, int to, String separator) {
        String[] fields =
                separator.isEmpty()
                        ? line.split("(?<=\\S)(?=\\s)", -1)
                        : line.split(Pattern.quote(separator), -1);
        StringBuilder text = new StringBuilder();
        for (int i = from - 1; i < Math.min(fields.length, to); i++) {
            text.append(i > from - 1 ? separator : "").append(fields[i]);
        }
        return text.toString();
    }

    private static Comparator<String> content(String letters, boolean reverse) {
        Comparator<String> order;
        if (letters.contains("n") || letters.contains("h")) {
            order = Comparator.comparing(SortProgram::number);
        } else if (letters.contains("V")) {
            order = SortProgram::versions;
        } else if (letters.contains("f")) {
            order = Comparator.comparing(s -> s.toUpperCase(Locale.ROOT));
        } else {
            order = Comparator.comparing(s -> letters.contains("b") ? s.stripLeading() : s);
        }
        return reverse ? order.reversed() : order;
    }

    private static BigDecimal number(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.lookingAt() ? new BigDecimal(matcher.group(1)) : BigDecimal.ZERO;
    }

    private static int versions(String a, String b) {
        String[] left = a.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)", -1);
        String[] right = b.split("(?<=\\D)(?=\\d)|(?<=\\d)(?=\\D)", -1);
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            boolean numbers = left[i].matches("\\d+") && right[i].matches("\\d+");
            int order =
                    numbers
                            ? new BigDecimal(left[i]).compareTo(new BigDecimal(right[i]))
                            : left[i].compareTo(right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }
}
