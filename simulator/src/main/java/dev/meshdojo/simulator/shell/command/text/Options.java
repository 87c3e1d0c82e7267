package dev.meshdojo.simulator.shell.command.text;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line cut into flags and operands, by getopt's rules: short flags may be joined, values
 * may follow at once or as the next word, flags may stand behind operands, {@code --} ends them.
 */
public final class Options {

    private final Map<Character, List<String>> flags = new HashMap<>();
    private final List<String> operands = new ArrayList<>();

    private Options() {}

    /**
     * Parses.
     *
     * @param spec letters; one that takes a value has a colon behind it. A plus sign at the start
     *     stops at the first operand.
     * @param longNames {@code name} to letter
     * @throws UsageException for a flag that is not there
     */
    public static Options parse(
            String spec, Map<String, Character> longNames, List<String> arguments) {
        Options options = new Options();
        boolean ordered = spec.startsWith("+");
        int i = 0;
        while (i < arguments.size()) {
            String argument = arguments.get(i++);
            if (argument.equals("--")) {
                options.operands.addAll(arguments.subList(i, arguments.size()));
                break;
            }
            if (argument.startsWith("--")) {
                i = options.longFlag(spec, longNames, argument, arguments, i);
            } else if (argument.length() > 1 && argument.startsWith("-")) {
                i = options.shortFlags(spec, argument, arguments, i);
            } else {
                options.operands.add(argument);
                if (ordered) {
                    options.operands.addAll(arguments.subList(i, arguments.size()));
                    break;
                }
            }
        }
        return options;
    }

    private int longFlag(
            String spec,
            Map<String, Character> longNames,
            String argument,
            List<String> arguments,
            int next) {
        int equals = argument.indexOf('=');
        String name = argument.substring(2, equals < 0 ? argument.length() : equals);
        Character letter = longNames.get(name);
        if (letter == null) {
            throw new UsageException(2, "unrecognized option '--" + name + "'");
        }
        if (!takesValue(spec, letter)) {
            add(letter, "");
            return next;
        }
        if (equals >= 0) {
            add(letter, argument.substring(equals + 1));
            return next;
        }
        if (next >= arguments.size()) {
            throw new UsageException(2, "option '--" + name + "' requires an argument");
        }
        add(letter, arguments.get(next));
        return next + 1;
    }

    private int shortFlags(String spec, String argument, List<String> arguments, int next) {
        for (int j = 1; j < argument.length(); j++) {
            char letter = argument.charAt(j);
            if (letter == ':' || letter == '+' || spec.indexOf(letter) < 0) {
                throw new UsageException(2, "invalid option -- '" + letter + "'");
            }
            if (!takesValue(spec, letter)) {
                add(letter, "");
                continue;
            }
            if (j + 1 < argument.length()) {
                add(letter, argument.substring(j + 1));
                return next;
            }
            if (next >= arguments.size()) {
                throw new UsageException(2, "option requires an argument -- '" + letter + "'");
            }
            add(letter, arguments.get(next));
            return next + 1;
        }
        return next;
    }

    private static boolean takesValue(String spec, char letter) {
        int at = spec.indexOf(letter);
        return at + 1 < spec.length() && spec.charAt(at + 1) == ':';
    }

    private void add(char letter, String value) {
        flags.computeIfAbsent(letter, l -> new ArrayList<>()).add(value);
    }

    /** Whether the flag was given. */
    public boolean has(char letter) {
        return flags.containsKey(letter);
    }

    /** The flag's last value, or the default. */
    public String value(char letter, String absent) {
        List<String> values = flags.get(letter);
        return values == null ? absent : values.getLast();
    }

    /** All values of a flag that may be repeated. */
    public List<String> values(char letter) {
        return flags.getOrDefault(letter, List.of());
    }

    /** A whole number. */
    public long number(char letter, long absent) {
        String text = value(letter, "");
        if (text.isEmpty()) {
            return absent;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new UsageException(1, "invalid number: '" + text + "'");
        }
    }

    /** What is no flag. */
    public List<String> operands() {
        return operands;
    }
}
