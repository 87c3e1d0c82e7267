package dev.meshdojo.simulator.shell;

import dev.meshdojo.simulator.shell.syntax.Redirection;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The streams that a list of redirections gives, and the files to close afterwards. */
final class OpenedRedirections implements AutoCloseable {

    private final ShellState state;
    private final Expander expander;
    private final List<Closeable> opened = new ArrayList<>();
    private Streams streams;

    /**
     * Opens left to right.
     *
     * @throws ScriptException naming the file that cannot be opened; nothing stays open then
     */
    OpenedRedirections(
            ShellState state, Expander expander, Streams streams, List<Redirection> redirections) {
        this.state = state;
        this.expander = expander;
        this.streams = streams;
        try {
            redirections.forEach(this::apply);
        } catch (ScriptException e) {
            close();
            throw e;
        }
    }

    Streams streams() {
        return streams;
    }

    private void apply(Redirection redirection) {
        switch (redirection.kind()) {
            case READ -> streams = streams.withIn(read(name(redirection)));
            case WRITE -> set(redirection.descriptor(), write(name(redirection), false));
            case APPEND -> set(redirection.descriptor(), write(name(redirection), true));
            case WRITE_BOTH, APPEND_BOTH -> {
                boolean append = redirection.kind() == Redirection.Kind.APPEND_BOTH;
                PrintStream file = write(name(redirection), append);
                streams = streams.withOut(file).withErr(file);
            }
            case HERE_TEXT ->
                    streams = streams.withIn(text(expander.text(redirection.target().word())));
            case HERE_STRING ->
                    streams =
                            streams.withIn(text(expander.text(redirection.target().word()) + "\n"));
            case DUPLICATE -> duplicate(redirection);
        }
    }

    private void duplicate(Redirection redirection) {
        String from = expander.text(redirection.target().word());
        switch (from) {
            case "1" -> set(redirection.descriptor(), streams.out());
            case "2" -> set(redirection.descriptor(), streams.err());
            case "0" -> {
                if (redirection.descriptor() != 0) {
                    throw new ScriptException("0: Bad file descriptor");
                }
            }
            case "-" -> {
                if (redirection.descriptor() == 0) {
                    streams = streams.withIn(InputStream.nullInputStream());
                } else {
                    set(redirection.descriptor(), print(OutputStream.nullOutputStream()));
                }
            }
            default -> throw new ScriptException(from + ": Bad file descriptor");
        }
    }

    private void set(int descriptor, PrintStream stream) {
        streams =
                switch (descriptor) {
                    case 1 -> streams.withOut(stream);
                    case 2 -> streams.withErr(stream);
                    default -> throw new ScriptException("0: Bad file descriptor");
                };
    }

    private String name(Redirection redirection) {
        List<String> names = expander.fields(List.of(redirection.target().word()));
        if (names.size() != 1) {
            throw new ScriptException(String.join(" ", names) + ": ambiguous redirect");
        }
        return names.getFirst();
    }

    private InputStream read(String name) {
        if (name.equals("/dev/null")) {
            return InputStream.nullInputStream();
        }
        if (name.equals("/dev/stdin")) {
            return streams.in();
        }
        try {
            Path file = state.directory.resolve(name);
            if (Files.isDirectory(file)) {
                throw new ScriptException(name + ": Is a directory");
            }
            InputStream stream = Files.newInputStream(file);
            opened.add(stream);
            return stream;
        } catch (IOException e) {
            throw refused(name, e);
        }
    }

    private PrintStream write(String name, boolean append) {
        return switch (name) {
            case "/dev/null" -> print(OutputStream.nullOutputStream());
            case "/dev/stdout" -> streams.out();
            case "/dev/stderr" -> streams.err();
            default -> file(name, append);
        };
    }

    private PrintStream file(String name, boolean append) {
        OpenOption mode = append ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING;
        try {
            Path file = state.directory.resolve(name);
            if (name.isEmpty()) {
                throw new ScriptException(": No such file or directory");
            }
            if (Files.isDirectory(file)) {
                throw new ScriptException(name + ": Is a directory");
            }
            OutputStream stream =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, mode);
            opened.add(stream);
            return print(stream);
        } catch (IOException e) {
            throw refused(name, e);
        }
    }

    private static ScriptException refused(String name, IOException e) {
        return new ScriptException(
                name
                        + ": "
                        + switch (e) {
                            case NoSuchFileException missing -> "No such file or directory";
                            case AccessDeniedException denied -> "Permission denied";
                            default -> String.valueOf(e.getMessage());
                        });
    }

    private static InputStream text(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    static PrintStream print(OutputStream stream) {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        for (Closeable stream : opened) {
            try {
                stream.close();
            } catch (IOException e) {
                streams.err().println("meshdojo: " + e.getMessage());
            }
        }
    }
}
