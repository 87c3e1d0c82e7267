package dev.meshdojo.simulator.shell.syntax;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a script into tokens, with one token of lookahead, and reads here-documents. */
final class Lexer {

    private static final List<String> OPERATORS =
            List.of(
                    "&>>", "<<<", "<<-", "&&", "||", ";;", "&>", "|&", "<<", "<&", "<>", ">>", ">&",
                    ">|", "&", "|", ";", "<", ">", "(", ")");

    private record PendingHereText(
            Redirection.Target target, String delimiter, boolean quoted, boolean stripTabs) {}

    private final Source source;
    private final WordReader words;
    private final Deque<PendingHereText> pending = new ArrayDeque<>();
    private @Nullable Token ahead;

    Lexer(Source source) {
        this.source = source;
        this.words = new WordReader(source);
    }

    Source source() {
        return source;
    }

    WordReader words() {
        return words;
    }

    Token peek() {
        if (ahead == null) {
            ahead = read();
        }
        return ahead;
    }

    Token next() {
        Token token = peek();
        ahead = null;
        return token;
    }

    /** True when the character right behind the token just peeked is {@code c}. */
    boolean adjacent(char c) {
        return source.slice(peek().end(), peek().end() + 1).equals(String.valueOf(c));
    }

    /** Text inside {@code (( … ))}; the first parenthesis has been peeked. */
    Word arithmeticCommand() {
        int start = peek().start();
        ahead = null;
        source.reset(start + 2);
        return words.arithmeticBody(start);
    }

    void expectHereText(
            Redirection.Target target, String delimiter, boolean quoted, boolean strip) {
        pending.add(new PendingHereText(target, delimiter, quoted, strip));
    }

    private Token read() {
        skipBlanks();
        int start = source.offset();
        if (source.atEnd()) {
            readHereTexts();
            return new Token(Token.Kind.END, "", null, -1, start, start);
        }
        if (source.peek() == '\n') {
            source.next();
            readHereTexts();
            return new Token(Token.Kind.NEWLINE, "\n", null, -1, start, start + 1);
        }
        int digits = 0;
        while (Character.isDigit(source.peek(digits))) {
            digits++;
        }
        boolean number = digits > 0 && (source.peek(digits) == '<' || source.peek(digits) == '>');
        int descriptor = -1;
        if (number) {
            descriptor = Integer.parseInt(source.slice(start, start + digits));
            source.skip(digits);
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator)) {
                return operator(operator, descriptor, start);
            }
        }
        Word word = words.read();
        return new Token(
                Token.Kind.WORD,
                source.slice(start, source.offset()),
                word,
                -1,
                start,
                source.offset());
    }

    private Token operator(String operator, int descriptor, int start) {
        source.skip(operator.length());
        if ((operator.equals("<") || operator.equals(">")) && source.peek() == '(') {
            throw new ShellSyntaxException(
                    source,
                    start,
                    "process substitution " + operator + "(…) is not supported",
                    "Write to a file first, or use a pipe");
        }
        return new Token(Token.Kind.OPERATOR, operator, null, descriptor, start, source.offset());
    }

    private void skipBlanks() {
        while (true) {
            char c = source.peek();
            if (c == ' ' || c == '\t' || c == '\r') {
                source.next();
            } else if (c == '\\' && source.peek(1) == '\n') {
                source.skip(2);
            } else if (c == '#') {
                while (!source.atEnd() && source.peek() != '\n') {
                    source.next();
                }
            } else {
                return;
            }
        }
    }

    private void readHereTexts() {
        PendingHereText here = pending.poll();
        while (here != null) {
            StringBuilder text = new StringBuilder();
            while (!source.atEnd()) {
                String line = source.restOfLine();
                if (here.stripTabs()) {
                    line = line.replaceFirst("^\t+", "");
                }
                if (line.equals(here.delimiter())) {
                    break;
                }
                text.append(line).append('\n');
            }
            here.target()
                    .fill(
                            here.quoted()
                                    ? new Word(List.of(new Word.Quoted(text.toString())))
                                    : WordReader.hereText(text.toString()));
            here = pending.poll();
        }
    }
}
