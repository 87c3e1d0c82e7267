package dev.meshdojo.simulator.shell;

import java.util.List;

/** A command that changes the shell itself. */
@FunctionalInterface
interface Builtin {

    int run(Interpreter shell, List<String> arguments, Streams streams) throws InterruptedException;
}
