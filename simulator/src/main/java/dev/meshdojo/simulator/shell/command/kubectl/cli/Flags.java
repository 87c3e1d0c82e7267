package dev.meshdojo.simulator.shell.command.kubectl.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A parsed command line by the rules of Go's pflag. */
public final class Flags {

    /** Flags that every command takes. */
    private static final String GLOBAL =
            "namespace:n= context= cluster= user= kubeconfig= server:s= token= as= as-group="
                    + " request-timeout= insecure-skip-tls-verify certificate-authority="
                    + " client-certificate= client-key= cache-dir= v:v= match-server-version"
                    + " warnings-as-errors tls-server-name= help:h disable-compression profile="
                    + " profile-output= log-flush-frequency= vmodule= as-uid= kuberc=";

    private record Spec(String name, char letter, char kind, String optional) {}

    private final String command;
    private final Map<String, Spec> byName = new LinkedHashMap<>();
    private final Map<Character, Spec> byLetter = new HashMap<>();
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> arguments = new ArrayList<>();
    private int dashDash = -1;

    private Flags(String command) {
        this.command = command;
    }

    /**
     * Parses.
     *
     * @param command such as {@code kubectl get}, for messages
     * @param specs separated by blanks: {@code name}, {@code name:n} with a letter, {@code =}
     *     behind it for a value, {@code ?x} for a value that may be left out and is {@code x} then
     * @param words the command line behind the command
     * @throws KubectlException worded as kubectl words it
     */
    public static Flags parse(String command, String specs, List<String> words) {
        Flags flags = new Flags(command);
        for (String spec : (GLOBAL + " " + specs).strip().split("\\s+")) {
            flags.declare(spec);
        }
        flags.read(words);
        return flags;
    }

    private void declare(String text) {
        String rest = text;
        char kind = 'b';
        String optional = "true";
        int question = rest.indexOf('?');
        if (question >= 0) {
            kind = '?';
            optional = rest.substring(question + 1);
            rest = rest.substring(0, question);
        } else if (rest.endsWith("=")) {
            kind = '=';
            rest = rest.substring(0, rest.length() - 1);
        }
        int colon = rest.indexOf(':');
        char letter = colon < 0 ? '\0' : rest.charAt(colon + 1);
        String name = colon < 0 ? rest : rest.substring(0, colon);
        Spec spec = new Spec(name, letter, kind, optional);
        byName.put(name, spec);
        if (letter != '\0') {
            byLetter.put(letter, spec);
        }
    }

    private void read(List<String> words) {
        int i = 0;
        while (i < words.size()) {
            String word = words.get(i++);
            if (word.equals("--")) {
                dashDash = arguments.size();
                arguments.addAll(words.subList(i, words.size()));
                return;
            }
            if (word.startsWith("--")) {
                i = longFlag(word, words, i);
            } else if (word.length() > 1 && word.startsWith("-")) {
                i = letters(word, words, i);
            } else {
                arguments.add(word);
            }
        }
    }

    private int longFlag(String word, List<String> words, int next) {
        int equals = word.indexOf('=');
        String name = word.substring(2, equals < 0 ? word.length() : equals);
        Spec spec = byName.get(name);
        if (spec == null) {
            throw see("unknown flag: --" + name);
        }
        if (equals >= 0) {
            set(spec, word.substring(equals + 1));
            return next;
        }
        if (spec.kind() != '=') {
            set(spec, spec.optional());
            return next;
        }
        if (next >= words.size()) {
            throw see("flag needs an argument: --" + name);
        }
        set(spec, words.get(next));
        return next + 1;
    }

    private int letters(String word, List<String> words, int next) {
        for (int i = 1; i < word.length(); i++) {
            char letter = word.charAt(i);
            Spec spec = byLetter.get(letter);
            if (spec == null) {
                throw see("unknown shorthand flag: '" + letter + "' in " + word);
            }
            if (i + 1 < word.length() && word.charAt(i + 1) == '=') {
                set(spec, word.substring(i + 2));
                return next;
            }
            if (spec.kind() == '=') {
                if (i + 1 < word.length()) {
                    set(spec, word.substring(i + 1));
                    return next;
                }
                if (next >= words.size()) {
                    throw see("flag needs an argument: '" + letter + "' in " + word);
                }
                set(spec, words.get(next));
                return next + 1;
            }
            set(spec, spec.optional());
        }
        return next;
    }

    private void set(Spec spec, String value) {
        if (spec.kind() == 'b' && !value.matches("true|false|1|0|t|f|T|F|TRUE|FALSE|True|False")) {
            throw see(
                    "invalid argument \""
                            + value
                            + "\" for \""
                            + described(spec)
                            + "\" flag: strconv.ParseBool: parsing \""
                            + value
                            + "\": invalid syntax");
        }
        values.computeIfAbsent(spec.name(), n -> new ArrayList<>()).add(value);
    }

    private String described(Spec spec) {
        return spec.letter() == '\0'
                ? "--" + spec.name()
                : "-" + spec.letter() + ", --" + spec.name();
    }

    /** {@code error: what}, pointing to the command's help. */
    public KubectlException see(String what) {
        return KubectlException.error(what + "\nSee '" + command + " --help' for usage.");
    }

    /** A value that does not parse. */
    public KubectlException invalid(String name, String value, String why) {
        Spec spec = byName.get(name);
        String shown = spec == null ? "--" + name : described(spec);
        return see("invalid argument \"" + value + "\" for \"" + shown + "\" flag: " + why);
    }

    /** {@code kubectl get}, for messages. */
    public String command() {
        return command;
    }

    /** What is no flag. */
    public List<String> arguments() {
        return arguments;
    }

    /** How many arguments stand before {@code --}; -1 without one. */
    public int dashDash() {
        return dashDash;
    }

    /** Whether the flag was given at all. */
    public boolean given(String name) {
        return values.containsKey(name);
    }

    /** A boolean flag; false when not given. */
    public boolean is(String name) {
        return is(name, false);
    }

    /** A boolean flag. */
    public boolean is(String name, boolean absent) {
        List<String> list = values.get(name);
        return list == null ? absent : list.getLast().matches("true|1|t|T|TRUE|True");
    }

    /** The last value; empty when not given. */
    public String value(String name) {
        return value(name, "");
    }

    /** The last value, or the default. */
    public String value(String name, String absent) {
        List<String> list = values.get(name);
        return list == null ? absent : list.getLast();
    }

    /** All values, split at commas, as Go's string slices are. */
    public List<String> list(String name) {
        List<String> list = new ArrayList<>();
        for (String value : values.getOrDefault(name, List.of())) {
            list.addAll(List.of(value.split(",", -1)));
        }
        return list;
    }

    /** All values as given. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** A whole number; null when not given. */
    public @Nullable Integer integer(String name) {
        String text = value(name);
        if (!given(name)) {
            return null;
        }
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw invalid(name, text, "strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }
}
