package dev.meshdojo.simulator.shell.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a script into a tree. The grammar is POSIX's, with bash's {@code [[ ]]}, {@code (( ))},
 * {@code &>}, {@code |&}, {@code <<<} and {@code function}. Anything else is refused by name.
 */
public final class Parser {

    private static final Set<String> CLOSERS =
            Set.of("then", "elif", "else", "fi", "do", "done", "esac", "}");
    private static final Set<String> UNSUPPORTED = Set.of("select", "coproc", "time");

    private final Lexer lexer;
    private final SimpleCommandParser simple;

    Parser(Lexer lexer) {
        this.lexer = lexer;
        this.simple = new SimpleCommandParser(lexer);
    }

    /**
     * Parses a whole script.
     *
     * @throws ShellSyntaxException when it cannot be read
     */
    public static Command parse(String script) {
        Parser parser = new Parser(new Lexer(new Source(script)));
        Command tree = parser.sequence();
        Token rest = parser.lexer.peek();
        if (rest.kind() != Token.Kind.END) {
            throw parser.unexpected(rest);
        }
        return tree;
    }

    Command untilParenthesis(int start) {
        Command tree = sequence();
        if (!lexer.peek().is(")")) {
            Token rest = lexer.peek();
            if (rest.kind() == Token.Kind.END) {
                throw lexer.words().unclosed(start, "$(", ")");
            }
            throw unexpected(rest);
        }
        lexer.next();
        return tree;
    }

    private Command.Sequence sequence() {
        List<Command.Item> items = new ArrayList<>();
        skipNewlines();
        while (!atEndOfList()) {
            int start = lexer.peek().start();
            Command command = andOr();
            int end = lexer.peek().start();
            boolean background = lexer.peek().is("&");
            String source = lexer.source().slice(start, end).strip();
            items.add(new Command.Item(command, background, source));
            if (background || lexer.peek().is(";")) {
                lexer.next();
            } else if (lexer.peek().kind() != Token.Kind.NEWLINE) {
                break;
            }
            skipNewlines();
        }
        return new Command.Sequence(items);
    }

    private boolean atEndOfList() {
        Token token = lexer.peek();
        String plain = token.word() == null ? null : token.word().plain();
        return token.kind() == Token.Kind.END
                || token.is(")")
                || token.is(";;")
                || (plain != null && CLOSERS.contains(plain));
    }

    private Command.Sequence body(String after) {
        Command.Sequence body = sequence();
        if (body.items().isEmpty()) {
            Token token = lexer.peek();
            throw error(
                    token,
                    "no command after \"" + after + "\": " + token.described(),
                    "Put a command there; : does nothing");
        }
        return body;
    }

    private Command andOr() {
        Command left = pipeline();
        while (lexer.peek().is("&&") || lexer.peek().is("||")) {
            boolean and = lexer.next().is("&&");
            skipNewlines();
            left = new Command.AndOr(left, and, pipeline());
        }
        return left;
    }

    private Command pipeline() {
        boolean negated = false;
        while (lexer.peek().isReserved("!")) {
            lexer.next();
            negated = !negated;
        }
        List<Command> stages = new ArrayList<>();
        stages.add(command());
        while (lexer.peek().is("|") || lexer.peek().is("|&")) {
            if (lexer.next().is("|&")) {
                Redirection both =
                        new Redirection(
                                2,
                                Redirection.Kind.DUPLICATE,
                                new Redirection.Target(Word.literal("1")));
                stages.set(
                        stages.size() - 1, new Command.Redirected(stages.getLast(), List.of(both)));
            }
            skipNewlines();
            stages.add(command());
        }
        return stages.size() == 1 && !negated
                ? stages.getFirst()
                : new Command.Pipeline(negated, stages);
    }

    private Command command() {
        Token token = lexer.peek();
        if (token.is("(")) {
            return redirected(parenthesis(token));
        }
        String name = token.word() == null ? null : token.word().plain();
        if (name != null) {
            Command compound = compound(name, token);
            if (compound != null) {
                return redirected(compound);
            }
            if (CLOSERS.contains(name)) {
                throw unexpected(token);
            }
            if (UNSUPPORTED.contains(name)) {
                throw error(token, name + " is not supported", "Leave it out");
            }
        }
        if (token.kind() != Token.Kind.WORD && !token.isRedirection()) {
            throw unexpected(token);
        }
        Command.Simple command = simple.parse();
        String word = command.words().size() == 1 ? command.words().getFirst().plain() : null;
        if (lexer.peek().is("(") && word != null && command.assignments().isEmpty()) {
            lexer.next();
            expectOperator(")", token);
            return function(word, token);
        }
        return command;
    }

    private Command parenthesis(Token open) {
        if (lexer.adjacent('(')) {
            return new Command.ArithmeticCommand(lexer.arithmeticCommand());
        }
        lexer.next();
        Command body = body("(");
        expectOperator(")", open);
        return new Command.Subshell(body);
    }

    private @Nullable Command compound(String name, Token token) {
        return switch (name) {
            case "{" -> {
                lexer.next();
                Command body = body("{");
                expect("}", token);
                yield body;
            }
            case "if" -> conditional(token);
            case "while", "until" -> {
                lexer.next();
                Command condition = body(name);
                yield new Command.Loop(name.equals("until"), condition, loopBody(token));
            }
            case "for" -> forLoop(token);
            case "case" -> caseOf(token);
            case "function" -> {
                lexer.next();
                String function = lexer.next().text();
                if (lexer.peek().is("(")) {
                    lexer.next();
                    expectOperator(")", token);
                }
                yield function(function, token);
            }
            case "[[" -> doubleBracket(token);
            default -> null;
        };
    }

    private Command function(String name, Token start) {
        skipNewlines();
        Command body = command();
        String source = lexer.source().slice(start.start(), lexer.peek().start()).strip();
        return new Command.Function(name, body, source);
    }

    private Command loopBody(Token opener) {
        expect("do", opener);
        Command body = body("do");
        expect("done", opener);
        return body;
    }

    private Command conditional(Token opener) {
        List<Command.Branch> branches = new ArrayList<>();
        Command otherwise = null;
        lexer.next();
        do {
            Command condition = body("if");
            expect("then", opener);
            branches.add(new Command.Branch(condition, body("then")));
        } while (takeReserved("elif"));
        if (takeReserved("else")) {
            otherwise = body("else");
        }
        expect("fi", opener);
        return new Command.If(branches, otherwise);
    }

    private Command forLoop(Token opener) {
        lexer.next();
        Token variable = lexer.next();
        if (variable.is("(")) {
            throw error(
                    variable,
                    "for (( … )) is not supported",
                    "Use: for i in $(seq 1 10); do … done");
        }
        if (variable.word() == null || !variable.text().matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw error(
                    variable,
                    "for needs a variable name, got " + variable.described(),
                    "Write: for NAME in WORDS; do … done");
        }
        skipNewlines();
        List<Word> words = null;
        if (takeReserved("in")) {
            words = new ArrayList<>();
            for (Word word = lexer.peek().word(); word != null; word = lexer.peek().word()) {
                words.add(word);
                lexer.next();
            }
        }
        if (lexer.peek().is(";")) {
            lexer.next();
        }
        skipNewlines();
        return new Command.For(
                variable.text(), words == null ? null : List.copyOf(words), loopBody(opener));
    }

    private Command caseOf(Token opener) {
        lexer.next();
        Token subject = lexer.next();
        if (subject.word() == null) {
            throw unexpected(subject);
        }
        skipNewlines();
        expect("in", opener);
        skipNewlines();
        List<Command.Choice> choices = new ArrayList<>();
        while (!lexer.peek().isReserved("esac")) {
            choices.add(choice());
            if (lexer.peek().is(";;")) {
                lexer.next();
            } else if (!lexer.peek().isReserved("esac")) {
                throw unexpected(lexer.peek());
            }
            skipNewlines();
        }
        expect("esac", opener);
        return new Command.Case(subject.word(), choices);
    }

    private Command.Choice choice() {
        if (lexer.peek().is("(")) {
            lexer.next();
        }
        List<Word> patterns = new ArrayList<>();
        do {
            if (!patterns.isEmpty()) {
                lexer.next();
            }
            Token token = lexer.next();
            if (token.word() == null) {
                throw unexpected(token);
            }
            patterns.add(token.word());
        } while (lexer.peek().is("|"));
        if (!lexer.peek().is(")")) {
            throw error(
                    lexer.peek(),
                    "expected ) after the pattern, got " + lexer.peek().described(),
                    "Write: PATTERN) commands ;;");
        }
        lexer.next();
        return new Command.Choice(patterns, sequence());
    }

    private Command doubleBracket(Token opener) {
        lexer.next();
        List<Word> words = new ArrayList<>();
        while (!lexer.peek().isReserved("]]")) {
            Token token = lexer.next();
            if (token.kind() == Token.Kind.END) {
                throw lexer.words().unclosed(opener.start(), "[[", "]]");
            }
            if (token.word() != null) {
                words.add(token.word());
                if (token.isReserved("=~")) {
                    words.add(lexer.words().regex());
                }
            } else if (token.kind() == Token.Kind.OPERATOR) {
                words.add(Word.literal(token.text()));
            }
        }
        lexer.next();
        return new Command.Conditional(words);
    }

    private Command redirected(Command body) {
        List<Redirection> redirections = new ArrayList<>();
        while (lexer.peek().isRedirection()) {
            redirections.add(simple.redirection());
        }
        return redirections.isEmpty() ? body : new Command.Redirected(body, redirections);
    }

    private boolean takeReserved(String name) {
        boolean found = lexer.peek().isReserved(name);
        if (found) {
            lexer.next();
        }
        return found;
    }

    private void expect(String reserved, Token opener) {
        if (!takeReserved(reserved)) {
            throw missing(reserved, opener);
        }
    }

    private void expectOperator(String operator, Token opener) {
        if (!lexer.peek().is(operator)) {
            throw missing(operator, opener);
        }
        lexer.next();
    }

    private ShellSyntaxException missing(String wanted, Token opener) {
        Token token = lexer.peek();
        return error(
                token,
                "expected \"" + wanted + "\", but " + seen(token),
                "The \""
                        + opener.text()
                        + "\" of line "
                        + lexer.source().line(opener.start())
                        + " needs its \""
                        + wanted
                        + "\"");
    }

    private static String seen(Token token) {
        return token.kind() == Token.Kind.WORD || token.kind() == Token.Kind.OPERATOR
                ? "found " + token.described()
                : token.described();
    }

    private ShellSyntaxException unexpected(Token token) {
        return switch (token.kind()) {
            case END, NEWLINE ->
                    error(
                            token,
                            "a command is missing: " + token.described(),
                            "Complete the command");
            default ->
                    error(
                            token,
                            "unexpected " + token.described(),
                            "Remove it, or quote it if it is meant as text");
        };
    }

    private ShellSyntaxException error(Token token, String what, String mend) {
        return new ShellSyntaxException(lexer.source(), token.start(), what, mend);
    }

    private void skipNewlines() {
        while (lexer.peek().kind() == Token.Kind.NEWLINE) {
            lexer.next();
        }
    }
}
