package dev.meshdojo.simulator.apps.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed piece of a shell script. */
sealed interface ShellNode {

    /** A command with its assignments and redirections. */
    record Simple(List<Assignment> assignments, List<Word> words, List<Redirect> redirects)
            implements ShellNode {}

    /** Commands joined by pipes; the last one's code counts. */
    record Pipeline(List<ShellNode> commands, boolean negated) implements ShellNode {}

    /** Two commands joined by {@code &&} or {@code ||}. */
    record Chain(ShellNode left, boolean and, ShellNode right) implements ShellNode {}

    /** Commands one after the other. */
    record Sequence(List<Step> steps) implements ShellNode {}

    /** One command of a sequence, in the background or not. */
    record Step(ShellNode command, boolean background) {}

    /** {@code if}; the last branch may have no condition. */
    record If(List<Branch> branches) implements ShellNode {}

    /** A branch; null for {@code else}. */
    record Branch(@Nullable ShellNode condition, ShellNode body) {}

    /** {@code while} and {@code until}. */
    record While(ShellNode condition, boolean until, ShellNode body) implements ShellNode {}

    /** {@code for}. */
    record For(String variable, List<Word> words, ShellNode body) implements ShellNode {}

    /** {@code NAME=word}. */
    record Assignment(String name, Word value) {}

    /** {@code 2>file}, {@code >>file}, {@code <file}, {@code 2>&1}. */
    record Redirect(int descriptor, Kind kind, Word target) {
        enum Kind {
            READ,
            WRITE,
            APPEND,
            DUPLICATE
        }
    }

    /** A word before expansion. */
    record Word(List<Part> parts) {}

    /** A part of a word. */
    sealed interface Part {
        boolean quoted();

        record Text(String text, boolean quoted) implements Part {}

        /** {@code $name} or {@code ${name<op>fallback}}. */
        record Variable(String name, String operator, Word fallback, boolean quoted)
                implements Part {}

        record Substitution(ShellNode script, boolean quoted) implements Part {}

        /** {@code $((…))}. */
        record Arithmetic(Word expression, boolean quoted) implements Part {}
    }
}
