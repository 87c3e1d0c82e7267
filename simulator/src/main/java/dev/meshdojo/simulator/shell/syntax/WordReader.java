package dev.meshdojo.simulator.shell.syntax;

import java.util.ArrayList;
import java.util.List;

/** Reads words: quoting and the starts of expansions. */
final class WordReader {

    private final Source source;
    private final ExpansionReader expansions;

    WordReader(Source source) {
        this.source = source;
        this.expansions = new ExpansionReader(source, this);
    }

    /** The word at the position, up to the next unquoted blank or operator. */
    Word read() {
        return readWhile(Stop.METACHARACTER);
    }

    /** An operand inside {@code ${…}}; stops before one of {@code ends}. */
    Word operand(String ends) {
        return readWhile(c -> ends.indexOf(c) >= 0);
    }

    /** An operand inside {@code "${…}"}: single quotes and blanks are ordinary there. */
    Word quotedOperand(String ends) {
        return new Word(List.of(new Word.DoubleQuoted(doubleQuotedParts(ends))));
    }

    /** The expression of {@code ((…))}; consumes the closing parentheses. */
    Word arithmeticBody(int start) {
        List<Word.Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        int depth = 0;
        while (true) {
            if (source.atEnd()) {
                throw unclosed(start, "((", "))");
            }
            char c = source.peek();
            if (c == ')' && depth == 0 && source.peek(1) == ')') {
                source.skip(2);
                flush(parts, text);
                return new Word(List.of(new Word.DoubleQuoted(parts)));
            }
            if (c == '$' || c == '`') {
                expansion(parts, text, true);
                continue;
            }
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            text.append(source.next());
        }
    }

    /** The regular expression behind {@code =~}: ends at a blank outside parentheses. */
    Word regex() {
        while (source.peek() == ' ' || source.peek() == '\t') {
            source.next();
        }
        int[] depth = {0};
        return readWhile(
                c -> {
                    depth[0] += c == '(' ? 1 : c == ')' ? -1 : 0;
                    return depth[0] <= 0 && (c == ' ' || c == '\t' || c == '\n');
                });
    }

    static Word hereText(String text) {
        WordReader reader = new WordReader(new Source(text));
        List<Word.Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        while (!reader.source.atEnd()) {
            char c = reader.source.peek();
            if (c == '\\' && "$`\\\n".indexOf(reader.source.peek(1)) >= 0) {
                reader.source.next();
                char escaped = reader.source.next();
                if (escaped != '\n') {
                    plain.append(escaped);
                }
            } else if (c == '$' || c == '`') {
                reader.expansion(parts, plain, true);
            } else {
                plain.append(reader.source.next());
            }
        }
        reader.flush(parts, plain);
        return new Word(List.of(new Word.DoubleQuoted(parts)));
    }

    @FunctionalInterface
    private interface Stop {
        Stop METACHARACTER = c -> " \t\r\n;&|<>()".indexOf(c) >= 0;

        boolean at(char c);
    }

    private Word readWhile(Stop stop) {
        List<Word.Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (!source.atEnd() && !stop.at(source.peek())) {
            char c = source.peek();
            switch (c) {
                case '\\' -> escape(parts, text);
                case '\'' -> {
                    literal(parts, text);
                    parts.add(new Word.Quoted(singleQuoted()));
                }
                case '"' -> {
                    literal(parts, text);
                    parts.add(doubleQuoted());
                }
                case '$', '`' -> {
                    if (c == '$' && source.peek(1) == '\'') {
                        literal(parts, text);
                        source.next();
                        parts.add(new Word.Quoted(AnsiQuote.read(source)));
                    } else if (c == '$' && source.peek(1) == '"') {
                        source.next();
                    } else {
                        unquotedExpansion(parts, text);
                    }
                }
                default -> text.append(source.next());
            }
        }
        literal(parts, text);
        return new Word(parts);
    }

    private void escape(List<Word.Part> parts, StringBuilder text) {
        source.next();
        if (source.peek() == '\n') {
            source.next();
            return;
        }
        literal(parts, text);
        parts.add(new Word.Quoted(source.atEnd() ? "\\" : String.valueOf(source.next())));
    }

    private String singleQuoted() {
        int start = source.offset();
        source.next();
        StringBuilder text = new StringBuilder();
        while (source.peek() != '\'' || source.atEnd()) {
            if (source.atEnd()) {
                throw unclosed(start, "'", "'");
            }
            text.append(source.next());
        }
        source.next();
        return text.toString();
    }

    private Word.DoubleQuoted doubleQuoted() {
        int start = source.offset();
        source.next();
        List<Word.Part> parts = doubleQuotedParts("\"");
        if (source.atEnd()) {
            throw unclosed(start, "\"", "\"");
        }
        source.next();
        return new Word.DoubleQuoted(parts);
    }

    private List<Word.Part> doubleQuotedParts(String ends) {
        List<Word.Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (!source.atEnd() && ends.indexOf(source.peek()) < 0) {
            char c = source.peek();
            if (c == '\\' && ("$`\"\\\n".indexOf(source.peek(1)) >= 0 || isEnd(ends, 1))) {
                source.next();
                char escaped = source.next();
                if (escaped != '\n') {
                    text.append(escaped);
                }
            } else if (c == '$' || c == '`') {
                expansion(parts, text, true);
            } else {
                text.append(source.next());
            }
        }
        flush(parts, text);
        return parts;
    }

    private boolean isEnd(String ends, int ahead) {
        return ends.indexOf(source.peek(ahead)) >= 0;
    }

    private void unquotedExpansion(List<Word.Part> parts, StringBuilder text) {
        Word.Part part = expansions.read(false);
        if (part == null) {
            text.append(source.next());
        } else {
            literal(parts, text);
            parts.add(part);
        }
    }

    private void expansion(List<Word.Part> parts, StringBuilder text, boolean quoted) {
        Word.Part part = expansions.read(quoted);
        if (part == null) {
            text.append(source.next());
        } else {
            flush(parts, text);
            parts.add(part);
        }
    }

    private void literal(List<Word.Part> parts, StringBuilder text) {
        if (!text.isEmpty()) {
            parts.add(new Word.Literal(text.toString()));
            text.setLength(0);
        }
    }

    private void flush(List<Word.Part> parts, StringBuilder text) {
        if (!text.isEmpty()) {
            parts.add(new Word.Quoted(text.toString()));
            text.setLength(0);
        }
    }

    ShellSyntaxException unclosed(int start, String opened, String close) {
        return new ShellSyntaxException(
                source,
                start,
                "the script ends inside the " + opened + " that opens here",
                "Close it with " + close);
    }
}
