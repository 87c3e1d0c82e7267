package dev.meshdojo.gateway.peer;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sends HTTP/2 frames as bytes, right or wrong, and tells what came back. */
final class RawHttp2Client {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String[] ERRORS = {
        "NO_ERROR",
        "PROTOCOL_ERROR",
        "INTERNAL_ERROR",
        "FLOW_CONTROL_ERROR",
        "SETTINGS_TIMEOUT",
        "STREAM_CLOSED",
        "FRAME_SIZE_ERROR",
        "REFUSED_STREAM",
        "CANCEL",
        "COMPRESSION_ERROR",
        "CONNECT_ERROR",
        "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY",
        "HTTP_1_1_REQUIRED"
    };
    private static final int QUIET_MILLIS = 400;

    private RawHttp2Client() {}

    static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (payload.length >> 16))
                .put((byte) (payload.length >> 8))
                .put((byte) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    /** Names and values in turn, as literals that are not indexed. */
    static byte[] block(String... lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < lines.length; i += 2) {
            out.write(0);
            text(out, lines[i]);
            text(out, lines[i + 1]);
        }
        return out.toByteArray();
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length < 127) {
            out.write(bytes.length);
        } else {
            out.write(127);
            int rest = bytes.length - 127;
            while (rest >= 128) {
                out.write(rest % 128 + 128);
                rest /= 128;
            }
            out.write(rest);
        }
        out.writeBytes(bytes);
    }

    /**
     * Sends on a new connection and reads until it ends or is quiet.
     *
     * @return frames by type, stream and error, without settings and windows; {@code end} when the
     *     connection ended
     */
    static List<String> exchange(int port, List<byte[]> frames) {
        List<String> seen = new ArrayList<>();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(QUIET_MILLIS);
            OutputStream out = socket.getOutputStream();
            Thread reader = Thread.ofVirtual().start(() -> read(socket, seen));
            try {
                out.write(PREFACE);
                out.write(frame(SETTINGS, 0, 0, new byte[0]));
                for (byte[] frame : frames) {
                    out.write(frame);
                }
                out.flush();
            } catch (SocketException ended) {
                // The peer had enough; what it said is being read.
            }
            reader.join();
        } catch (IOException e) {
            seen.add("end");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.copyOf(seen);
    }

    private static void read(Socket socket, List<String> seen) {
        try {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & Integer.MAX_VALUE;
                byte[] payload = in.readNBytes(length);
                note(type, flags, stream, payload, seen);
            }
        } catch (SocketTimeoutException quiet) {
            seen.add("open");
        } catch (EOFException | SocketException ended) {
            seen.add("end");
        } catch (IOException e) {
            seen.add("end: " + e);
        }
    }

    private static void note(int type, int flags, int stream, byte[] payload, List<String> seen) {
        String line =
                switch (type) {
                    case DATA -> (flags & END_STREAM) != 0 ? "DATA " + stream + " last" : "";
                    case HEADERS -> "HEADERS " + stream;
                    case RST_STREAM -> "RST_STREAM " + stream + " " + error(payload, 0);
                    case PING -> "PING";
                    case GOAWAY -> "GOAWAY " + error(payload, 4);
                    default -> "";
                };
        if (!line.isEmpty() && (seen.isEmpty() || !seen.getLast().equals(line))) {
            seen.add(line);
        }
    }

    private static String error(byte[] payload, int at) {
        int code = ByteBuffer.wrap(payload).getInt(at);
        return code >= 0 && code < ERRORS.length ? ERRORS[code] : "error " + code;
    }
}
