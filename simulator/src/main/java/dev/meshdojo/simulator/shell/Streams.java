package dev.meshdojo.simulator.shell;

import java.io.InputStream;
import java.io.PrintStream;

/** Descriptors 0, 1 and 2. */
record Streams(InputStream in, PrintStream out, PrintStream err) {

    Streams withIn(InputStream other) {
        return new Streams(other, out, err);
    }

    Streams withOut(PrintStream other) {
        return new Streams(in, other, err);
    }

    Streams withErr(PrintStream other) {
        return new Streams(in, out, other);
    }
}
