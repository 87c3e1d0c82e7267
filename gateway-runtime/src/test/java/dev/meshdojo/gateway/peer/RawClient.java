package dev.meshdojo.gateway.peer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Sends bytes on a fresh connection and reads one answer. */
final class RawClient {

    /** The status of an answer that did not come in time. */
    static final String NO_ANSWER = "no answer";

    /**
     * What came back.
     *
     * @param status the status line, or how the connection ended without one
     * @param headers sorted lines
     * @param closed whether the connection was closed after the answer
     */
    record Answer(String status, List<String> headers, String body, boolean closed) {
        Answer {
            headers = List.copyOf(headers);
        }
    }

    /**
     * How long to wait, in milliseconds.
     *
     * @param answer for the first byte, and between bytes
     * @param close after an answer for the connection's end
     */
    record Patience(int answer, int close) {
        static final Patience USUAL = new Patience(700, 20);
    }

    private RawClient() {}

    static Answer send(int port, String bytes) {
        return send(port, bytes, Patience.USUAL);
    }

    static Answer send(int port, String bytes, Patience patience) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(patience.answer());
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket, bytes.startsWith("HEAD "), patience);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer read(Socket socket, boolean head, Patience patience) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            while (!text(bytes).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return new Answer("closed", List.of(), text(bytes), true);
                }
                bytes.write(next);
            }
        } catch (SocketTimeoutException e) {
            return new Answer(NO_ANSWER, List.of(), text(bytes), false);
        } catch (IOException e) {
            return new Answer("closed", List.of(), text(bytes), true);
        }
        String[] lines = text(bytes).split("\r\n");
        List<String> headers = new ArrayList<>(List.of(lines).subList(1, lines.length));
        Collections.sort(headers);
        String status = lines[0];
        String body = "";
        int code = Integer.parseInt(status.split(" ", 3)[1]);
        if (!head && code != 204 && code != 304) {
            ByteArrayOutputStream got = new ByteArrayOutputStream();
            try {
                body = body(in, headers, code, got);
            } catch (SocketTimeoutException e) {
                return new Answer(status, headers, text(got) + "<stalled>", false);
            }
        }
        boolean closed;
        socket.setSoTimeout(closes(headers) ? 1500 : patience.close());
        try {
            closed = in.read() < 0;
        } catch (SocketTimeoutException e) {
            closed = false;
        } catch (IOException e) {
            closed = true;
        }
        return new Answer(status, headers, body, closed);
    }

    private static boolean closes(List<String> headers) {
        return headers.contains("connection: close");
    }

    private static String body(
            InputStream in, List<String> headers, int code, ByteArrayOutputStream got)
            throws IOException {
        for (String header : headers) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length: ")) {
                int length = Integer.parseInt(lower.substring(16));
                while (got.size() < length) {
                    int next = in.read();
                    if (next < 0) {
                        return text(got) + "<cut>";
                    }
                    got.write(next);
                }
                return text(got);
            }
            if (lower.equals("transfer-encoding: chunked")) {
                while (!text(got).endsWith("0\r\n\r\n")) {
                    int next = in.read();
                    if (next < 0) {
                        return dechunk(text(got)) + "<cut>";
                    }
                    got.write(next);
                }
                return dechunk(text(got));
            }
        }
        if (code == 101) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        return "";
    }

    private static String dechunk(String chunks) {
        StringBuilder body = new StringBuilder();
        int at = 0;
        while (at < chunks.length()) {
            int end = chunks.indexOf("\r\n", at);
            if (end < 0) {
                break;
            }
            int size = Integer.parseInt(chunks.substring(at, end), 16);
            if (size == 0) {
                break;
            }
            body.append(chunks, end + 2, Math.min(chunks.length(), end + 2 + size));
            at = end + 2 + size + 2;
        }
        return body.toString();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
