package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.Container;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command in a container works with.
 *
 * @param variables the shell's variables, environment included; changed in place
 * @param directory the current directory; an element of its own so that {@code cd} can change it
 * @param terminal what the command was started on, or null
 */
record Process(
        Container container,
        Map<String, String> variables,
        StringBuilder directory,
        InputStream stdin,
        OutputStream stdout,
        OutputStream stderr,
        @Nullable Terminal terminal) {

    void out(String text) throws IOException {
        stdout.write(text.getBytes(StandardCharsets.UTF_8));
        stdout.flush();
    }

    /** Writes a line to standard error and gives the code back. */
    int fail(int code, String message) throws IOException {
        stderr.write((message + "\n").getBytes(StandardCharsets.UTF_8));
        stderr.flush();
        return code;
    }

    /** {@code path} from the current directory. */
    String path(String path) {
        return dev.meshdojo.simulator.apps.ContainerFiles.normal(
                path.startsWith("/") ? path : directory + "/" + path);
    }

    /** The terminal that a standard stream still is, or null: as {@code isatty} tells. */
    @Nullable Terminal terminalAt(int descriptor) {
        Terminal own = terminal;
        if (own == null) {
            return null;
        }
        boolean same =
                switch (descriptor) {
                    case 0 -> sameStream(stdin, own.input());
                    case 1 -> sameStream(stdout, own.output());
                    default -> sameStream(stderr, own.output());
                };
        return same ? own : null;
    }

    @SuppressWarnings("ReferenceEquality") // streams have no other identity
    private static boolean sameStream(Object one, Object other) {
        return one == other;
    }

    Process with(InputStream in, OutputStream out, OutputStream err) {
        return new Process(container, variables, directory, in, out, err, terminal);
    }
}
