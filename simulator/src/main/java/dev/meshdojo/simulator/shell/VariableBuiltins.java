package dev.meshdojo.simulator.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Built-ins that change variables, positional parameters and options. */
final class VariableBuiltins {

    private VariableBuiltins() {}

    static int export(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        if (arguments.isEmpty() || arguments.equals(List.of("-p"))) {
            state.environment()
                    .forEach(
                            (name, value) ->
                                    streams.out()
                                            .println("declare -x " + name + "=\"" + value + "\""));
            return 0;
        }
        boolean remove = arguments.getFirst().equals("-n");
        return assignEach(
                shell,
                remove ? arguments.subList(1, arguments.size()) : arguments,
                "export",
                streams,
                name -> {
                    if (remove) {
                        state.exported.remove(name);
                    } else {
                        state.exported.add(name);
                    }
                });
    }

    static int readonly(Interpreter shell, List<String> arguments, Streams streams) {
        return assignEach(shell, arguments, "readonly", streams, shell.state().readonly::add);
    }

    static int local(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        if (state.locals.isEmpty()) {
            streams.err().println("meshdojo: local: can only be used in a function");
            return 1;
        }
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!state.locals.peek().containsKey(name)) {
                state.locals.peek().put(name, state.variables.get(name));
            }
            if (equals < 0) {
                state.variables.remove(name);
            } else {
                state.assign(name, argument.substring(equals + 1));
            }
        }
        return 0;
    }

    @FunctionalInterface
    private interface Mark {
        void on(String name);
    }

    private static int assignEach(
            Interpreter shell, List<String> arguments, String command, Streams streams, Mark mark) {
        int status = 0;
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
                streams.err()
                        .println(
                                "meshdojo: "
                                        + command
                                        + ": `"
                                        + argument
                                        + "': not a valid identifier");
                status = 1;
                continue;
            }
            if (equals >= 0) {
                shell.state().assign(name, argument.substring(equals + 1));
            }
            mark.on(name);
        }
        return status;
    }

    static int unset(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        for (String name : arguments) {
            if (name.equals("-v") || name.equals("-f")) {
                continue;
            }
            if (state.readonly.contains(name)) {
                streams.err()
                        .println("meshdojo: unset: " + name + ": cannot unset: readonly variable");
                return 1;
            }
            if (state.variables.remove(name) == null) {
                state.functions.remove(name);
            }
            state.exported.remove(name);
        }
        return 0;
    }

    static int shift(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        int count = arguments.isEmpty() ? 1 : Integer.parseInt(arguments.getFirst());
        if (count > state.positional.size()) {
            return 1;
        }
        state.positional = List.copyOf(state.positional.subList(count, state.positional.size()));
        return 0;
    }

    static int let(Interpreter shell, List<String> arguments, Streams streams) {
        long value = 0;
        for (String expression : arguments) {
            value = new Arithmetic(shell.state()).evaluate(expression);
        }
        return value == 0 ? 1 : 0;
    }

    static int set(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        if (arguments.isEmpty()) {
            state.variables.forEach(
                    (name, value) -> streams.out().println(name + "=" + Quoting.quote(value)));
            return 0;
        }
        int i = 0;
        while (i < arguments.size() && arguments.get(i).matches("[-+].+")) {
            String flags = arguments.get(i++);
            if (flags.equals("--")) {
                break;
            }
            boolean on = flags.startsWith("-");
            for (int k = 0; k < flags.substring(1).length(); k++) {
                char letter = flags.substring(1).charAt(k);
                boolean long_ = letter == 'o';
                String word = long_ && i < arguments.size() ? arguments.get(i++) : "";
                if (!option(state, letter, word, on)) {
                    streams.err()
                            .println(
                                    "meshdojo: set: "
                                            + (long_ ? word : flags)
                                            + ": not supported; there are -e, -u, -x, -f and -o"
                                            + " pipefail");
                    return 2;
                }
            }
        }
        if (i < arguments.size() || (i > 0 && arguments.get(i - 1).equals("--"))) {
            state.positional = List.copyOf(arguments.subList(i, arguments.size()));
        }
        return 0;
    }

    private static boolean option(ShellState state, char letter, String word, boolean on) {
        for (ShellState.Option option : ShellState.Option.values()) {
            if (letter == 'o' ? option.word.equals(word) : option.letter == letter) {
                if (on) {
                    state.options.add(option);
                } else {
                    state.options.remove(option);
                }
                return true;
            }
        }
        return false;
    }

    static int read(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        List<String> names = new ArrayList<>();
        boolean raw = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("-r")) {
                raw = true;
            } else if (argument.equals("-p")) {
                i++;
            } else if (argument.startsWith("-")) {
                streams.err()
                        .println(
                                "meshdojo: read: "
                                        + argument
                                        + ": not supported; there are -r and -p");
                return 2;
            } else {
                names.add(argument);
            }
        }
        try {
            StringBuilder line = new StringBuilder();
            boolean ended = readLine(streams, raw, line);
            if (names.isEmpty()) {
                state.assign("REPLY", line.toString());
            } else {
                share(state, line.toString(), names);
            }
            return ended ? 0 : 1;
        } catch (IOException e) {
            return 1;
        }
    }

    private static boolean readLine(Streams streams, boolean raw, StringBuilder line)
            throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean ended = false;
        int c = streams.in().read();
        while (c >= 0) {
            if (c == '\n') {
                ended = true;
                break;
            }
            if (c == '\\' && !raw) {
                c = streams.in().read();
                if (c == '\n') {
                    c = streams.in().read();
                    continue;
                }
            }
            bytes.write(c);
            c = streams.in().read();
        }
        line.append(bytes.toString(StandardCharsets.UTF_8));
        return ended;
    }

    private static void share(ShellState state, String line, List<String> names) {
        String separators = state.variables.getOrDefault("IFS", " \t\n");
        String rest = trim(line, separators);
        for (int i = 0; i < names.size(); i++) {
            int end = i == names.size() - 1 ? rest.length() : 0;
            while (end < rest.length() && separators.indexOf(rest.charAt(end)) < 0) {
                end++;
            }
            state.assign(names.get(i), rest.substring(0, end));
            rest = rest.substring(Math.min(rest.length(), end + 1));
            rest = trim(rest, separators);
        }
    }

    private static String trim(String text, String separators) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from), separators)) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1), separators)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c, String separators) {
        return separators.indexOf(c) >= 0 && Character.isWhitespace(c);
    }
}
