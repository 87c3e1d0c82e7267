package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.shell.ShellNode.Part;
import dev.meshdojo.simulator.apps.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/** Expands words: variables, substitutions, arithmetic, then field splitting. */
final class ShellExpansion {

    private final Process process;
    private final BiFunction<Process, ShellNode, String> substitution;

    ShellExpansion(Process process, BiFunction<Process, ShellNode, String> substitution) {
        this.process = process;
        this.substitution = substitution;
    }

    /** The fields that the words become. */
    List<String> words(List<Word> words) {
        List<String> fields = new ArrayList<>();
        for (Word word : words) {
            split(word, fields);
        }
        return fields;
    }

    /** A word as one text, not split. */
    String text(Word word) {
        StringBuilder text = new StringBuilder();
        word.parts().forEach(part -> text.append(value(part)));
        return text.toString();
    }

    private void split(Word word, List<String> fields) {
        StringBuilder field = new StringBuilder();
        boolean open = false;
        for (Part part : word.parts()) {
            String value = value(part);
            if (part.quoted() || part instanceof Part.Text) {
                field.append(value);
                open = true;
                continue;
            }
            if (!value.isEmpty() && Character.isWhitespace(value.charAt(0)) && open) {
                fields.add(field.toString());
                field.setLength(0);
                open = false;
            }
            StringTokenizer tokens = new StringTokenizer(value);
            while (tokens.hasMoreTokens()) {
                field.append(tokens.nextToken());
                open = true;
                if (tokens.hasMoreTokens()
                        || Character.isWhitespace(value.charAt(value.length() - 1))) {
                    fields.add(field.toString());
                    field.setLength(0);
                    open = false;
                }
            }
        }
        if (open) {
            fields.add(field.toString());
        }
    }

    private String value(Part part) {
        return switch (part) {
            case Part.Text text -> text.text();
            case Part.Variable variable -> variable(variable);
            case Part.Substitution inner -> substitution.apply(process, inner.script());
            case Part.Arithmetic arithmetic ->
                    Long.toString(
                            Arithmetic.evaluate(
                                    text(arithmetic.expression()), process.variables()));
        };
    }

    private String variable(Part.Variable variable) {
        Map<String, String> variables = process.variables();
        String name = variable.name();
        if (name.length() > 1 && name.startsWith("#")) {
            return Integer.toString(variables.getOrDefault(name.substring(1), "").length());
        }
        String value =
                switch (name) {
                    case "$" -> "1";
                    case "#" -> Integer.toString(positional().size());
                    case "@", "*" -> String.join(" ", positional());
                    default -> variables.get(name);
                };
        String operator = variable.operator();
        boolean missing = value == null || (operator.startsWith(":") && value.isEmpty());
        String present = value == null ? "" : value;
        return switch (operator) {
            case "-", ":-" -> missing ? text(variable.fallback()) : present;
            case "=", ":=" -> {
                String assigned = missing ? text(variable.fallback()) : present;
                variables.put(name, assigned);
                yield assigned;
            }
            case "+", ":+" -> missing ? "" : text(variable.fallback());
            case "#", "##", "%", "%%" -> strip(present, text(variable.fallback()), operator);
            default -> present;
        };
    }

    /** Takes the shortest or longest match of a pattern off the front or the end. */
    private static String strip(String value, String pattern, String operator) {
        Pattern glob = glob(pattern);
        boolean longest = operator.length() == 2;
        boolean front = operator.startsWith("#");
        for (int i = 0; i <= value.length(); i++) {
            int cut = front == longest ? value.length() - i : i;
            String part = front ? value.substring(0, cut) : value.substring(cut);
            if (glob.matcher(part).matches()) {
                return front ? value.substring(cut) : value.substring(0, cut);
            }
        }
        return value;
    }

    private static Pattern glob(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private List<String> positional() {
        List<String> values = new ArrayList<>();
        for (int i = 1; process.variables().containsKey(Integer.toString(i)); i++) {
            values.add(process.variables().get(Integer.toString(i)));
        }
        return values;
    }
}
