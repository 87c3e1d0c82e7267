package dev.meshdojo.simulator.shell.command.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an awk program. */
final class AwkParser {

    /** An expression. */
    sealed interface Expr {}

    /** A number or a text. */
    record Constant(String text, boolean number) implements Expr {}

    /** {@code /re/}, matched against the record when it stands alone. */
    record Regex(String text) implements Expr {}

    /** A variable. */
    record Variable(String name) implements Expr {}

    /** {@code $n}. */
    record FieldRef(Expr index) implements Expr {}

    /** An operator with two sides; {@code " "} joins texts. */
    record Binary(String operator, Expr left, Expr right) implements Expr {}

    /** {@code !x}, {@code -x}. */
    record Unary(String operator, Expr operand) implements Expr {}

    /** {@code target operator value}, the operator without its equals sign. */
    record Assign(Expr target, String operator, Expr value) implements Expr {}

    /** {@code a ? b : c}. */
    record Choice(Expr condition, Expr yes, Expr no) implements Expr {}

    /** A function call. */
    record Call(String name, List<Expr> arguments) implements Expr {}

    /**
     * A statement: {@code print}, {@code printf}, {@code next}, {@code exit}, {@code if}, an
     * expression.
     */
    record Statement(
            String word, List<Expr> arguments, List<Statement> body, List<Statement> otherwise) {}

    /** {@code pattern { … }}; the pattern {@code BEGIN} and {@code END} by name. */
    record Rule(String when, @Nullable Expr pattern, List<Statement> body) {}

    private static final Set<String> UNSUPPORTED =
            Set.of("for", "while", "do", "function", "func", "delete", "getline");
    private static final List<String> TOKENS =
            List.of(
                    "&&", "||", "==", "!=", "<=", ">=", "!~", "+=", "-=", "*=", "/=", "%=", "++",
                    "--");

    private final String text;
    private int at;
    private int printDepth;

    AwkParser(String text) {
        this.text = text;
    }

    List<Rule> parse() {
        List<Rule> rules = new ArrayList<>();
        separators();
        while (at < text.length()) {
            String word = peekWord();
            if (word.equals("BEGIN") || word.equals("END")) {
                at += word.length();
                blanks();
                rules.add(new Rule(word, null, block()));
            } else {
                Expr pattern = peek() == '{' ? null : expression();
                blanks();
                List<Statement> body =
                        peek() == '{'
                                ? block()
                                : List.of(new Statement("print", List.of(), List.of(), List.of()));
                rules.add(new Rule("", pattern, body));
            }
            separators();
        }
        return rules;
    }

    private List<Statement> block() {
        if (peek() != '{') {
            return List.of(statement());
        }
        at++;
        List<Statement> body = new ArrayList<>();
        separators();
        while (peek() != '}') {
            if (at >= text.length()) {
                throw bad("} is missing");
            }
            body.add(statement());
            separators();
        }
        at++;
        return body;
    }

    private Statement statement() {
        String word = peekWord();
        if (UNSUPPORTED.contains(word)) {
            throw bad(word + " is not supported by this awk; use the shell's for and while");
        }
        return switch (word) {
            case "print", "printf" -> {
                at += word.length();
                yield new Statement(word, printed(), List.of(), List.of());
            }
            case "next", "exit" -> leave(word);
            case "if" -> conditional();
            default -> new Statement("", List.of(expression()), List.of(), List.of());
        };
    }

    private Statement leave(String word) {
        at += word.length();
        blanks();
        boolean value = word.equals("exit") && at < text.length() && ";}\n".indexOf(peek()) < 0;
        List<Expr> arguments = value ? List.of(expression()) : List.of();
        return new Statement(word, arguments, List.of(), List.of());
    }

    private Statement conditional() {
        at += "if".length();
        expect("(");
        Expr condition = expression();
        expect(")");
        separators();
        List<Statement> yes = block();
        int before = at;
        separators();
        if (!peekWord().equals("else")) {
            at = before;
            return new Statement("if", List.of(condition), yes, List.of());
        }
        at += "else".length();
        separators();
        return new Statement("if", List.of(condition), yes, block());
    }

    private List<Expr> printed() {
        blanks();
        List<Expr> arguments = new ArrayList<>();
        printDepth++;
        while (at < text.length() && ";}\n".indexOf(peek()) < 0) {
            arguments.add(expression());
            blanks();
            if (peek() == '>' || peek() == '|') {
                throw bad("print to a file or pipe is not supported; use the shell's");
            }
            if (!take(",")) {
                break;
            }
        }
        printDepth--;
        return arguments;
    }

    private Expr expression() {
        Expr left = choice();
        for (String operator : List.of("+=", "-=", "*=", "/=", "%=", "=")) {
            blanks();
            boolean equality = operator.equals("=") && text.startsWith("==", at);
            if (text.startsWith(operator, at)
                    && !equality
                    && (left instanceof Variable || left instanceof FieldRef)) {
                at += operator.length();
                return new Assign(left, operator.substring(0, operator.length() - 1), expression());
            }
        }
        return left;
    }

    private Expr choice() {
        Expr condition = or();
        if (!take("?")) {
            return condition;
        }
        Expr yes = choice();
        expect(":");
        return new Choice(condition, yes, choice());
    }

    private Expr or() {
        Expr left = and();
        while (take("||")) {
            left = new Binary("||", left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = match();
        while (take("&&")) {
            left = new Binary("&&", left, match());
        }
        return left;
    }

    private Expr match() {
        Expr left = comparison();
        while (true) {
            if (take("!~")) {
                left = new Binary("!~", left, comparison());
            } else if (take("~")) {
                left = new Binary("~", left, comparison());
            } else {
                return left;
            }
        }
    }

    private Expr comparison() {
        Expr left = joined();
        for (String operator : List.of("==", "!=", "<=", ">=", "<", ">")) {
            blanks();
            boolean redirect = operator.equals(">") && printDepth > 0;
            boolean negatedMatch = operator.equals("!=") && text.startsWith("!~", at);
            if (text.startsWith(operator, at) && !redirect && !negatedMatch) {
                at += operator.length();
                return new Binary(operator, left, joined());
            }
        }
        return left;
    }

    private Expr joined() {
        Expr left = sum();
        blanks();
        while (at < text.length()
                && (Character.isLetterOrDigit(peek()) || "\"$(".indexOf(peek()) >= 0)) {
            left = new Binary(" ", left, sum());
            blanks();
        }
        return left;
    }

    private Expr sum() {
        Expr left = product();
        while (true) {
            if (operator("+")) {
                left = new Binary("+", left, product());
            } else if (operator("-")) {
                left = new Binary("-", left, product());
            } else {
                return left;
            }
        }
    }

    private Expr product() {
        Expr left = unary();
        while (true) {
            if (operator("*")) {
                left = new Binary("*", left, unary());
            } else if (operator("/")) {
                left = new Binary("/", left, unary());
            } else if (operator("%")) {
                left = new Binary("%", left, unary());
            } else {
                return left;
            }
        }
    }

    /** Takes a one-letter operator that is not the start of a longer one. */
    private boolean operator(String name) {
        blanks();
        boolean longer =
                TOKENS.stream().anyMatch(t -> t.startsWith(name) && text.startsWith(t, at));
        return !longer && take(name);
    }

    private Expr unary() {
        blanks();
        if (peek() == '!' && !text.startsWith("!=", at) && !text.startsWith("!~", at)) {
            at++;
            return new Unary("!", unary());
        }
        if (peek() == '-' && !text.startsWith("--", at)) {
            at++;
            return new Unary("-", unary());
        }
        Expr value = primary();
        if (take("++")) {
            return new Binary(
                    "-", new Assign(value, "+", new Constant("1", true)), new Constant("1", true));
        }
        if (take("--")) {
            return new Binary(
                    "+", new Assign(value, "-", new Constant("1", true)), new Constant("1", true));
        }
        return value;
    }

    private Expr primary() {
        blanks();
        char c = peek();
        if (c == '(') {
            at++;
            int before = printDepth;
            printDepth = 0;
            Expr inner = expression();
            printDepth = before;
            expect(")");
            return inner;
        }
        if (c == '$') {
            at++;
            return new FieldRef(primary());
        }
        if (c == '"') {
            return new Constant(quoted('"'), false);
        }
        if (c == '/') {
            return new Regex(quoted('/'));
        }
        if (Character.isDigit(c) || c == '.') {
            int start = at;
            while (at < text.length() && (Character.isDigit(peek()) || peek() == '.')) {
                at++;
            }
            return new Constant(text.substring(start, at), true);
        }
        String word = peekWord();
        if (word.isEmpty()) {
            throw bad("unexpected \"" + c + "\"");
        }
        at += word.length();
        if (peek() == '[') {
            throw bad("arrays are not supported by this awk; use sort | uniq -c");
        }
        if (peek() == '(') {
            return call(word);
        }
        return word.equals("length") ? new Call("length", List.of()) : new Variable(word);
    }

    private Expr call(String name) {
        at++;
        List<Expr> arguments = new ArrayList<>();
        blanks();
        while (peek() != ')') {
            arguments.add(expression());
            if (!take(",")) {
                break;
            }
        }
        expect(")");
        return new Call(name, arguments);
    }

    private String quoted(char mark) {
        StringBuilder value = new StringBuilder();
        at++;
        while (at < text.length() && peek() != mark) {
            char c = text.charAt(at++);
            if (c == '\\' && at < text.length()) {
                char e = text.charAt(at++);
                if (mark == '/') {
                    value.append(e == '/' ? "/" : "\\" + e);
                } else {
                    value.append(
                            e == 'n'
                                    ? "\n"
                                    : e == 't'
                                            ? "\t"
                                            : e == '"' || e == '\\' ? String.valueOf(e) : "\\" + e);
                }
            } else {
                value.append(c);
            }
        }
        if (at >= text.length()) {
            throw bad(mark + " is missing");
        }
        at++;
        return value.toString();
    }

    private String peekWord() {
        int end = at;
        while (end < text.length()
                && (Character.isLetter(text.charAt(end))
                        || text.charAt(end) == '_'
                        || (end > at && Character.isDigit(text.charAt(end))))) {
            end++;
        }
        return text.substring(at, end);
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private boolean take(String token) {
        blanks();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw bad("\"" + token + "\" is missing");
        }
    }

    private void blanks() {
        while (at < text.length() && (peek() == ' ' || peek() == '\t')) {
            at++;
        }
    }

    private void separators() {
        while (at < text.length() && " \t\n;".indexOf(peek()) >= 0) {
            at++;
        }
    }

    private UsageException bad(String what) {
        return new UsageException(
                2, "syntax error at character " + (at + 1) + " of the program: " + what);
    }
}
