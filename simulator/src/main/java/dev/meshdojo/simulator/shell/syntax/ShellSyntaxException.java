package dev.meshdojo.simulator.shell.syntax;

/** A script that cannot be read; says what, where and how to mend it. */
public final class ShellSyntaxException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;

    ShellSyntaxException(Source source, int offset, String what, String mend) {
        super(
                "line "
                        + source.line(offset)
                        + ", column "
                        + source.column(offset)
                        + ": syntax error: "
                        + what
                        + ". "
                        + mend);
        this.line = source.line(offset);
        this.column = source.column(offset);
    }

    /** Line of the fault, from 1. */
    public int line() {
        return line;
    }

    /** Column of the fault, from 1. */
    public int column() {
        return column;
    }
}
