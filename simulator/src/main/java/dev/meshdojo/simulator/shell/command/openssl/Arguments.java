package dev.meshdojo.simulator.shell.command.openssl;

import dev.meshdojo.simulator.shell.command.text.UsageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * OpenSSL's command line: long names behind one dash, values in the next word.
 *
 * @param given options in order
 * @param operands what is no option
 */
record Arguments(List<Given> given, List<String> operands) {

    Arguments {
        given = List.copyOf(given);
        operands = List.copyOf(operands);
    }

    /** An option with its value, empty for a flag. */
    record Given(String name, String value) {}

    /**
     * Parses.
     *
     * @throws UsageException for an option that is in neither set
     */
    static Arguments parse(
            String command, Set<String> flags, Set<String> valued, List<String> words) {
        List<Given> given = new ArrayList<>();
        List<String> operands = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = word.replaceFirst("^--?", "");
            if (!word.startsWith("-") || word.equals("-")) {
                operands.add(word);
            } else if (flags.contains(name)) {
                given.add(new Given(name, ""));
            } else if (!valued.contains(name)) {
                throw new UsageException(
                        1, command + ": Unknown option: " + word + " (openssl help lists them)");
            } else if (i + 1 == words.size()) {
                throw new UsageException(1, command + ": Option " + word + " needs a value");
            } else {
                given.add(new Given(name, words.get(++i)));
            }
        }
        return new Arguments(given, operands);
    }

    boolean has(String name) {
        return given.stream().anyMatch(option -> option.name().equals(name));
    }

    /** The last value given, or {@code absent}. */
    String value(String name, String absent) {
        return given.stream()
                .filter(option -> option.name().equals(name))
                .reduce((first, second) -> second)
                .map(Given::value)
                .orElse(absent);
    }
}
