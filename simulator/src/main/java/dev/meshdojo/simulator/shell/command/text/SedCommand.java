package dev.meshdojo.simulator.shell.command.text;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One command of a sed script.
 *
 * @param from first address, null for every line
 * @param to end of a range
 * @param negated {@code !}
 * @param verb the letter
 * @param pattern of {@code s}
 * @param text replacement, or the text of {@code a i c y}
 * @param flags of {@code s}
 * @param block commands in braces
 */
record SedCommand(
        @Nullable Address from,
        @Nullable Address to,
        boolean negated,
        char verb,
        @Nullable Pattern pattern,
        String text,
        String flags,
        List<SedCommand> block) {

    SedCommand {
        block = List.copyOf(block);
    }

    /**
     * Which lines.
     *
     * @param line number, 0 for none, -1 for the last
     * @param pattern or what the line must hold
     */
    record Address(int line, @Nullable Pattern pattern) {}
}
