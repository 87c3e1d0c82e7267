package dev.meshdojo.simulator.apiserver.stream;

import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** Carries bytes between a client's stream and a pod's socket until both directions have ended. */
final class SocketRelay {

    private static final int BUFFER = 16 << 10;

    private SocketRelay() {}

    /**
     * Runs to the end; half-closes are passed on.
     *
     * @param socket owned here
     * @param connection ends the relay when it closes
     */
    static void run(Socket socket, InputStream in, OutputStream out, Channel connection)
            throws IOException {
        try (socket) {
            connection.closeFuture().addListener(done -> close(socket));
            Thread up = Thread.startVirtualThread(() -> upload(socket, in));
            try {
                copy(socket.getInputStream(), out);
            } catch (IOException e) {
                // reset by the pod: the client sees the end of the stream, as with the kubelet
                close(socket);
            } finally {
                up.interrupt();
            }
        }
    }

    private static void upload(Socket socket, InputStream in) {
        try {
            copy(in, socket.getOutputStream());
            socket.shutdownOutput();
        } catch (IOException e) {
            close(socket);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }

    private static void close(Socket socket) {
        Thread.startVirtualThread(
                () -> {
                    try {
                        socket.close();
                    } catch (IOException e) {
                        // it is closed all the same
                        Thread.currentThread().interrupt();
                    }
                });
    }
}
