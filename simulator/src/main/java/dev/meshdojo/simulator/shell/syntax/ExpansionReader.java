package dev.meshdojo.simulator.shell.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what starts with a dollar sign or a backquote. */
final class ExpansionReader {

    private static final List<String> OPERATORS =
            List.of(
                    ":-", ":=", ":+", ":?", "%%", "##", "//", "/#", "/%", "^^", ",,", "-", "=", "+",
                    "?", "%", "#", "/", "^", ",", ":");

    private final Source source;
    private final WordReader words;

    ExpansionReader(Source source, WordReader words) {
        this.source = source;
        this.words = words;
    }

    /** The expansion at the position; null when the dollar sign is just a dollar sign. */
    Word.@Nullable Part read(boolean quoted) {
        int start = source.offset();
        if (source.peek() == '`') {
            return backquoted(start);
        }
        if (source.startsWith("$((")) {
            source.skip(3);
            return arithmeticOrSubshell(start);
        }
        if (source.startsWith("$(")) {
            source.skip(2);
            return substitution(start);
        }
        if (source.startsWith("${")) {
            source.skip(2);
            return braced(start, quoted);
        }
        char c = source.peek(1);
        if (isNameStart(c)) {
            source.next();
            return new Word.Parameter(name(), "", null, null);
        }
        if (Character.isDigit(c) || (c != Source.END && "?$!#@*-".indexOf(c) >= 0)) {
            source.skip(2);
            return new Word.Parameter(String.valueOf(c), "", null, null);
        }
        return null;
    }

    private Word.Part arithmeticOrSubshell(int start) {
        int body = source.offset();
        try {
            return new Word.Arithmetic(words.arithmeticBody(start));
        } catch (ShellSyntaxException notArithmetic) {
            source.reset(body - 1);
            try {
                return substitution(start);
            } catch (ShellSyntaxException neither) {
                throw notArithmetic;
            }
        }
    }

    private Word.Part substitution(int start) {
        Parser parser = new Parser(new Lexer(source));
        Command script = parser.untilParenthesis(start);
        return new Word.CommandSubstitution(script);
    }

    private Word.Part backquoted(int start) {
        source.next();
        StringBuilder text = new StringBuilder();
        while (source.peek() != '`') {
            if (source.atEnd()) {
                throw words.unclosed(start, "`", "`");
            }
            char c = source.next();
            if (c == '\\' && "`\\$".indexOf(source.peek()) >= 0) {
                c = source.next();
            }
            text.append(c);
        }
        source.next();
        return new Word.CommandSubstitution(Parser.parse(text.toString()));
    }

    private Word.Part braced(int start, boolean quoted) {
        if (source.peek() == '#' && source.peek(1) != '}') {
            source.next();
            String name = parameterName(start);
            close(start);
            return new Word.Parameter(name, "length", null, null);
        }
        if (source.peek() == '!') {
            throw new ShellSyntaxException(
                    source, start, "${!…} is not supported", "Use eval, or name the variable");
        }
        String name = parameterName(start);
        if (source.peek() == '[') {
            throw new ShellSyntaxException(
                    source,
                    start,
                    "arrays are not supported",
                    "Use separate variables, or set -- and the positional parameters");
        }
        if (source.peek() == '}') {
            source.next();
            return new Word.Parameter(name, "", null, null);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator)) {
                source.skip(operator.length());
                return operation(name, operator, start, quoted);
            }
        }
        throw new ShellSyntaxException(
                source,
                source.offset(),
                "bad substitution ${" + name + source.peek() + "…",
                "Write ${" + name + "}, ${" + name + ":-default} or another of the usual forms");
    }

    private Word.Part operation(String name, String operator, int start, boolean quoted) {
        boolean pattern = "%#/".indexOf(operator.charAt(0)) >= 0;
        boolean two = operator.startsWith("/") || operator.equals(":");
        String ends = two ? (operator.equals(":") ? ":}" : "/}") : "}";
        Word argument = quoted && !pattern ? words.quotedOperand(ends) : words.operand(ends);
        Word replacement = null;
        if (two && source.peek() == (operator.equals(":") ? ':' : '/')) {
            source.next();
            replacement = quoted ? words.quotedOperand("}") : words.operand("}");
        }
        close(start);
        return new Word.Parameter(name, operator, argument, replacement);
    }

    private String parameterName(int start) {
        char c = source.peek();
        if (isNameStart(c)) {
            return name();
        }
        if (Character.isDigit(c)) {
            int from = source.offset();
            while (Character.isDigit(source.peek())) {
                source.next();
            }
            return source.slice(from, source.offset());
        }
        if (c != Source.END && "?$!#@*-".indexOf(c) >= 0) {
            return String.valueOf(source.next());
        }
        throw new ShellSyntaxException(
                source, start, "bad substitution: no variable name after ${", "Name a variable");
    }

    private void close(int start) {
        if (source.peek() != '}') {
            throw words.unclosed(start, "${", "}");
        }
        source.next();
    }

    private String name() {
        int from = source.offset();
        while (isNameStart(source.peek()) || Character.isDigit(source.peek())) {
            source.next();
        }
        return source.slice(from, source.offset());
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }
}
