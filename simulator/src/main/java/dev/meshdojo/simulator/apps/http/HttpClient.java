package dev.meshdojo.simulator.apps.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 exchange on a connection that the caller opened; blocking. */
public final class HttpClient {

    private static final int MAX_LINE = 64 << 10;

    private HttpClient() {}

    /**
     * An answer.
     *
     * @param statusLine as received
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(String statusLine, int status, List<HttpApp.Header> headers, byte[] body) {

        /** The first header of that name, or null. */
        public @Nullable String header(String name) {
            return headers.stream()
                    .filter(header -> header.name().equalsIgnoreCase(name))
                    .map(HttpApp.Header::value)
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * Sends a request as given, adding {@code content-length} for a body, and reads the answer.
     *
     * @throws IOException {@code Empty reply from server} when the server closed without a word
     */
    public static Answer exchange(
            Socket socket, String method, String target, List<HttpApp.Header> headers, byte[] body)
            throws IOException {
        StringBuilder head = new StringBuilder();
        head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        headers.forEach(
                header ->
                        head.append(header.name())
                                .append(": ")
                                .append(header.value())
                                .append("\r\n"));
        if (body.length > 0
                && headers.stream().noneMatch(h -> h.name().equalsIgnoreCase("content-length"))) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
        socket.getOutputStream().flush();
        return read(new BufferedInputStream(socket.getInputStream()), method);
    }

    private static Answer read(InputStream in, String method) throws IOException {
        while (true) {
            String line = line(in);
            if (line == null) {
                throw new EOFException("Empty reply from server");
            }
            String[] parts = line.split(" ", 3);
            if (!line.startsWith("HTTP/") || parts.length < 2 || !parts[1].matches("\\d{3}")) {
                throw new IOException("Received HTTP/0.9 when not allowed");
            }
            int status = Integer.parseInt(parts[1]);
            List<HttpApp.Header> headers = new ArrayList<>();
            for (String next = line(in); next != null && !next.isEmpty(); next = line(in)) {
                int colon = next.indexOf(':');
                if (colon > 0) {
                    headers.add(
                            new HttpApp.Header(
                                    next.substring(0, colon), next.substring(colon + 1).strip()));
                }
            }
            Answer head = new Answer(line, status, List.copyOf(headers), new byte[0]);
            if (status >= 200 || status == 101) {
                return new Answer(line, status, head.headers(), body(in, method, head));
            }
        }
    }

    private static byte[] body(InputStream in, String method, Answer head) throws IOException {
        if (method.equals("HEAD")
                || head.status() == 204
                || head.status() == 304
                || head.status() == 101) {
            return new byte[0];
        }
        if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
            return chunks(in);
        }
        String length = head.header("content-length");
        if (length == null) {
            return in.readAllBytes();
        }
        byte[] body = in.readNBytes(Integer.parseInt(length.strip()));
        if (body.length < Integer.parseInt(length.strip())) {
            throw new EOFException("transfer closed with outstanding read data remaining");
        }
        return body;
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            String size = line(in);
            if (size == null) {
                throw new EOFException("transfer closed with outstanding read data remaining");
            }
            int bytes = Integer.parseInt(size.split(";", 2)[0].strip(), 16);
            if (bytes == 0) {
                String trailer = line(in);
                while (trailer != null && !trailer.isEmpty()) {
                    trailer = line(in);
                }
                return body.toByteArray();
            }
            body.write(in.readNBytes(bytes));
            line(in);
        }
    }

    private static @Nullable String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b == '\n') {
                String text = line.toString(StandardCharsets.ISO_8859_1);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            if (line.size() > MAX_LINE) {
                throw new IOException("a header line is longer than " + MAX_LINE + " bytes");
            }
            line.write(b);
        }
        return line.size() == 0 ? null : line.toString(StandardCharsets.ISO_8859_1);
    }
}
