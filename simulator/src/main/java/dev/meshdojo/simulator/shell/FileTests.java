package dev.meshdojo.simulator.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** The operators of {@code test}. */
final class FileTests {

    private static final Set<String> UNARY =
            Set.of(
                    "-z", "-n", "-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h", "-a", "-v",
                    "-t");
    private static final Set<String> BINARY =
            Set.of(
                    "=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt",
                    "-ot", "=~");

    private final ShellState state;

    FileTests(ShellState state) {
        this.state = state;
    }

    static boolean isUnary(String operator) {
        return UNARY.contains(operator);
    }

    static boolean isBinary(String operator) {
        return BINARY.contains(operator);
    }

    boolean unary(String operator, String operand) {
        return switch (operator) {
            case "-z" -> operand.isEmpty();
            case "-n" -> !operand.isEmpty();
            case "-v" -> state.variables.containsKey(operand);
            case "-t" -> false;
            default -> !operand.isEmpty() && file(operator, state.directory.resolve(operand));
        };
    }

    private static boolean file(String operator, Path file) {
        return switch (operator) {
            case "-e", "-a" -> Files.exists(file);
            case "-f" -> Files.isRegularFile(file);
            case "-d" -> Files.isDirectory(file);
            case "-r" -> Files.isReadable(file);
            case "-w" -> Files.isWritable(file);
            case "-x" -> Files.isExecutable(file);
            case "-L", "-h" -> Files.isSymbolicLink(file);
            default -> size(file) > 0;
        };
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    boolean binary(String left, String operator, String right) {
        return switch (operator) {
            case "=", "==" -> left.equals(right);
            case "!=" -> !left.equals(right);
            case "<" -> left.compareTo(right) < 0;
            case ">" -> left.compareTo(right) > 0;
            case "-nt" -> newer(left, right);
            case "-ot" -> newer(right, left);
            default -> compare(integer(left), operator, integer(right));
        };
    }

    private boolean newer(String left, String right) {
        Path a = state.directory.resolve(left);
        Path b = state.directory.resolve(right);
        try {
            return Files.exists(a)
                    && (!Files.exists(b)
                            || Files.getLastModifiedTime(a).compareTo(Files.getLastModifiedTime(b))
                                    > 0);
        } catch (IOException e) {
            return false;
        }
    }

    private static long integer(String text) {
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ScriptException("[: " + text + ": integer expression expected");
        }
    }

    static boolean compare(long a, String operator, long b) {
        return switch (operator) {
            case "-eq" -> a == b;
            case "-ne" -> a != b;
            case "-lt" -> a < b;
            case "-le" -> a <= b;
            case "-gt" -> a > b;
            default -> a >= b;
        };
    }
}
