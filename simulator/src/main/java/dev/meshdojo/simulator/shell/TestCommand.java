package dev.meshdojo.simulator.shell;

import java.util.List;

/** {@code test} and {@code [}. */
final class TestCommand {

    private final FileTests tests;
    private final List<String> words;
    private int at;

    private TestCommand(ShellState state, List<String> words) {
        this.tests = new FileTests(state);
        this.words = words;
    }

    static int bracket(Interpreter shell, List<String> arguments, Streams streams) {
        if (arguments.isEmpty() || !arguments.getLast().equals("]")) {
            streams.err().println("meshdojo: [: missing `]'");
            return 2;
        }
        return test(shell, arguments.subList(0, arguments.size() - 1), streams);
    }

    static int test(Interpreter shell, List<String> arguments, Streams streams) {
        if (arguments.isEmpty()) {
            return 1;
        }
        try {
            TestCommand test = new TestCommand(shell.state(), arguments);
            boolean result = test.or();
            if (test.at < arguments.size()) {
                throw new ScriptException("[: too many arguments");
            }
            return result ? 0 : 1;
        } catch (ScriptException e) {
            streams.err().println("meshdojo: " + e.getMessage());
            return 2;
        }
    }

    private boolean or() {
        boolean left = and();
        while (take("-o")) {
            left |= and();
        }
        return left;
    }

    private boolean and() {
        boolean left = not();
        while (take("-a")) {
            left &= not();
        }
        return left;
    }

    private boolean not() {
        if (words.size() - at > 1 && words.get(at).equals("!")) {
            at++;
            return !not();
        }
        return primary();
    }

    private boolean primary() {
        int left = words.size() - at;
        if (left == 0) {
            throw new ScriptException("[: argument expected");
        }
        String first = words.get(at);
        if (left >= 3 && FileTests.isBinary(words.get(at + 1))) {
            at += 3;
            return tests.binary(first, words.get(at - 2), words.get(at - 1));
        }
        if (left >= 3 && first.equals("(")) {
            at++;
            boolean inner = or();
            if (!take(")")) {
                throw new ScriptException("[: `)' expected");
            }
            return inner;
        }
        if (left >= 2 && FileTests.isUnary(first)) {
            at += 2;
            return tests.unary(first, words.get(at - 1));
        }
        if (left == 2) {
            throw new ScriptException("[: " + first + ": unary operator expected");
        }
        at++;
        return !first.isEmpty();
    }

    private boolean take(String token) {
        if (at < words.size() && words.get(at).equals(token)) {
            at++;
            return true;
        }
        return false;
    }
}
