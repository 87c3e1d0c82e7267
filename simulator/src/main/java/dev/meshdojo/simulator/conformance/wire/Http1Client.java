package dev.meshdojo.simulator.conformance.wire;

import dev.meshdojo.simulator.pilot.model.JsonView;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one HTTP/1 request as it stands and reads what comes back, on a connection of its own. */
final class Http1Client {

    private static final int CONTINUE_MILLIS = 1000;
    private static final int STILL_OPEN_MILLIS = 5;

    private final Socket socket;
    private final JsonView request;
    private final @Nullable TlsFacts tls;
    private final int answerMillis;
    private final List<Integer> interim = new ArrayList<>();

    Http1Client(Socket socket, JsonView request, @Nullable TlsFacts tls, int answerMillis) {
        this.socket = socket;
        this.request = request;
        this.tls = tls;
        this.answerMillis = answerMillis;
    }

    /** A status line that is none. */
    private static final class NotHttp extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Answer exchange() throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        try {
            send(in);
            socket.setSoTimeout(answerMillis);
            return read(in);
        } catch (NotHttp e) {
            return Answer.of("not-http", "", tls);
        } catch (SocketTimeoutException e) {
            return Answer.of("timeout", "", tls);
        }
    }

    private String method() {
        String written = request.text("method");
        return written.isEmpty() ? "GET" : written;
    }

    private void send(InputStream in) throws IOException {
        OutputStream out = socket.getOutputStream();
        byte[] body = request.text("body").getBytes(StandardCharsets.UTF_8);
        boolean hasBody = request.has("body");
        StringBuilder head = new StringBuilder();
        String version = request.text("http").equals("1.0") ? "HTTP/1.0" : "HTTP/1.1";
        head.append(method()).append(' ').append(request.text("path")).append(' ');
        head.append(version).append("\r\n");
        if (request.has("host")) {
            for (String host : lines(request.at("host"))) {
                head.append("Host: ").append(host).append("\r\n");
            }
        }
        boolean length = false;
        boolean chunked = false;
        boolean expects = false;
        for (Map.Entry<String, JsonView> header : request.at("headers").fields().entrySet()) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            length |= name.equals("content-length") || name.equals("transfer-encoding");
            for (String value : lines(header.getValue())) {
                chunked |= name.equals("transfer-encoding") && value.equals("chunked");
                expects |= name.equals("expect") && value.equals("100-continue");
                head.append(header.getKey()).append(": ").append(value).append("\r\n");
            }
        }
        if (hasBody && !length) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.UTF_8));
        out.flush();
        if (!hasBody) {
            return;
        }
        if (expects && !awaitContinue(in)) {
            return;
        }
        if (chunked) {
            out.write(Integer.toHexString(body.length).getBytes(StandardCharsets.US_ASCII));
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.write("\r\n0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
            out.write(body);
        }
        out.flush();
    }

    /** Waits a moment for an interim answer; false when the final one came instead. */
    private boolean awaitContinue(InputStream in) throws IOException {
        socket.setSoTimeout(CONTINUE_MILLIS);
        in.mark(64);
        try {
            byte[] start = in.readNBytes("HTTP/1.1 1".length());
            in.reset();
            return start.length == 0 || start[start.length - 1] == '1';
        } catch (SocketTimeoutException e) {
            in.reset();
            return true;
        }
    }

    private static List<String> lines(JsonView value) {
        return value.node().isArray()
                ? value.elements().stream().map(JsonView::asText).toList()
                : List.of(value.asText());
    }

    private Answer read(InputStream in) throws IOException {
        int status;
        List<Answer.Header> headers;
        try {
            while (true) {
                status = statusLine(in);
                headers = headers(in);
                if (status >= 200 || status == 101) {
                    break;
                }
                interim.add(status);
            }
        } catch (EOFException | java.net.SocketException e) {
            return Answer.of("closed", "", tls);
        }
        List<Answer.Header> trailers = new ArrayList<>();
        StringBuilder body = new StringBuilder();
        boolean untilClose = body(in, status, headers, body, trailers);
        boolean closed = untilClose || closedNow(in);
        return new Answer(
                "response", "", status, interim, headers, trailers, body.toString(), closed, tls);
    }

    private static int statusLine(InputStream in) throws IOException {
        String line = line(in);
        if (!line.startsWith("HTTP/1.") || line.length() < 12) {
            throw new NotHttp();
        }
        try {
            return Integer.parseInt(line.substring(9, 12));
        } catch (NumberFormatException e) {
            throw new NotHttp();
        }
    }

    private static List<Answer.Header> headers(InputStream in) throws IOException {
        List<Answer.Header> out = new ArrayList<>();
        while (true) {
            String line = line(in);
            if (line.isEmpty()) {
                return out;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new NotHttp();
            }
            out.add(
                    new Answer.Header(
                            line.substring(0, colon).toLowerCase(Locale.ROOT),
                            line.substring(colon + 1).strip()));
        }
    }

    /** Reads the body; true when it ended with the connection. */
    private boolean body(
            InputStream in,
            int status,
            List<Answer.Header> headers,
            StringBuilder body,
            List<Answer.Header> trailers)
            throws IOException {
        if (method().equals("HEAD") || status == 204 || status == 304 || status == 101) {
            return false;
        }
        String length = value(headers, "content-length");
        if ("chunked".equals(value(headers, "transfer-encoding"))) {
            chunks(in, body, trailers);
            return false;
        }
        if (length != null) {
            append(body, in.readNBytes(Integer.parseInt(length)));
            return false;
        }
        append(body, in.readAllBytes());
        return true;
    }

    private static void chunks(InputStream in, StringBuilder body, List<Answer.Header> trailers)
            throws IOException {
        while (true) {
            int size = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
            if (size == 0) {
                trailers.addAll(headers(in));
                return;
            }
            append(body, in.readNBytes(size));
            line(in);
        }
    }

    private boolean closedNow(InputStream in) {
        try {
            socket.setSoTimeout(STILL_OPEN_MILLIS);
            int next = in.read();
            while (next >= 0) { // Envoy sends a body behind 204 and 304, too.
                next = in.read();
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void append(StringBuilder body, byte[] bytes) {
        body.append(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static @Nullable String value(List<Answer.Header> headers, String name) {
        for (Answer.Header header : headers) {
            if (header.name().equals(name)) {
                return header.value();
            }
        }
        return null;
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder out = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                if (out.isEmpty()) {
                    throw new EOFException();
                }
                throw new NotHttp();
            }
            if (c == '\n') {
                if (out.length() > 0 && out.charAt(out.length() - 1) == '\r') {
                    out.setLength(out.length() - 1);
                }
                return out.toString();
            }
            out.append((char) c);
        }
    }
}
