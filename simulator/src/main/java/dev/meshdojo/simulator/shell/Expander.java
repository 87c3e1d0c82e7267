package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Command;
import dev.meshdojo.simulator.shell.syntax.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns words into fields: braces, tilde, parameters, substitutions, arithmetic, globs. */
final class Expander {

    /** Runs {@code $(…)} and gives back what it printed. */
    @FunctionalInterface
    interface Substitution {
        String output(Command script);
    }

    private final ShellState state;
    private final Parameters parameters;
    private final Substitution substitution;

    Expander(ShellState state, int shellPid, Substitution substitution) {
        this.state = state;
        this.substitution = substitution;
        this.parameters = new Parameters(state, shellPid, this);
    }

    /** All fields of the words, with splitting and globbing. */
    List<String> fields(List<Word> words) {
        List<String> result = new ArrayList<>();
        for (Word word : words) {
            for (Word single : Braces.expand(word)) {
                Fields fields = new Fields(separators());
                expand(single, fields, true);
                for (Fields.Field field : fields.finish()) {
                    glob(field, result);
                }
            }
        }
        return result;
    }

    /** One text, neither split nor globbed: assignments, here-documents, {@code case} subjects. */
    String text(Word word) {
        return single(word).text();
    }

    /** One pattern, quoted parts escaped. */
    String pattern(Word word) {
        return single(word).pattern();
    }

    String text(@Nullable Word word, String absent) {
        return word == null ? absent : text(word);
    }

    private Fields.Field single(Word word) {
        Fields fields = new Fields("");
        expand(word, fields, false);
        List<Fields.Field> list = fields.finish();
        return list.isEmpty()
                ? new Fields.Field("", "")
                : new Fields.Field(
                        String.join(" ", list.stream().map(Fields.Field::text).toList()),
                        String.join(" ", list.stream().map(Fields.Field::pattern).toList()));
    }

    private String separators() {
        return state.variables.getOrDefault("IFS", " \t\n");
    }

    private void glob(Fields.Field field, List<String> result) {
        if (GlobPattern.isMagic(field.pattern()) && !state.has(ShellState.Option.NOGLOB)) {
            List<String> files = PathGlob.expand(state.directory, field.pattern());
            if (!files.isEmpty()) {
                result.addAll(files);
                return;
            }
        }
        result.add(field.text());
    }

    private void expand(Word word, Fields fields, boolean split) {
        for (int i = 0; i < word.parts().size(); i++) {
            Word.Part part = word.parts().get(i);
            if (part instanceof Word.Literal(String text)) {
                boolean alone = word.parts().size() == 1 || text.contains("/");
                if (i == 0 && text.startsWith("~") && alone) {
                    text = tilde(text, fields);
                }
                literal(text, fields);
            } else {
                part(part, fields, split, false);
            }
        }
    }

    private static void literal(String text, Fields fields) {
        if (!text.isEmpty()) {
            fields.literal(text);
        }
    }

    private String tilde(String text, Fields fields) {
        int slash = text.indexOf('/');
        String user = slash < 0 ? text.substring(1) : text.substring(1, slash);
        String home = state.variables.get("HOME");
        if (!user.isEmpty() || home == null) {
            return text;
        }
        fields.quoted(home);
        return slash < 0 ? "" : text.substring(slash);
    }

    private void part(Word.Part part, Fields fields, boolean split, boolean quoted) {
        switch (part) {
            case Word.Literal literal -> literal(literal.text(), fields);
            case Word.Quoted text -> fields.quoted(text.text());
            case Word.DoubleQuoted text -> doubleQuoted(text, fields);
            case Word.Parameter parameter -> parameter(parameter, fields, split, quoted);
            case Word.CommandSubstitution script ->
                    add(output(script.script()), fields, split, quoted);
            case Word.Arithmetic arithmetic ->
                    add(
                            String.valueOf(
                                    new Arithmetic(state).evaluate(text(arithmetic.expression()))),
                            fields,
                            split,
                            quoted);
        }
    }

    private String output(Command script) {
        String output = substitution.output(script);
        int end = output.length();
        while (end > 0 && output.charAt(end - 1) == '\n') {
            end--;
        }
        return output.substring(0, end).replace("\0", "");
    }

    private void doubleQuoted(Word.DoubleQuoted text, Fields fields) {
        boolean onlyAll =
                text.parts().size() == 1
                        && text.parts().getFirst() instanceof Word.Parameter p
                        && p.name().equals("@")
                        && p.operator().isEmpty();
        if (!onlyAll) {
            fields.quoted("");
        }
        for (Word.Part part : text.parts()) {
            part(part, fields, false, true);
        }
    }

    private static void add(String value, Fields fields, boolean split, boolean quoted) {
        if (quoted) {
            fields.quoted(value);
        } else if (split) {
            fields.split(value);
        } else if (!value.isEmpty()) {
            fields.literal(value);
        }
    }

    private void parameter(Word.Parameter parameter, Fields fields, boolean split, boolean quoted) {
        boolean all = parameter.name().equals("@") || parameter.name().equals("*");
        if (all && parameter.operator().isEmpty()) {
            allPositional(parameter.name().equals("*"), fields, split, quoted);
            return;
        }
        String value = parameters.value(parameter.name());
        String operator = parameter.operator();
        boolean unset = value == null || (operator.startsWith(":") && value.isEmpty());
        boolean alternative =
                switch (operator) {
                    case ":-", "-", ":=", "=" -> unset;
                    case ":+", "+" -> !unset;
                    default -> false;
                };
        if (alternative && parameter.argument() != null) {
            if (operator.endsWith("=")) {
                state.assign(parameter.name(), text(parameter.argument()));
            }
            for (Word.Part part : parameter.argument().parts()) {
                alternativePart(part, fields, split, quoted);
            }
            return;
        }
        add(parameters.apply(parameter, value, unset), fields, split, quoted);
    }

    private void alternativePart(Word.Part part, Fields fields, boolean split, boolean quoted) {
        if (part instanceof Word.Literal(String text) && split && !quoted) {
            fields.split(text);
        } else if (part instanceof Word.DoubleQuoted(List<Word.Part> parts) && quoted) {
            for (Word.Part inner : parts) {
                part(inner, fields, false, true);
            }
        } else {
            part(part, fields, split, quoted);
        }
    }

    private void allPositional(boolean star, Fields fields, boolean split, boolean quoted) {
        if (quoted && star) {
            String separators = separators();
            String joint = separators.isEmpty() ? "" : separators.substring(0, 1);
            fields.quoted(String.join(joint, state.positional));
            return;
        }
        boolean first = true;
        for (String argument : state.positional) {
            if (!first) {
                fields.endField();
            }
            first = false;
            if (quoted) {
                fields.quoted(argument);
            } else {
                add(argument, fields, split, false);
            }
        }
    }
}
