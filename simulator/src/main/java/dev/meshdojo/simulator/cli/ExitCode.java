package dev.meshdojo.simulator.cli;

/** The command's exit codes. They are a contract with scripts. */
public final class ExitCode {

    /** All checks hold. */
    public static final int OK = 0;

    /** A check failed. */
    public static final int CHECK_FAILED = 1;

    /** Bad usage or invalid input. */
    public static final int BAD_INPUT = 2;

    /** The environment lacks something, such as Docker or a free port. */
    public static final int ENVIRONMENT = 3;

    private ExitCode() {}
}
