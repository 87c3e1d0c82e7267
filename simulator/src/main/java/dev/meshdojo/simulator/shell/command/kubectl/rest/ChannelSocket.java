package dev.meshdojo.simulator.shell.command.kubectl.rest;

import java.io.IOException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A WebSocket that carries Kubernetes' numbered channels: each message starts with its channel's
 * number. Writes are serialised and wait for the one before.
 */
public final class ChannelSocket implements AutoCloseable {

    /** What arrives. Called one at a time, in order; may block. */
    public interface Receiver {
        /** A message without its channel number. */
        void message(int channel, byte[] data);

        /** The end; {@code failure} empty when it was closed in good order. */
        void closed(String failure);
    }

    private final WebSocket socket;
    private final ReentrantLock writing = new ReentrantLock();

    private ChannelSocket(WebSocket socket) {
        this.socket = socket;
    }

    /**
     * Connects.
     *
     * @param protocols subprotocols, best first
     * @throws IOException with the server's reason
     */
    public static ChannelSocket open(
            RestClient client, String path, Receiver receiver, String first, String... protocols)
            throws IOException, InterruptedException {
        CompletableFuture<WebSocket> opening =
                client.webSocket()
                        .subprotocols(first, protocols)
                        .buildAsync(client.webSocketUri(path), new Messages(receiver));
        try {
            return new ChannelSocket(opening.get());
        } catch (ExecutionException e) {
            Throwable cause =
                    e.getCause() instanceof CompletionException c ? c.getCause() : e.getCause();
            if (cause instanceof WebSocketHandshakeException handshake) {
                throw new HandshakeException(
                        handshake.getResponse().statusCode(),
                        String.valueOf(handshake.getResponse().body()));
            }
            throw new IOException(
                    cause == null ? "connection failed" : String.valueOf(cause.getMessage()),
                    cause);
        } catch (InterruptedException e) {
            opening.cancel(true);
            throw e;
        }
    }

    /** The server refused to open the stream. */
    public static final class HandshakeException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        HandshakeException(int code, String body) {
            super(body);
            this.code = code;
        }

        /** The HTTP status. */
        public int code() {
            return code;
        }
    }

    /** The subprotocol that the server chose. */
    public String protocol() {
        return socket.getSubprotocol();
    }

    /** Sends one message on a channel. */
    public void send(int channel, byte[] data, int length) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(length + 1);
        message.put((byte) channel).put(data, 0, length).flip();
        writing.lock();
        try {
            socket.sendBinary(message, true).get();
        } catch (ExecutionException e) {
            throw new IOException("stream closed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new java.io.InterruptedIOException("interrupted");
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        socket.abort();
    }

    /** Collects fragments into messages. */
    private static final class Messages implements WebSocket.Listener {
        private final Receiver receiver;
        private final java.io.ByteArrayOutputStream partial = new java.io.ByteArrayOutputStream();

        Messages(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onBinary(
                WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            partial.writeBytes(bytes);
            if (last) {
                byte[] message = partial.toByteArray();
                partial.reset();
                if (message.length > 0) {
                    receiver.message(
                            message[0], java.util.Arrays.copyOfRange(message, 1, message.length));
                }
            }
            socket.request(1);
            return null;
        }

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onClose(
                WebSocket socket, int code, String reason) {
            receiver.closed(code == WebSocket.NORMAL_CLOSURE ? "" : reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            receiver.closed(String.valueOf(error.getMessage()));
        }
    }
}
