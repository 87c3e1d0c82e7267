package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.shell.ShellNode.Redirect;
import dev.meshdojo.simulator.apps.shell.ShellNode.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses the part of POSIX shell that container commands use: lists, pipelines, {@code if}, loops,
 * groups, redirections, variables, quoting, substitutions. Not modelled: functions, {@code case},
 * here documents, globs.
 */
final class ShellParser {

    private static final Set<String> CLOSERS =
            Set.of("then", "do", "done", "fi", "elif", "else", "}", ")");
    private static final Pattern ASSIGNMENT = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)=");
    private static final Pattern REDIRECT = Pattern.compile("(\\d?)(>>|>&|>|<)");

    private final String script;
    private int at;

    private ShellParser(String script) {
        this.script = script;
    }

    /** A script that is not well formed. */
    static final class SyntaxError extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean incomplete;

        SyntaxError(String message, boolean incomplete) {
            super(message);
            this.incomplete = incomplete;
        }

        /** Whether another line could make it good. */
        boolean incomplete() {
            return incomplete;
        }
    }

    static ShellNode parse(String script) throws SyntaxError {
        ShellParser parser = new ShellParser(script);
        ShellNode node = parser.sequence();
        parser.skipBlank(true);
        if (parser.at < script.length()) {
            throw new SyntaxError("syntax error: unexpected \"" + parser.peekWord() + "\"", false);
        }
        return node;
    }

    private ShellNode sequence() throws SyntaxError {
        List<ShellNode.Step> steps = new ArrayList<>();
        while (true) {
            skipBlank(true);
            while (looking(";")) {
                at++;
                skipBlank(true);
            }
            if (at >= script.length() || CLOSERS.contains(peekWord())) {
                return new ShellNode.Sequence(List.copyOf(steps));
            }
            ShellNode command = chain();
            skipBlank(false);
            boolean background = looking("&") && !looking("&&");
            if (background) {
                at++;
            }
            steps.add(new ShellNode.Step(command, background));
        }
    }

    private ShellNode chain() throws SyntaxError {
        ShellNode left = pipeline();
        skipBlank(false);
        while (looking("&&") || looking("||")) {
            boolean and = looking("&&");
            at += 2;
            skipBlank(true);
            left = new ShellNode.Chain(left, and, pipeline());
            skipBlank(false);
        }
        return left;
    }

    private ShellNode pipeline() throws SyntaxError {
        boolean negated = peekWord().equals("!");
        if (negated) {
            at++;
            skipBlank(false);
        }
        List<ShellNode> commands = new ArrayList<>(List.of(command()));
        skipBlank(false);
        while (looking("|") && !looking("||")) {
            at++;
            skipBlank(true);
            commands.add(command());
            skipBlank(false);
        }
        return commands.size() == 1 && !negated
                ? commands.getFirst()
                : new ShellNode.Pipeline(List.copyOf(commands), negated);
    }

    private ShellNode command() throws SyntaxError {
        switch (peekWord()) {
            case "if":
                return conditional();
            case "while", "until":
                boolean until = keyword().equals("until");
                ShellNode condition = sequence();
                return new ShellNode.While(condition, until, loopBody());
            case "for":
                return loop();
            case "{":
                at++;
                return closed("}");
            case "(":
                at++;
                return closed(")");
            default:
                return simple();
        }
    }

    private ShellNode closed(String end) throws SyntaxError {
        ShellNode body = sequence();
        expect(end);
        return body;
    }

    private ShellNode conditional() throws SyntaxError {
        List<ShellNode.Branch> branches = new ArrayList<>();
        while (true) {
            String word = keyword();
            if (word.equals("fi")) {
                return new ShellNode.If(List.copyOf(branches));
            }
            if (word.equals("else")) {
                branches.add(new ShellNode.Branch(null, sequence()));
            } else {
                ShellNode condition = sequence();
                expect("then");
                branches.add(new ShellNode.Branch(condition, sequence()));
            }
            skipBlank(true);
            if (!Set.of("fi", "else", "elif").contains(peekWord())) {
                throw new SyntaxError(
                        "syntax error: unexpected end of file (expecting \"fi\")", atEnd());
            }
        }
    }

    private ShellNode loopBody() throws SyntaxError {
        expect("do");
        ShellNode body = sequence();
        expect("done");
        return body;
    }

    private ShellNode loop() throws SyntaxError {
        keyword();
        skipBlank(false);
        String variable = keyword();
        skipBlank(true);
        List<Word> words = new ArrayList<>();
        if (peekWord().equals("in")) {
            keyword();
            skipBlank(false);
            while (at < script.length() && !looking(";") && !looking("\n")) {
                words.add(word());
                skipBlank(false);
            }
        }
        skipBlank(true);
        if (looking(";")) {
            at++;
        }
        return new ShellNode.For(variable, List.copyOf(words), loopBody());
    }

    private ShellNode simple() throws SyntaxError {
        List<ShellNode.Assignment> assignments = new ArrayList<>();
        List<Word> words = new ArrayList<>();
        List<Redirect> redirects = new ArrayList<>();
        while (true) {
            skipBlank(false);
            if (at >= script.length() || "\n;&|)".indexOf(script.charAt(at)) >= 0) {
                break;
            }
            Redirect redirect = redirect();
            Matcher assignment = ASSIGNMENT.matcher(script).region(at, script.length());
            if (redirect != null) {
                redirects.add(redirect);
            } else if (words.isEmpty() && assignment.lookingAt()) {
                at = assignment.end();
                assignments.add(new ShellNode.Assignment(assignment.group(1), word()));
            } else {
                words.add(word());
            }
        }
        if (assignments.isEmpty() && words.isEmpty() && redirects.isEmpty()) {
            throw new SyntaxError("syntax error: unexpected \"" + peekWord() + "\"", atEnd());
        }
        return new ShellNode.Simple(
                List.copyOf(assignments), List.copyOf(words), List.copyOf(redirects));
    }

    private @Nullable Redirect redirect() throws SyntaxError {
        Matcher matcher = REDIRECT.matcher(script).region(at, script.length());
        if (!matcher.lookingAt()) {
            return null;
        }
        at = matcher.end();
        Redirect.Kind kind =
                switch (matcher.group(2)) {
                    case "<" -> Redirect.Kind.READ;
                    case ">>" -> Redirect.Kind.APPEND;
                    case ">&" -> Redirect.Kind.DUPLICATE;
                    default -> Redirect.Kind.WRITE;
                };
        int fallback = kind == Redirect.Kind.READ ? 0 : 1;
        int descriptor = matcher.group(1).isEmpty() ? fallback : Integer.parseInt(matcher.group(1));
        skipBlank(false);
        return new Redirect(descriptor, kind, word());
    }

    private Word word() throws SyntaxError {
        return new ShellWords(script, at, this::moveTo).word();
    }

    private void moveTo(int position) {
        at = position;
    }

    private boolean atEnd() {
        return at >= script.length();
    }

    private void expect(String word) throws SyntaxError {
        skipBlank(true);
        if (!peekWord().equals(word)) {
            String found = atEnd() ? "end of file" : "\"" + peekWord() + "\"";
            throw new SyntaxError(
                    "syntax error: unexpected " + found + " (expecting \"" + word + "\")", atEnd());
        }
        at += word.length();
    }

    private String keyword() {
        skipBlank(true);
        String word = peekWord();
        at += word.length();
        return word;
    }

    private String peekWord() {
        if (at < script.length() && "(){}".indexOf(script.charAt(at)) >= 0) {
            return script.substring(at, at + 1);
        }
        int end = at;
        while (end < script.length() && " \t\n;&|()<>".indexOf(script.charAt(end)) < 0) {
            end++;
        }
        return script.substring(at, end);
    }

    private boolean looking(String text) {
        return script.startsWith(text, at);
    }

    /** Skips blanks, joined lines and comments; line ends too if asked. */
    private void skipBlank(boolean lines) {
        while (at < script.length()) {
            char c = script.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
                at++;
            } else if (looking("\\\n")) {
                at += 2;
            } else if (c == '#' && (at == 0 || Character.isWhitespace(script.charAt(at - 1)))) {
                int end = script.indexOf('\n', at);
                at = end < 0 ? script.length() : end;
            } else {
                return;
            }
        }
    }
}
