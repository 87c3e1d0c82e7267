package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Parser;
import dev.meshdojo.simulator.shell.syntax.ShellSyntaxException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Carries out simple commands: functions, built-ins, programs. */
final class SimpleCommands implements Invocation.Host {

    private final Interpreter shell;
    private final ShellState state;

    SimpleCommands(Interpreter shell) {
        this.shell = shell;
        this.state = shell.state();
    }

    int run(Command.Simple command, Streams streams) {
        List<String> words = shell.expander().fields(command.words());
        Map<String, String> assignments = new HashMap<>();
        for (Command.Assignment assignment : command.assignments()) {
            String value = shell.expander().text(assignment.value());
            if (assignment.append()) {
                value = state.variables.getOrDefault(assignment.name(), "") + value;
            }
            if (words.isEmpty()) {
                state.assign(assignment.name(), value);
            }
            assignments.put(assignment.name(), value);
        }
        trace(words, assignments, streams.err());
        try (OpenedRedirections opened =
                new OpenedRedirections(state, shell.expander(), streams, command.redirections())) {
            return words.isEmpty()
                    ? shell.assignmentStatus()
                    : call(words, assignments, opened.streams());
        }
    }

    private void trace(List<String> words, Map<String, String> assignments, PrintStream err) {
        if (!state.has(ShellState.Option.XTRACE)) {
            return;
        }
        List<String> shown = new ArrayList<>();
        assignments.forEach((name, value) -> shown.add(name + "=" + Quoting.quote(value)));
        words.forEach(word -> shown.add(Quoting.quote(word)));
        if (!shown.isEmpty()) {
            err.println("+ " + String.join(" ", shown));
        }
    }

    int call(List<String> words, Map<String, String> assignments, Streams streams) {
        String name = words.getFirst();
        Command.Function function = state.functions.get(name);
        Builtin builtin = function == null ? Builtins.find(name) : null;
        if (function == null && builtin == null) {
            Map<String, String> environment = new HashMap<>(state.environment());
            environment.putAll(assignments);
            return program(words, environment, streams);
        }
        shell.task().settle();
        Map<String, @Nullable String> before = new HashMap<>();
        assignments.forEach(
                (variable, value) -> {
                    before.put(variable, state.variables.get(variable));
                    state.assign(variable, value);
                });
        try {
            List<String> arguments = words.subList(1, words.size());
            return function == null
                    ? java.util.Objects.requireNonNull(builtin).run(shell, arguments, streams)
                    : function(function.body(), arguments, streams);
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            before.forEach(this::restore);
        }
    }

    private void restore(String variable, @Nullable String value) {
        if (value == null) {
            state.variables.remove(variable);
        } else {
            state.variables.put(variable, value);
        }
    }

    private int function(Command body, List<String> arguments, Streams streams) {
        List<String> before = state.positional;
        int loops = state.loopDepth;
        state.positional = List.copyOf(arguments);
        state.loopDepth = 0;
        state.functionDepth++;
        state.locals.push(new HashMap<>());
        try {
            return shell.execute(body, streams);
        } catch (ControlFlow.Return left) {
            return left.status;
        } finally {
            state.locals.pop().forEach(this::restore);
            state.functionDepth--;
            state.loopDepth = loops;
            state.positional = before;
        }
    }

    private int program(List<String> words, Map<String, String> environment, Streams streams) {
        ShellCommand program = shell.session().programs().get(words.getFirst());
        if (program == null || !program.opensPort(words.subList(1, words.size()))) {
            shell.task().settle();
        }
        Invocation invocation =
                new Invocation(
                        shell.session().cluster(),
                        state.directory,
                        environment,
                        streams.in(),
                        streams.out(),
                        streams.err(),
                        shell.task().identity(),
                        this);
        try {
            int status = launch(words, invocation);
            if (Thread.currentThread().isInterrupted()) {
                throw interrupted();
            }
            return status;
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static ControlFlow.Interrupted interrupted() {
        Thread.currentThread().interrupt();
        return new ControlFlow.Interrupted();
    }

    @Override
    public List<ShellCommand> programs() {
        return List.copyOf(shell.session().programs().values());
    }

    @Override
    public List<Invocation.Job> jobs() {
        return shell.session().jobs().all().stream()
                .filter(Task::running)
                .map(Task::identity)
                .toList();
    }

    @Override
    public InstantSource clock() {
        return shell.session().clock();
    }

    @Override
    public int launch(List<String> words, Invocation invocation) throws InterruptedException {
        String name = words.getFirst();
        List<String> arguments = words.subList(1, words.size());
        Path file = invocation.directory().resolve(name);
        if (name.contains("/") && Files.isRegularFile(file)) {
            String base = file.getFileName().toString();
            return shell.session().programs().containsKey(base)
                    ? launch(prepend(base, arguments), invocation)
                    : script(file, name, arguments, invocation);
        }
        ShellCommand program = shell.session().programs().get(name);
        if (program == null) {
            Builtin builtin = Builtins.find(name);
            if (builtin != null) {
                return builtin.run(shell.subshell(), arguments, streams(invocation));
            }
            return unknown(name, invocation.stderr());
        }
        int status = program.run(arguments, invocation);
        invocation.stdout().flush();
        invocation.stderr().flush();
        return status;
    }

    private static List<String> prepend(String first, List<String> rest) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(rest);
        return all;
    }

    private static Streams streams(Invocation invocation) {
        return new Streams(invocation.stdin(), invocation.stdout(), invocation.stderr());
    }

    /** Runs a script file as a shell of its own would. */
    int script(Path file, String name, List<String> arguments, Invocation invocation) {
        try {
            return script(Files.readString(file), name, arguments, streams(invocation));
        } catch (IOException e) {
            invocation.stderr().println(name + ": " + e.getMessage());
            return 126;
        }
    }

    int script(String text, String name, List<String> arguments, Streams streams) {
        Interpreter child = shell.subshell();
        child.state().functions.clear();
        child.state().options.clear();
        child.state().variables.keySet().retainAll(child.state().exported);
        child.state().positional = List.copyOf(arguments);
        child.state().name = name;
        try {
            return child.runToEnd(Parser.parse(text), streams);
        } catch (ShellSyntaxException e) {
            streams.err().println(name + ": " + e.getMessage());
            return 2;
        }
    }

    private int unknown(String name, PrintStream err) {
        err.println(name + ": command not found");
        if (name.contains("/")) {
            return 127;
        }
        List<String> names =
                shell.session().programs().values().stream().map(ShellCommand::name).toList();
        err.println("This shell has " + String.join(", ", names) + ". 'help' says what each does.");
        return 127;
    }
}
