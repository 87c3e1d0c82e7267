package dev.meshdojo.simulator.shell.command.kubectl.verb;

import dev.meshdojo.simulator.shell.command.kubectl.cli.Session;
import java.util.List;

/**
 * One command of kubectl.
 *
 * @param names the first is its own, others are aliases
 * @param flags beyond the global ones, as {@link
 *     dev.meshdojo.simulator.shell.command.kubectl.cli.Flags} declares them
 * @param body the work
 */
public record Verb(List<String> names, String flags, Body body) {

    public Verb {
        names = List.copyOf(names);
    }

    /** The work of a command. */
    @FunctionalInterface
    public interface Body {
        /** Returns the exit status. */
        int run(Session session) throws InterruptedException;
    }

    static Verb of(String name, String flags, Body body) {
        return new Verb(List.of(name.split("\\|")), flags, body);
    }
}
