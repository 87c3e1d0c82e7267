package dev.meshdojo.simulator.apiserver.stream;

import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A client's end of a command, whatever carries it.
 *
 * @param stdin null when the client sends none
 * @param stdout null when the client takes none
 * @param stderr null when the client takes none
 * @param resize JSON objects with {@code Width} and {@code Height}, or null
 * @param error takes the final Status
 * @param close ends the connection once everything is sent
 */
record CommandStreams(
        @Nullable InputStream stdin,
        @Nullable OutputStream stdout,
        @Nullable OutputStream stderr,
        @Nullable InputStream resize,
        OutputStream error,
        Runnable close) {}
