package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.Container;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs commands in a container: those of a small userland, and scripts of {@code sh -c}. Without
 * state of its own; each run is independent.
 */
public final class ContainerShell {

    private static final int INTERRUPTED = 130;

    private ContainerShell() {}

    /** Whether the userland has a command of that name, given with or without its directory. */
    public static boolean knows(String command) {
        return isShell(command) || Userland.find(baseName(command)) != null;
    }

    /** Whether that is a shell itself. */
    static boolean isShell(String command) {
        return switch (baseName(command)) {
            case "sh", "bash", "ash" -> true;
            default -> false;
        };
    }

    static String baseName(String command) {
        return command.substring(command.lastIndexOf('/') + 1);
    }

    /**
     * Runs a command to its end; an interrupt kills it.
     *
     * @param stdin empty when none is attached
     * @return the exit code; 127 for a command that is not there
     */
    public static int run(
            Container container,
            List<String> command,
            InputStream stdin,
            OutputStream stdout,
            OutputStream stderr)
            throws IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(container.env());
        Process process =
                new Process(
                        container, variables, new StringBuilder("/"), stdin, stdout, stderr, null);
        return execute(process, command);
    }

    /**
     * Runs a command on a terminal; Ctrl-C interrupts it, unless it is a shell, which has its own
     * idea of that.
     */
    public static int runWithTerminal(Container container, List<String> command, Terminal terminal)
            throws IOException, InterruptedException {
        Map<String, String> variables = new HashMap<>(container.env());
        variables.putIfAbsent("TERM", "xterm");
        AtomicBoolean interrupted = new AtomicBoolean();
        Thread self = Thread.currentThread();
        Runnable before =
                terminal.foreground(
                        () -> {
                            interrupted.set(true);
                            self.interrupt();
                        });
        OutputStream out = terminal.output();
        try {
            return execute(
                    new Process(
                            container,
                            variables,
                            new StringBuilder("/"),
                            terminal.input(),
                            out,
                            out,
                            terminal),
                    command);
        } catch (InterruptedException | InterruptedIOException e) {
            if (!interrupted.get()) {
                throw e;
            }
            return INTERRUPTED;
        } finally {
            terminal.foreground(before);
        }
    }

    static int execute(Process process, List<String> command)
            throws IOException, InterruptedException {
        if (isShell(command.getFirst())) {
            return shell(process, baseName(command.getFirst()), command.subList(1, command.size()));
        }
        Program program = Userland.find(baseName(command.getFirst()));
        return program == null
                ? process.fail(127, "sh: " + command.getFirst() + ": not found")
                : program.run(process, command.subList(1, command.size()));
    }

    private static int shell(Process process, String name, List<String> args)
            throws IOException, InterruptedException {
        int at = 0;
        boolean command = false;
        boolean exitOnError = false;
        while (at < args.size() && args.get(at).startsWith("-")) {
            command |= args.get(at).contains("c");
            exitOnError |= args.get(at).contains("e");
            at++;
        }
        if (!command && at == args.size()) {
            return new InteractiveShell(process, name).run();
        }
        if (at == args.size()) {
            return process.fail(2, "sh: -c requires an argument");
        }
        String script = args.get(at);
        if (!command) {
            byte[] file = process.container().files().read(process.path(script));
            if (file == null) {
                return process.fail(
                        2, "sh: can't open '" + script + "': No such file or directory");
            }
            script = new String(file, StandardCharsets.UTF_8);
        }
        process.variables().put("0", "sh");
        for (int i = at + 1; i < args.size(); i++) {
            process.variables().put(Integer.toString(i - at - (command ? 1 : 0)), args.get(i));
        }
        return script(process, script, exitOnError);
    }

    private static int script(Process process, String script, boolean exitOnError)
            throws IOException, InterruptedException {
        try {
            return new ShellInterpreter(exitOnError).run(process, ShellParser.parse(script));
        } catch (ShellParser.SyntaxError e) {
            return process.fail(2, "sh: " + e.getMessage());
        }
    }

    /** An input that is at its end. */
    public static InputStream noInput() {
        return new ByteArrayInputStream(new byte[0]);
    }
}
