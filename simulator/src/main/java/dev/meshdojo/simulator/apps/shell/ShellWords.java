package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.shell.ShellNode.Part;
import dev.meshdojo.simulator.apps.shell.ShellNode.Word;
import dev.meshdojo.simulator.apps.shell.ShellParser.SyntaxError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one word with its quotes, variables and substitutions. */
final class ShellWords {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!]");
    private static final Pattern BRACED =
            Pattern.compile("\\{(#?[A-Za-z_][A-Za-z0-9_]*|[0-9?$#@*!])(:?[-=+?]|##?|%%?)?");
    private static final String END = " \t\n;&|()<>";

    private final String script;
    private final IntConsumer done;
    private int at;

    ShellWords(String script, int at, IntConsumer done) {
        this.script = script;
        this.at = at;
        this.done = done;
    }

    /** The word at the position; tells where it ended. */
    Word word() throws SyntaxError {
        Word word = until(END);
        done.accept(at);
        return word;
    }

    private Word until(String end) throws SyntaxError {
        List<Part> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        while (at < script.length() && end.indexOf(script.charAt(at)) < 0) {
            char c = script.charAt(at);
            if (c == '\\' && at + 1 < script.length()) {
                flush(parts, text, false);
                if (script.charAt(at + 1) != '\n') {
                    parts.add(new Part.Text(script.substring(at + 1, at + 2), true));
                }
                at += 2;
            } else if (c == '\'') {
                flush(parts, text, false);
                int close = script.indexOf('\'', at + 1);
                if (close < 0) {
                    throw new SyntaxError("syntax error: unterminated quoted string", true);
                }
                parts.add(new Part.Text(script.substring(at + 1, close), true));
                at = close + 1;
            } else if (c == '"') {
                flush(parts, text, false);
                at++;
                doubleQuoted(parts);
            } else if (c == '`') {
                flush(parts, text, false);
                parts.add(backquoted(false));
            } else if (c == '$' && expandable()) {
                flush(parts, text, false);
                parts.add(dollar(false));
            } else {
                text.append(c);
                at++;
            }
        }
        flush(parts, text, false);
        return new Word(List.copyOf(parts));
    }

    private void doubleQuoted(List<Part> parts) throws SyntaxError {
        StringBuilder text = new StringBuilder();
        while (at < script.length() && script.charAt(at) != '"') {
            char c = script.charAt(at);
            if (c == '\\' && at + 1 < script.length()) {
                char next = script.charAt(at + 1);
                if ("$`\"\\".indexOf(next) >= 0) {
                    text.append(next);
                } else if (next != '\n') {
                    text.append(c).append(next);
                }
                at += 2;
            } else if (c == '`') {
                flush(parts, text, true);
                parts.add(backquoted(true));
            } else if (c == '$' && expandable()) {
                flush(parts, text, true);
                parts.add(dollar(true));
            } else {
                text.append(c);
                at++;
            }
        }
        if (at >= script.length()) {
            throw new SyntaxError("syntax error: unterminated quoted string", true);
        }
        at++;
        parts.add(new Part.Text(text.toString(), true));
    }

    private static void flush(List<Part> parts, StringBuilder text, boolean quoted) {
        if (!text.isEmpty()) {
            parts.add(new Part.Text(text.toString(), quoted));
            text.setLength(0);
        }
    }

    private boolean expandable() {
        if (at + 1 >= script.length()) {
            return false;
        }
        char next = script.charAt(at + 1);
        return next == '('
                || next == '{'
                || NAME.matcher(script).region(at + 1, script.length()).lookingAt();
    }

    private Part backquoted(boolean quoted) throws SyntaxError {
        int close = script.indexOf('`', at + 1);
        if (close < 0) {
            throw new SyntaxError("syntax error: unterminated backquote", true);
        }
        ShellNode inner = ShellParser.parse(script.substring(at + 1, close));
        at = close + 1;
        return new Part.Substitution(inner, quoted);
    }

    private Part dollar(boolean quoted) throws SyntaxError {
        at++;
        if (script.startsWith("((", at)) {
            int close = script.indexOf("))", at);
            if (close < 0) {
                throw new SyntaxError("syntax error: missing '))'", true);
            }
            Word expression = new ShellWords(script.substring(at + 2, close), 0, i -> {}).until("");
            at = close + 2;
            return new Part.Arithmetic(expression, quoted);
        }
        if (script.charAt(at) == '(') {
            int close = closing(at);
            ShellNode inner = ShellParser.parse(script.substring(at + 1, close));
            at = close + 1;
            return new Part.Substitution(inner, quoted);
        }
        Matcher braced = BRACED.matcher(script).region(at, script.length());
        if (braced.lookingAt()) {
            String operator = braced.group(2) == null ? "" : braced.group(2);
            at = braced.end();
            Word fallback = until("}");
            if (at >= script.length()) {
                throw new SyntaxError("syntax error: missing '}'", true);
            }
            at++;
            return new Part.Variable(braced.group(1), operator, fallback, quoted);
        }
        Matcher name = NAME.matcher(script).region(at, script.length());
        if (!name.lookingAt()) {
            throw new SyntaxError("syntax error: bad substitution", false);
        }
        at = name.end();
        return new Part.Variable(name.group(), "", new Word(List.of()), quoted);
    }

    /** The parenthesis that closes the one at {@code open}; quotes are minded. */
    private int closing(int open) throws SyntaxError {
        int depth = 0;
        char quote = 0;
        for (int i = open; i < script.length(); i++) {
            char c = script.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\\') {
                i++;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
        throw new SyntaxError("syntax error: unexpected end of file (expecting \")\")", true);
    }
}
