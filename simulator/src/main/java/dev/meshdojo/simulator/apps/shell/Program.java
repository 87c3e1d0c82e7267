package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.util.List;

/** A command that a container's shell can run. */
@FunctionalInterface
interface Program {

    /**
     * Runs to its end; an interrupt kills it.
     *
     * @param args without the command's name
     * @return the exit code
     */
    int run(Process process, List<String> args) throws IOException, InterruptedException;
}
