package dev.meshdojo.simulator.apps.shell;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * What a terminal's line discipline does: line feeds go out as CR LF, what is typed is echoed,
 * Ctrl-D at the start of a line ends the input.
 */
public final class TerminalStreams {

    private static final int CTRL_D = 4;

    private TerminalStreams() {}

    /** Output that turns LF into CR LF. */
    public static OutputStream output(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(int b) throws IOException {
                if (b == '\n') {
                    out.write('\r');
                }
                out.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                for (int i = 0; i < length; i++) {
                    write(bytes[offset + i]);
                }
            }
        };
    }

    /** Input whose bytes are echoed to {@code echo}. */
    public static InputStream input(InputStream in, OutputStream echo) {
        return new FilterInputStream(in) {
            private boolean lineStart = true;

            @Override
            public int read() throws IOException {
                int b = in.read();
                if (b < 0 || (b == CTRL_D && lineStart)) {
                    return -1;
                }
                int typed = b == '\r' ? '\n' : b;
                echo.write(typed);
                echo.flush();
                lineStart = typed == '\n';
                return typed;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                int b = length == 0 ? -1 : read();
                if (b < 0) {
                    return -1;
                }
                into[offset] = (byte) b;
                return 1;
            }
        };
    }
}
