package dev.meshdojo.simulator.shell.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shell word before expansion.
 *
 * @param parts in order; empty for an empty word
 */
public record Word(List<Part> parts) {

    public Word {
        parts = List.copyOf(parts);
    }

    /** A word of plain text. */
    public static Word literal(String text) {
        return new Word(List.of(new Literal(text)));
    }

    /** The text when nothing in the word is quoted or expanded, else null. */
    public @Nullable String plain() {
        if (parts.isEmpty()) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            if (!(part instanceof Literal literal)) {
                return null;
            }
            text.append(literal.text());
        }
        return text.toString();
    }

    /** A piece of a word. */
    public sealed interface Part {}

    /** Unquoted text, subject to globbing, braces and tilde. */
    public record Literal(String text) implements Part {}

    /** Text that stands for itself. */
    public record Quoted(String text) implements Part {}

    /** Text in double quotes: expansions happen, splitting and globbing do not. */
    public record DoubleQuoted(List<Part> parts) implements Part {
        public DoubleQuoted {
            parts = List.copyOf(parts);
        }
    }

    /**
     * {@code $NAME} or {@code ${NAME…}}.
     *
     * @param name variable, digit or special parameter
     * @param operator what stands behind the name, such as {@code :-}, {@code %%} or {@code #} (its
     *     length); empty for a plain reference
     * @param argument the operator's operand
     * @param replacement the second operand of {@code /} and of {@code :offset:length}
     */
    public record Parameter(
            String name, String operator, @Nullable Word argument, @Nullable Word replacement)
            implements Part {}

    /** {@code $(…)} or backquotes. */
    public record CommandSubstitution(Command script) implements Part {}

    /** {@code $((…))}. */
    public record Arithmetic(Word expression) implements Part {}
}
