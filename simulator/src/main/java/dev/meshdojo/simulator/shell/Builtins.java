package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Parser;
import dev.meshdojo.simulator.shell.syntax.ShellSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The shell's own commands. */
final class Builtins {

    private static final Map<String, Builtin> TABLE = new HashMap<>();

    static {
        TABLE.put(":", (s, a, io) -> 0);
        TABLE.put("true", (s, a, io) -> 0);
        TABLE.put("false", (s, a, io) -> 1);
        TABLE.put("test", TestCommand::test);
        TABLE.put("[", TestCommand::bracket);
        TABLE.put("cd", Builtins::cd);
        TABLE.put("pwd", Builtins::pwd);
        TABLE.put("exit", (s, a, io) -> leave(s, a, true));
        TABLE.put("return", (s, a, io) -> leave(s, a, false));
        TABLE.put("break", (s, a, io) -> loop(s, a, io, false));
        TABLE.put("continue", (s, a, io) -> loop(s, a, io, true));
        TABLE.put("eval", Builtins::eval);
        TABLE.put("source", Builtins::source);
        TABLE.put(".", Builtins::source);
        TABLE.put("sh", Builtins::shell);
        TABLE.put("bash", Builtins::shell);
        TABLE.put("type", Builtins::type);
        TABLE.put("command", Builtins::command);
        TABLE.put("export", VariableBuiltins::export);
        TABLE.put("unset", VariableBuiltins::unset);
        TABLE.put("readonly", VariableBuiltins::readonly);
        TABLE.put("local", VariableBuiltins::local);
        TABLE.put("set", VariableBuiltins::set);
        TABLE.put("shift", VariableBuiltins::shift);
        TABLE.put("read", VariableBuiltins::read);
        TABLE.put("let", VariableBuiltins::let);
        TABLE.put("jobs", JobBuiltins::jobs);
        TABLE.put("kill", JobBuiltins::kill);
        TABLE.put("wait", JobBuiltins::await);
        TABLE.put("fg", JobBuiltins::foreground);
        TABLE.put("bg", JobBuiltins::background);
        TABLE.put("disown", JobBuiltins::background);
        for (String refused :
                List.of(
                        "exec",
                        "trap",
                        "alias",
                        "declare",
                        "typeset",
                        "getopts",
                        "umask",
                        "ulimit",
                        "mapfile",
                        "readarray",
                        "pushd",
                        "popd",
                        "shopt")) {
            TABLE.put(
                    refused,
                    (s, a, io) -> {
                        io.err()
                                .println(
                                        "meshdojo: "
                                                + refused
                                                + ": not supported in the lab shell");
                        return 2;
                    });
        }
    }

    private Builtins() {}

    static @Nullable Builtin find(String name) {
        return TABLE.get(name);
    }

    private static int cd(Interpreter shell, List<String> arguments, Streams streams) {
        ShellState state = shell.state();
        String target = arguments.isEmpty() ? state.variables.get("HOME") : arguments.getFirst();
        if ("-".equals(target)) {
            target = state.variables.get("OLDPWD");
            streams.out().println(target == null ? "" : target);
        }
        if (target == null) {
            streams.err().println("meshdojo: cd: HOME not set");
            return 1;
        }
        Path directory = state.directory.resolve(target).normalize();
        if (!Files.isDirectory(directory)) {
            String why = Files.exists(directory) ? "Not a directory" : "No such file or directory";
            streams.err().println("meshdojo: cd: " + target + ": " + why);
            return 1;
        }
        state.variables.put("OLDPWD", state.directory.toString());
        state.directory = directory;
        state.variables.put("PWD", directory.toString());
        return 0;
    }

    private static int pwd(Interpreter shell, List<String> arguments, Streams streams) {
        streams.out().println(shell.state().directory);
        return 0;
    }

    private static int leave(Interpreter shell, List<String> arguments, boolean exit) {
        int status = shell.state().status;
        if (!arguments.isEmpty()) {
            try {
                status = Integer.parseInt(arguments.getFirst()) & 0xff;
            } catch (NumberFormatException e) {
                throw new ScriptException(
                        "exit: " + arguments.getFirst() + ": numeric argument required", true);
            }
        }
        if (exit) {
            throw new ControlFlow.Exit(status);
        }
        throw new ControlFlow.Return(status);
    }

    private static int loop(
            Interpreter shell, List<String> arguments, Streams streams, boolean again) {
        if (shell.state().loopDepth == 0) {
            String name = again ? "continue" : "break";
            streams.err()
                    .println(
                            "meshdojo: "
                                    + name
                                    + ": only meaningful in a `for', `while', or `until' loop");
            return 0;
        }
        int levels = 1;
        if (!arguments.isEmpty()) {
            levels =
                    Math.max(1, (int) new Arithmetic(shell.state()).evaluate(arguments.getFirst()));
        }
        throw new ControlFlow.Loop(again, Math.min(levels, shell.state().loopDepth));
    }

    private static int eval(Interpreter shell, List<String> arguments, Streams streams) {
        return run(shell, String.join(" ", arguments), streams);
    }

    private static int run(Interpreter shell, String text, Streams streams) {
        Command script;
        try {
            script = Parser.parse(text);
        } catch (ShellSyntaxException e) {
            streams.err().println("meshdojo: " + e.getMessage());
            return 2;
        }
        return shell.execute(script, streams);
    }

    private static int source(Interpreter shell, List<String> arguments, Streams streams) {
        if (arguments.isEmpty()) {
            streams.err().println("meshdojo: source: filename argument required");
            return 2;
        }
        ShellState state = shell.state();
        List<String> before = state.positional;
        try {
            String text = Files.readString(state.directory.resolve(arguments.getFirst()));
            if (arguments.size() > 1) {
                state.positional = List.copyOf(arguments.subList(1, arguments.size()));
            }
            return run(shell, text, streams);
        } catch (ControlFlow.Return left) {
            return left.status;
        } catch (IOException e) {
            streams.err()
                    .println("meshdojo: " + arguments.getFirst() + ": No such file or directory");
            return 1;
        } finally {
            state.positional = before;
        }
    }

    private static int shell(Interpreter shell, List<String> arguments, Streams streams) {
        List<String> rest = new ArrayList<>(arguments);
        boolean inline = false;
        List<String> options = new ArrayList<>();
        while (!rest.isEmpty() && rest.getFirst().startsWith("-")) {
            String option = rest.removeFirst();
            if (option.contains("c")) {
                inline = true;
                option = option.replace("c", "");
            }
            if (option.length() > 1 && !option.equals("--")) {
                options.add(option);
            }
        }
        SimpleCommands commands = new SimpleCommands(shell);
        String prefix = options.isEmpty() ? "" : "set " + String.join(" ", options) + "\n";
        try {
            if (inline && !rest.isEmpty()) {
                String name = rest.size() > 1 ? rest.get(1) : "bash";
                List<String> positional =
                        rest.size() > 2 ? rest.subList(2, rest.size()) : List.of();
                return commands.script(prefix + rest.getFirst(), name, positional, streams);
            }
            if (rest.isEmpty()) {
                String text =
                        new String(
                                streams.in().readAllBytes(),
                                java.nio.charset.StandardCharsets.UTF_8);
                return commands.script(prefix + text, "bash", List.of(), streams);
            }
            String text = Files.readString(shell.state().directory.resolve(rest.getFirst()));
            return commands.script(
                    prefix + text, rest.getFirst(), rest.subList(1, rest.size()), streams);
        } catch (IOException e) {
            streams.err().println("bash: " + rest.getFirst() + ": No such file or directory");
            return 127;
        }
    }

    private static int type(Interpreter shell, List<String> arguments, Streams streams) {
        int status = 0;
        for (String name : arguments) {
            if (shell.state().functions.containsKey(name)) {
                streams.out().println(name + " is a function");
            } else if (find(name) != null) {
                streams.out().println(name + " is a shell builtin");
            } else if (shell.session().programs().containsKey(name)) {
                streams.out().println(name + " is /usr/bin/" + name);
            } else {
                streams.err().println("meshdojo: type: " + name + ": not found");
                status = 1;
            }
        }
        return status;
    }

    private static int command(Interpreter shell, List<String> arguments, Streams streams)
            throws InterruptedException {
        if (arguments.isEmpty()) {
            return 0;
        }
        if (!arguments.getFirst().startsWith("-")) {
            SimpleCommands commands = new SimpleCommands(shell);
            return commands.call(arguments, Map.of(), streams);
        }
        int status = 1;
        for (String name : arguments.subList(1, arguments.size())) {
            boolean own = find(name) != null || shell.state().functions.containsKey(name);
            if (own || shell.session().programs().containsKey(name)) {
                streams.out().println(own ? name : "/usr/bin/" + name);
                status = 0;
            }
        }
        return status;
    }
}
