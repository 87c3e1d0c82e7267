package dev.meshdojo.simulator.shell.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads simple commands: assignments, words, redirections. */
final class SimpleCommandParser {

    private static final Pattern ASSIGNMENT =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(\\+?)=(.*)", Pattern.DOTALL);

    private final Lexer lexer;

    SimpleCommandParser(Lexer lexer) {
        this.lexer = lexer;
    }

    Command.Simple parse() {
        List<Command.Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirection> redirections = new ArrayList<>();
        while (true) {
            Token token = lexer.peek();
            if (token.isRedirection()) {
                redirections.add(redirection());
                continue;
            }
            Word word = token.word();
            if (word == null) {
                return new Command.Simple(assignments, words, redirections);
            }
            Command.Assignment assignment = words.isEmpty() ? assignment(word) : null;
            lexer.next();
            if (assignment == null) {
                words.add(word);
            } else {
                rejectArray(assignment, token);
                assignments.add(assignment);
            }
        }
    }

    private void rejectArray(Command.Assignment assignment, Token token) {
        if (assignment.value().parts().isEmpty()
                && lexer.peek().is("(")
                && lexer.peek().start() == token.end()) {
            throw new ShellSyntaxException(
                    lexer.source(),
                    token.start(),
                    "arrays are not supported",
                    "Use separate variables, or set -- and the positional parameters");
        }
    }

    private static Command.@Nullable Assignment assignment(Word word) {
        if (word.parts().isEmpty() || !(word.parts().getFirst() instanceof Word.Literal first)) {
            return null;
        }
        Matcher matcher = ASSIGNMENT.matcher(first.text());
        if (!matcher.matches()) {
            return null;
        }
        List<Word.Part> value = new ArrayList<>();
        if (!matcher.group(3).isEmpty()) {
            value.add(new Word.Literal(matcher.group(3)));
        }
        value.addAll(word.parts().subList(1, word.parts().size()));
        return new Command.Assignment(
                matcher.group(1), new Word(value), !matcher.group(2).isEmpty());
    }

    Redirection redirection() {
        Token operator = lexer.next();
        Token operand = lexer.peek();
        Word word = operand.word();
        if (word == null) {
            throw new ShellSyntaxException(
                    lexer.source(),
                    operand.start(),
                    "no file name after \"" + operator.text() + "\"",
                    "Name a file, or quote the operator if it is meant as text");
        }
        lexer.next();
        int descriptor =
                operator.descriptor() >= 0
                        ? operator.descriptor()
                        : operator.text().startsWith("<") ? 0 : 1;
        if (descriptor > 2) {
            throw new ShellSyntaxException(
                    lexer.source(),
                    operator.start(),
                    "file descriptor " + descriptor + " is not supported",
                    "Use 0, 1 or 2");
        }
        Redirection.Target target = new Redirection.Target(word);
        return switch (operator.text()) {
            case "<" -> new Redirection(descriptor, Redirection.Kind.READ, target);
            case ">", ">|" -> new Redirection(descriptor, Redirection.Kind.WRITE, target);
            case ">>" -> new Redirection(descriptor, Redirection.Kind.APPEND, target);
            case "&>" -> new Redirection(1, Redirection.Kind.WRITE_BOTH, target);
            case "&>>" -> new Redirection(1, Redirection.Kind.APPEND_BOTH, target);
            case "<<<" -> new Redirection(descriptor, Redirection.Kind.HERE_STRING, target);
            case "<<", "<<-" -> hereText(operator, descriptor, word, target);
            case "<&" -> new Redirection(descriptor, Redirection.Kind.DUPLICATE, target);
            case ">&" -> duplicateOrBoth(descriptor, word, target);
            default ->
                    throw new ShellSyntaxException(
                            lexer.source(),
                            operator.start(),
                            "redirection " + operator.text() + " is not supported",
                            "Use < or >");
        };
    }

    private static Redirection duplicateOrBoth(
            int descriptor, Word word, Redirection.Target target) {
        String plain = word.plain();
        boolean number = plain != null && plain.matches("[0-9]+|-");
        return number || plain == null
                ? new Redirection(descriptor, Redirection.Kind.DUPLICATE, target)
                : new Redirection(1, Redirection.Kind.WRITE_BOTH, target);
    }

    private Redirection hereText(
            Token operator, int descriptor, Word word, Redirection.Target target) {
        StringBuilder delimiter = new StringBuilder();
        boolean quoted = false;
        for (Word.Part part : word.parts()) {
            switch (part) {
                case Word.Literal literal -> delimiter.append(literal.text());
                case Word.Quoted text -> {
                    quoted = true;
                    delimiter.append(text.text());
                }
                case Word.DoubleQuoted text -> {
                    quoted = true;
                    for (Word.Part inner : text.parts()) {
                        delimiter.append(inner instanceof Word.Quoted q ? q.text() : "");
                    }
                }
                default ->
                        throw new ShellSyntaxException(
                                lexer.source(),
                                operator.start(),
                                "a here-document's delimiter cannot hold an expansion",
                                "Use a plain word such as EOF");
            }
        }
        lexer.expectHereText(target, delimiter.toString(), quoted, operator.text().equals("<<-"));
        return new Redirection(descriptor, Redirection.Kind.HERE_TEXT, target);
    }
}
