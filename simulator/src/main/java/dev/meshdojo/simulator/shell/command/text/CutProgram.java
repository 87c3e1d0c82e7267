package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** {@code cut}. */
final class CutProgram {

    private CutProgram() {}

    static int run(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse(
                        "d:f:c:b:s",
                        Map.of(
                                "delimiter",
                                'd',
                                "fields",
                                'f',
                                "characters",
                                'c',
                                "bytes",
                                'b',
                                "only-delimited",
                                's'),
                        arguments);
        String list = options.value('f', options.value('c', options.value('b', "")));
        if (list.isEmpty()) {
            throw new UsageException(1, "you must specify a list of bytes, characters, or fields");
        }
        IntPredicate wanted = ranges(list);
        String delimiter = options.value('d', "\t");
        if (options.has('d') && delimiter.length() != 1) {
            throw new UsageException(1, "the delimiter must be a single character");
        }
        for (String name : options.operands().isEmpty() ? List.of("-") : options.operands()) {
            LinePrograms.each(
                    name,
                    in,
                    line -> {
                        cut(line, options, delimiter, wanted, in);
                        return true;
                    });
        }
        return 0;
    }

    private static void cut(
            String line, Options options, String delimiter, IntPredicate wanted, Invocation in) {
        if (!options.has('f')) {
            StringBuilder text = new StringBuilder();
            int[] points = line.codePoints().toArray();
            for (int i = 0; i < points.length; i++) {
                if (wanted.test(i + 1)) {
                    text.appendCodePoint(points[i]);
                }
            }
            in.stdout().print(text.append('\n'));
            return;
        }
        if (!line.contains(delimiter)) {
            if (!options.has('s')) {
                in.stdout().print(line + "\n");
            }
            return;
        }
        String[] fields = line.split(Pattern.quote(delimiter), -1);
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < fields.length; i++) {
            if (wanted.test(i + 1)) {
                chosen.add(fields[i]);
            }
        }
        in.stdout().print(String.join(delimiter, chosen) + "\n");
    }

    private static IntPredicate ranges(String list) {
        IntPredicate wanted = i -> false;
        for (String range : list.split(",", -1)) {
            if (!range.matches("\\d+|\\d+-\\d*|-\\d+")) {
                throw new UsageException(1, "invalid field value '" + range + "'");
            }
            int dash = range.indexOf('-');
            int from =
                    dash == 0 ? 1 : Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
            int to =
                    dash < 0
                            ? from
                            : dash == range.length() - 1
                                    ? Integer.MAX_VALUE
                                    : Integer.parseInt(range.substring(dash + 1));
            wanted = wanted.or(i -> i >= from && i <= to);
        }
        return wanted;
    }
}
