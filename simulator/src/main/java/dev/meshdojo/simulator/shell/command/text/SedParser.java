package dev.meshdojo.simulator.shell.command.text;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a sed script. */
final class SedParser {

    private final String script;
    private final boolean extended;
    private int at;

    SedParser(String script, boolean extended) {
        this.script = script;
        this.extended = extended;
    }

    List<SedCommand> parse() {
        List<SedCommand> commands = block();
        if (at < script.length()) {
            throw bad("unexpected `}'");
        }
        return commands;
    }

    private List<SedCommand> block() {
        List<SedCommand> commands = new ArrayList<>();
        while (true) {
            while (at < script.length() && " \t\n;".indexOf(script.charAt(at)) >= 0) {
                at++;
            }
            if (at >= script.length() || script.charAt(at) == '}') {
                return commands;
            }
            if (script.charAt(at) == '#') {
                int end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end;
                continue;
            }
            commands.add(command());
        }
    }

    private SedCommand command() {
        SedCommand.Address from = address();
        SedCommand.Address to = null;
        if (from != null && peek() == ',') {
            at++;
            to = address();
            if (to == null) {
                throw bad("unexpected `,'");
            }
        }
        blanks();
        boolean negated = peek() == '!';
        if (negated) {
            at++;
            blanks();
        }
        if (at >= script.length()) {
            throw bad("missing command");
        }
        char verb = script.charAt(at++);
        return switch (verb) {
            case 's' -> substitute(from, to, negated);
            case 'y' -> {
                char mark = script.charAt(at++);
                String left = until(mark);
                String right = until(mark);
                if (left.length() != right.length()) {
                    throw bad("strings for `y' command are different lengths");
                }
                yield new SedCommand(from, to, negated, 'y', null, left, right, List.of());
            }
            case 'p', 'd', 'q', '=', 'n', 'D', 'N', 'P', 'h', 'H', 'g', 'G', 'x' ->
                    new SedCommand(from, to, negated, verb, null, "", "", List.of());
            case 'a', 'i', 'c' ->
                    new SedCommand(from, to, negated, verb, null, textLine(), "", List.of());
            case '{' -> {
                List<SedCommand> inner = block();
                if (peek() != '}') {
                    throw bad("unmatched `{'");
                }
                at++;
                yield new SedCommand(from, to, negated, '{', null, "", "", inner);
            }
            default -> throw bad("unknown command: `" + verb + "'");
        };
    }

    private SedCommand substitute(
            SedCommand.@Nullable Address from, SedCommand.@Nullable Address to, boolean negated) {
        if (at >= script.length()) {
            throw bad("unterminated `s' command");
        }
        char mark = script.charAt(at++);
        String regex = until(mark);
        String replacement = until(mark);
        StringBuilder flags = new StringBuilder();
        while (at < script.length() && "gpiIm0123456789".indexOf(script.charAt(at)) >= 0) {
            flags.append(script.charAt(at++));
        }
        boolean ignoreCase = flags.toString().toLowerCase(java.util.Locale.ROOT).contains("i");
        Pattern pattern = PosixRegex.compile(regex, extended, ignoreCase);
        return new SedCommand(
                from, to, negated, 's', pattern, replacement, flags.toString(), List.of());
    }

    private String textLine() {
        blanks();
        if (peek() == '\\') {
            at++;
            blanks();
            if (peek() == '\n') {
                at++;
            }
        }
        int end = script.indexOf('\n', at);
        String text = script.substring(at, end < 0 ? script.length() : end);
        at = end < 0 ? script.length() : end;
        return text;
    }

    private String until(char mark) {
        StringBuilder text = new StringBuilder();
        boolean bracket = false;
        while (at < script.length()) {
            char c = script.charAt(at++);
            if (c == '\\' && at < script.length()) {
                char escaped = script.charAt(at++);
                if (escaped != mark) {
                    text.append('\\');
                }
                text.append(escaped);
                continue;
            }
            if (c == mark && !bracket) {
                return text.toString();
            }
            bracket = c == '[' || (bracket && c != ']');
            text.append(c);
        }
        throw bad("unterminated `s' command");
    }

    private SedCommand.@Nullable Address address() {
        blanks();
        char c = peek();
        if (c == '$') {
            at++;
            return new SedCommand.Address(-1, null);
        }
        if (Character.isDigit(c)) {
            int start = at;
            while (Character.isDigit(peek())) {
                at++;
            }
            return new SedCommand.Address(Integer.parseInt(script.substring(start, at)), null);
        }
        if (c == '/') {
            at++;
            return new SedCommand.Address(0, PosixRegex.compile(until('/'), extended, false));
        }
        return null;
    }

    private void blanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    private char peek() {
        return at < script.length() ? script.charAt(at) : '\0';
    }

    private UsageException bad(String what) {
        return new UsageException(1, "-e expression #1, char " + at + ": " + what);
    }
}
