package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** {@code tr}. */
final class TrProgram {

    private TrProgram() {}

    static int run(List<String> arguments, Invocation in) throws IOException {
        Options options =
                Options.parse(
                        "+dscC",
                        Map.of("delete", 'd', "squeeze-repeats", 's', "complement", 'c'),
                        arguments);
        List<String> sets = options.operands();
        if (sets.isEmpty() || (sets.size() < 2 && !options.has('d') && !options.has('s'))) {
            throw new UsageException(1, "missing operand");
        }
        String from = set(sets.getFirst());
        String to = sets.size() > 1 ? set(sets.get(1)) : "";
        boolean complement = options.has('c') || options.has('C');
        StringBuilder output = new StringBuilder();
        String text = new String(in.stdin().readAllBytes(), StandardCharsets.UTF_8);
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            boolean member = from.indexOf(c) >= 0 != complement;
            if (member && options.has('d')) {
                continue;
            }
            char mapped =
                    member && !to.isEmpty() && !options.has('d') ? map(c, from, to, complement) : c;
            boolean squeezable =
                    options.has('s') && (sets.size() > 1 ? to.indexOf(mapped) >= 0 : member);
            boolean repeat =
                    squeezable && !output.isEmpty() && output.charAt(output.length() - 1) == mapped;
            if (!repeat) {
                output.append(mapped);
            }
        }
        in.stdout().print(output);
        return 0;
    }

    private static char map(char c, String from, String to, boolean complement) {
        int index = complement ? to.length() - 1 : from.indexOf(c);
        return to.charAt(Math.min(index, to.length() - 1));
    }

    private static String set(String text) {
        String named =
                text.replace("[:upper:]", "A-Z")
                        .replace("[:lower:]", "a-z")
                        .replace("[:digit:]", "0-9")
                        .replace("[:alpha:]", "A-Za-z")
                        .replace("[:alnum:]", "A-Za-z0-9")
                        .replace("[:space:]", " \t\n\r\f")
                        .replace("[:blank:]", " \t")
                        .replace("[:punct:]", "!-/:-@[-`{-~")
                        .replace("\\n", "\n")
                        .replace("\\t", "\t")
                        .replace("\\r", "\r")
                        .replace("\\\\", "\\");
        StringBuilder set = new StringBuilder();
        for (int i = 0; i < named.length(); i++) {
            if (i + 2 < named.length() && named.charAt(i + 1) == '-') {
                for (char c = named.charAt(i); c <= named.charAt(i + 2); c++) {
                    set.append(c);
                }
                i += 2;
            } else {
                set.append(named.charAt(i));
            }
        }
        return set.toString();
    }
}
