package dev.meshdojo.gateway.peer;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An upstream on plain sockets that keeps every request it got, byte for byte, and answers as the
 * path says: {@code /status/N}, {@code /close}, {@code /garbage}, {@code /chunked}, {@code
 * /trailer}, {@code /hop}, {@code /cut}, {@code /switch}, {@code /fail/N} (503 for the first N),
 * {@code /slow}, {@code /stall}; anything else gets 200, or what a header {@code x-fail} says.
 */
@SuppressWarnings("StringConcatToTextBlock") // CRLF line ends, as on the wire.
final class Backend implements AutoCloseable {

    private final ServerSocket server;
    private final String name;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<String> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger incomplete = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    Backend(String name) {
        try {
            server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.name = name;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The requests since the last call: head and body as they came. */
    List<String> take() {
        List<String> taken = List.copyOf(received);
        received.clear();
        failures.set(0);
        return taken;
    }

    /** Whether every request whose head came is complete, or its connection gone. */
    boolean quiet() {
        return incomplete.get() == 0;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            open.clear();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = socket.getInputStream();
            while (answer(in, socket.getOutputStream())) {
                socket.getOutputStream().flush();
            }
        } catch (IOException gone) {
            open.remove(socket);
        }
    }

    private boolean answer(InputStream in, OutputStream out) throws IOException {
        String head = head(in);
        if (head.isEmpty()) {
            return false;
        }
        incomplete.incrementAndGet();
        String lower = head.toLowerCase(java.util.Locale.ROOT);
        String body = "";
        int length = lower.indexOf("\r\ncontent-length: ");
        try {
            if (lower.contains("\r\ntransfer-encoding: chunked")) {
                body = chunks(in);
            } else if (length >= 0) {
                int from = length + 18;
                int size = Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
                body = new String(in.readNBytes(size), StandardCharsets.ISO_8859_1);
            }
            received.add(name + " " + head + body);
        } finally {
            incomplete.decrementAndGet();
        }
        int fail = lower.indexOf("\r\nx-fail: ");
        if (fail >= 0) {
            return send(out, Integer.parseInt(head.substring(fail + 10, fail + 13)), head);
        }
        String path = head.split(" ", 3)[1];
        int query = path.indexOf('?');
        String plain = query < 0 ? path : path.substring(0, query);
        String[] parts = plain.split("/", -1);
        return switch (parts.length > 1 ? parts[1] : "") {
            case "status" -> send(out, Integer.parseInt(parts[2]), head);
            case "close" -> false;
            case "garbage" -> {
                out.write("NOT HTTP AT ALL\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                yield false;
            }
            case "cut" -> {
                raw(out, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
                yield false;
            }
            case "chunked" -> {
                raw(
                        out,
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + "5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nx-trailer: t\r\n\r\n");
                yield true;
            }
            case "hop" -> {
                raw(
                        out,
                        "HTTP/1.1 200 OK\r\nServer: mine\r\nConnection: keep-alive\r\n"
                                + "Keep-Alive: timeout=5\r\nX-Twice: 1\r\nX-Twice: 2\r\n"
                                + "Date: yesterday\r\nContent-Length: 2\r\n\r\nok");
                yield true;
            }
            case "until-close" -> {
                raw(out, "HTTP/1.0 200 OK\r\n\r\nto the end");
                yield false;
            }
            case "switch" -> {
                raw(
                        out,
                        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                + "Upgrade: websocket\r\n\r\nraw");
                yield false;
            }
            case "fail" ->
                    failures.incrementAndGet() <= Integer.parseInt(parts[2])
                            ? send(out, 503, head)
                            : send(out, 200, head);
            case "stall" -> {
                raw(out, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this");
                in.read();
                yield false;
            }
            case "slow" -> {
                in.read();
                yield false;
            }
            default -> send(out, 200, head);
        };
    }

    private boolean send(OutputStream out, int status, String head) throws IOException {
        boolean bodiless = status == 204 || status == 304 || head.startsWith("HEAD ");
        raw(
                out,
                "HTTP/1.1 "
                        + status
                        + " X\r\nContent-Type: text/plain\r\nX-From: "
                        + name
                        + "\r\n"
                        + (status == 204 ? "" : "Content-Length: " + name.length() + "\r\n")
                        + "\r\n"
                        + (bodiless ? "" : name));
        return true;
    }

    private static void raw(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (true) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            int size = head.size();
            if (next == '\n'
                    && size >= 4
                    && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        }
        return line.toString().trim();
    }

    private static String chunks(InputStream in) throws IOException {
        StringBuilder body = new StringBuilder();
        while (true) {
            int size = Integer.parseInt(line(in), 16);
            if (size == 0) {
                String trailer = line(in);
                while (!trailer.isEmpty()) {
                    trailer = line(in);
                }
                return body.toString();
            }
            body.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
            line(in);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
