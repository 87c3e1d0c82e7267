package dev.meshdojo.simulator.shell.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tree of a script. Immutable. */
public sealed interface Command {

    /** {@code NAME=value} before or instead of a command. */
    record Assignment(String name, Word value, boolean append) {}

    /** A command with its words. */
    record Simple(List<Assignment> assignments, List<Word> words, List<Redirection> redirections)
            implements Command {
        public Simple {
            assignments = List.copyOf(assignments);
            words = List.copyOf(words);
            redirections = List.copyOf(redirections);
        }
    }

    /** Commands joined by pipes. */
    record Pipeline(boolean negated, List<Command> stages) implements Command {
        public Pipeline {
            stages = List.copyOf(stages);
        }
    }

    /** {@code left && right} or {@code left || right}. */
    record AndOr(Command left, boolean and, Command right) implements Command {}

    /** Commands one after the other. */
    record Sequence(List<Item> items) implements Command {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /**
     * One command of a sequence.
     *
     * @param source as written, for the job table
     */
    record Item(Command command, boolean background, String source) {}

    /** A compound command with redirections of its own. */
    record Redirected(Command body, List<Redirection> redirections) implements Command {
        public Redirected {
            redirections = List.copyOf(redirections);
        }
    }

    /** {@code ( … )}. */
    record Subshell(Command body) implements Command {}

    /** {@code if}: branches in order, and what stands behind {@code else}. */
    record If(List<Branch> branches, @Nullable Command otherwise) implements Command {
        public If {
            branches = List.copyOf(branches);
        }
    }

    /** One {@code if} or {@code elif}. */
    record Branch(Command condition, Command body) {}

    /** {@code while} or {@code until}. */
    record Loop(boolean until, Command condition, Command body) implements Command {}

    /** {@code for}; without {@code in} it walks the positional parameters. */
    record For(String variable, @Nullable List<Word> words, Command body) implements Command {}

    /** {@code case}. */
    record Case(Word subject, List<Choice> choices) implements Command {
        public Case {
            choices = List.copyOf(choices);
        }
    }

    /** One pattern list of a {@code case}. */
    record Choice(List<Word> patterns, Command body) {
        public Choice {
            patterns = List.copyOf(patterns);
        }
    }

    /**
     * {@code name() body}.
     *
     * @param source as written
     */
    record Function(String name, Command body, String source) implements Command {}

    /** {@code [[ … ]]}; its words are not split. */
    record Conditional(List<Word> words) implements Command {
        public Conditional {
            words = List.copyOf(words);
        }
    }

    /** {@code (( … ))}. */
    record ArithmeticCommand(Word expression) implements Command {}
}
