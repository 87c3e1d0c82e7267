package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** {@code read [-r] [-s] [-p PROMPT] [NAME...]}: a line of standard input into variables. */
final class ReadProgram implements Program {

    @Override
    public int run(Process process, List<String> args) throws IOException {
        boolean raw = false;
        boolean silent = false;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("-p") && i + 1 < args.size()) {
                process.stderr().write(args.get(++i).getBytes(StandardCharsets.UTF_8));
                process.stderr().flush();
            } else if (names.isEmpty() && arg.matches("-[rs]+")) {
                raw |= arg.contains("r");
                silent |= arg.contains("s");
            } else {
                names.add(arg);
            }
        }
        if (names.isEmpty()) {
            names.add("REPLY");
        }
        Terminal terminal = silent ? process.terminalAt(0) : null;
        if (terminal != null) {
            terminal.echo(false);
        }
        try {
            return assign(process, names, raw);
        } finally {
            if (terminal != null) {
                terminal.echo(true);
            }
        }
    }

    private static int assign(Process process, List<String> names, boolean raw) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = process.stdin().read();
        while (b >= 0 && b != '\n') {
            if (b == '\\' && !raw) {
                b = process.stdin().read();
                if (b >= 0 && b != '\n') {
                    line.write(b);
                }
            } else {
                line.write(b);
            }
            b = process.stdin().read();
        }
        String rest = line.toString(StandardCharsets.UTF_8);
        String separators = process.variables().getOrDefault("IFS", " \t\n");
        for (int i = 0; i < names.size(); i++) {
            rest = strip(rest, separators);
            int end = 0;
            boolean last = i == names.size() - 1;
            while (end < rest.length() && (last || separators.indexOf(rest.charAt(end)) < 0)) {
                end++;
            }
            String word = rest.substring(0, end);
            process.variables().put(names.get(i), last ? stripEnd(word, separators) : word);
            rest = rest.substring(Math.min(rest.length(), end + 1));
        }
        return b < 0 ? 1 : 0;
    }

    private static String strip(String text, String separators) {
        int at = 0;
        while (at < text.length() && blank(text.charAt(at), separators)) {
            at++;
        }
        return text.substring(at);
    }

    private static String stripEnd(String text, String separators) {
        int end = text.length();
        while (end > 0 && blank(text.charAt(end - 1), separators)) {
            end--;
        }
        return text.substring(0, end);
    }

    private static boolean blank(char c, String separators) {
        return Character.isWhitespace(c) && separators.indexOf(c) >= 0;
    }
}
