package dev.meshdojo.simulator.lab;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/**
 * A command after which the shell waits until every proxy runs what the command wrote. A learner
 * takes longer than that to type the next line; a script does not, and would ask a gateway that has
 * not heard yet.
 */
record PacedCommand(ShellCommand command) implements ShellCommand {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Override
    public String name() {
        return command.name();
    }

    @Override
    public String summary() {
        return command.summary();
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        int exitCode = command.run(arguments, invocation);
        try {
            invocation.cluster().awaitConfigured(LIMIT);
        } catch (TimeoutException e) {
            invocation.stderr().println("meshdojo: " + e.getMessage());
        }
        return exitCode;
    }
}
