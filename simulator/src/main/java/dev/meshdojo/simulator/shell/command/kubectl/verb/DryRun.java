package dev.meshdojo.simulator.shell.command.kubectl.verb;

import dev.meshdojo.simulator.shell.command.kubectl.cli.Flags;
import dev.meshdojo.simulator.shell.command.kubectl.cli.KubectlException;

/** {@code --dry-run}. */
enum DryRun {
    NONE(""),
    CLIENT(" (dry run)"),
    SERVER(" (server dry run)");

    static final String FLAG = "dry-run?unchanged";

    private final String suffix;

    DryRun(String suffix) {
        this.suffix = suffix;
    }

    /** What stands behind {@code created}. */
    String suffix() {
        return suffix;
    }

    /** Whether anything is sent at all. */
    boolean sends() {
        return this != CLIENT;
    }

    /** The query parameter. */
    String query() {
        return this == SERVER ? "&dryRun=All" : "";
    }

    static DryRun of(Flags flags) {
        String value = flags.value("dry-run", "none");
        return switch (value) {
            case "none", "false" -> NONE;
            case "client", "true", "unchanged" -> CLIENT;
            case "server" -> SERVER;
            default ->
                    throw KubectlException.error(
                            "Invalid dry-run value ("
                                    + value
                                    + "). Must be \"none\", \"server\", or \"client\".");
        };
    }
}
