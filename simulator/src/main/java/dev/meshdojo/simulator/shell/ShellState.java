package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Parser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a script changes as it runs. A subshell gets a copy. Used by one thread at a time. */
final class ShellState {

    /** {@code set -o} options. */
    enum Option {
        ERREXIT('e', "errexit"),
        NOUNSET('u', "nounset"),
        XTRACE('x', "xtrace"),
        NOGLOB('f', "noglob"),
        PIPEFAIL('\0', "pipefail");

        final char letter;
        final String word;

        Option(char letter, String word) {
            this.letter = letter;
            this.word = word;
        }
    }

    final Map<String, String> variables = new TreeMap<>();
    final Set<String> exported = new HashSet<>();
    final Set<String> readonly = new HashSet<>();
    final Map<String, Command.Function> functions = new HashMap<>();
    final Set<Option> options = new HashSet<>();
    final Deque<Map<String, @Nullable String>> locals = new ArrayDeque<>();
    List<String> positional = List.of();
    String name = "meshdojo";
    Path directory;
    int status;
    int lastBackground;
    int loopDepth;
    int functionDepth;

    ShellState(Path directory, Map<String, String> environment) {
        this.directory = directory;
        variables.putAll(environment);
        exported.addAll(environment.keySet());
        variables.put("PWD", directory.toString());
        exported.add("PWD");
    }

    ShellState copy() {
        ShellState copy = new ShellState(directory, Map.of());
        copy.variables.clear();
        copy.variables.putAll(variables);
        copy.exported.clear();
        copy.exported.addAll(exported);
        copy.readonly.addAll(readonly);
        copy.functions.putAll(functions);
        copy.options.addAll(options);
        copy.positional = positional;
        copy.name = name;
        copy.status = status;
        copy.lastBackground = lastBackground;
        copy.functionDepth = functionDepth;
        locals.descendingIterator().forEachRemaining(l -> copy.locals.push(new HashMap<>(l)));
        return copy;
    }

    /** What lasts from script to script. */
    SavedShell save(List<SavedShell.SavedJob> jobs) {
        Map<String, String> sources = new HashMap<>();
        functions.forEach((function, definition) -> sources.put(function, definition.source()));
        Set<String> set = new HashSet<>();
        options.forEach(option -> set.add(option.name()));
        return new SavedShell(
                directory.toString(), variables, exported, readonly, set, sources, jobs);
    }

    /** Takes everything over; a directory that is gone stays what it is. */
    void become(SavedShell saved) {
        if (Files.isDirectory(saved.path())) {
            directory = saved.path();
        }
        variables.clear();
        variables.putAll(saved.variables());
        variables.put("PWD", directory.toString());
        exported.clear();
        exported.addAll(saved.exported());
        readonly.clear();
        readonly.addAll(saved.readonly());
        options.clear();
        saved.options().forEach(option -> options.add(Option.valueOf(option)));
        functions.clear();
        for (String source : saved.functions().values()) {
            if (Parser.parse(source) instanceof Command.Sequence script
                    && script.items().getFirst().command() instanceof Command.Function function) {
                functions.put(function.name(), function);
            }
        }
        locals.clear();
        loopDepth = 0;
        functionDepth = 0;
        status = 0;
    }

    void assign(String variable, String value) {
        if (readonly.contains(variable)) {
            throw new ScriptException(variable + ": readonly variable", true);
        }
        variables.put(variable, value);
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    Map<String, String> environment() {
        Map<String, String> environment = new TreeMap<>();
        for (String variable : exported) {
            String value = variables.get(variable);
            if (value != null) {
                environment.put(variable, value);
            }
        }
        return environment;
    }
}
