package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.Container;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * What a command in a container works with.
 *
 * @param variables the shell's variables, environment included; changed in place
 * @param directory the current directory; an element of its own so that {@code cd} can change it
 */
record Process(
        Container container,
        Map<String, String> variables,
        StringBuilder directory,
        InputStream stdin,
        OutputStream stdout,
        OutputStream stderr) {

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

    Process with(InputStream in, OutputStream out, OutputStream err) {
        return new Process(container, variables, directory, in, out, err);
    }
}
