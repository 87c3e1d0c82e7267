package dev.meshdojo.simulator.apps.shell;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A shell that reads its commands from standard input: at a terminal with prompt, history and job
 * of its own for each line, else one line after the other.
 */
final class InteractiveShell {

    private static final int INTERRUPTED = 130;

    private final Process process;
    private final boolean bash;
    private final @Nullable Terminal terminal;
    private final @Nullable LineEditor editor;
    private final ShellInterpreter interpreter = new ShellInterpreter(false);
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private int code;

    InteractiveShell(Process process, String name) {
        this.process = process;
        this.bash = name.equals("bash");
        this.terminal = process.terminalAt(0);
        this.editor = LineEditor.on(terminal);
    }

    /** Reads to the end of the input or {@code exit}; gives the last command's code. */
    int run() throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        while (true) {
            LineEditor.Read read = next(script.isEmpty());
            if (read.end() == LineEditor.End.INPUT) {
                return script.isEmpty()
                        ? leave()
                        : process.fail(2, "sh: syntax error: unexpected end of file");
            }
            if (read.end() == LineEditor.End.INTERRUPTED) {
                script.setLength(0);
                become(INTERRUPTED);
                continue;
            }
            script.append(read.text());
            try {
                ShellNode node = ShellParser.parse(script.toString());
                script.setLength(0);
                become(run(node));
            } catch (ShellParser.SyntaxError e) {
                if (e.incomplete()) {
                    script.append('\n');
                } else {
                    script.setLength(0);
                    become(process.fail(2, "sh: " + e.getMessage()));
                }
            }
            if (interpreter.exited()) {
                return code;
            }
        }
    }

    private void become(int status) {
        code = status;
        process.variables().put("?", Integer.toString(status));
    }

    /** Ctrl-D: bash says what it does. */
    private int leave() throws IOException {
        if (editor != null) {
            process.out(bash ? "exit\n" : "\n");
        }
        return code;
    }

    private LineEditor.Read next(boolean first) throws IOException {
        Terminal own = terminal;
        if (editor == null || own == null) {
            String line = readLine(process.stdin());
            return line == null
                    ? new LineEditor.Read(LineEditor.End.INPUT, "")
                    : new LineEditor.Read(LineEditor.End.LINE, line);
        }
        Map<String, String> variables = process.variables();
        if (bash && own.columns() > 0) {
            variables.put("COLUMNS", Integer.toString(own.columns()));
            variables.put("LINES", Integer.toString(own.rows()));
        }
        try {
            return editor.read(first ? prompt() : variables.getOrDefault("PS2", "> "));
        } catch (InterruptedIOException e) {
            if (interrupted.getAndSet(false) && Thread.interrupted()) {
                return new LineEditor.Read(LineEditor.End.INTERRUPTED, "");
            }
            throw e;
        }
    }

    private String prompt() {
        String home = process.variables().getOrDefault("HOME", "/root");
        String directory = process.directory().toString();
        boolean inHome = !home.equals("/") && (directory + "/").startsWith(home + "/");
        String shown = inHome ? "~" + directory.substring(home.length()) : directory;
        String format =
                process.variables().getOrDefault("PS1", bash ? "\\u@\\h:\\w\\$ " : "\\w \\$ ");
        return format.replace("\\u", "root")
                .replace("\\h", process.container().pod().name())
                .replace("\\w", shown)
                .replace("\\W", shown.substring(shown.lastIndexOf('/') + 1))
                .replace("\\n", "\n")
                .replace("\\$", "#");
    }

    private int run(ShellNode node) throws IOException, InterruptedException {
        Process own = process.with(process.stdin(), process.stdout(), process.stderr());
        Terminal at = terminal;
        if (at == null) {
            return interpreter.run(own, node);
        }
        Thread self = Thread.currentThread();
        Runnable before =
                at.foreground(
                        () -> {
                            interrupted.set(true);
                            self.interrupt();
                        });
        int status = 0;
        try {
            status = interpreter.run(own, node);
        } catch (InterruptedException | InterruptedIOException e) {
            if (!interrupted.get()) {
                throw e;
            }
        } finally {
            at.foreground(before);
            at.echo(true);
        }
        if (interrupted.getAndSet(false)) {
            boolean pending = Thread.interrupted();
            process.out("\n");
            return pending || status == 0 ? INTERRUPTED : status;
        }
        return status;
    }

    private static @Nullable String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n' || b == '\r') {
                return line.toString(StandardCharsets.UTF_8);
            }
            line.write(b);
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.UTF_8);
    }
}
