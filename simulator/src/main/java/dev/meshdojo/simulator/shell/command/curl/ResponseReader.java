package dev.meshdojo.simulator.shell.command.curl;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads one HTTP/1 response. */
final class ResponseReader {

    private final InputStream in;

    ResponseReader(InputStream in) {
        this.in = in;
    }

    /**
     * Status line and headers as received.
     *
     * @param lines without line ends
     */
    record Head(List<String> lines) {
        Head {
            lines = List.copyOf(lines);
        }

        int status() {
            String[] words = lines.getFirst().split(" ", 3);
            return words.length > 1 && words[1].matches("\\d{3}") ? Integer.parseInt(words[1]) : 0;
        }

        String header(String name) {
            String prefix = name.toLowerCase(Locale.ROOT) + ":";
            String value = "";
            for (String line : lines) {
                if (line.toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    value = line.substring(prefix.length()).strip();
                }
            }
            return value;
        }

        int size() {
            return lines.stream().mapToInt(l -> l.length() + 2).sum() + 2;
        }
    }

    Head head() throws IOException, CurlException {
        List<String> lines = new ArrayList<>();
        String line = line();
        if (line == null) {
            throw new CurlException(52, "Empty reply from server");
        }
        if (!line.startsWith("HTTP/")) {
            throw new CurlException(1, "Received HTTP/0.9 when not allowed");
        }
        while (line != null && !line.isEmpty()) {
            lines.add(line);
            line = line();
        }
        if (line == null) {
            throw new CurlException(56, "Recv failure: Connection reset by peer");
        }
        return new Head(lines);
    }

    private @org.jspecify.annotations.Nullable String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int c = in.read();
        if (c < 0) {
            return null;
        }
        while (c >= 0 && c != '\n') {
            if (c != '\r') {
                bytes.write(c);
            }
            c = in.read();
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    /** Copies the body; gives its length. */
    long body(Head head, boolean none, OutputStream out) throws IOException, CurlException {
        int status = head.status();
        if (none || status == 204 || status == 304 || status < 200) {
            return 0;
        }
        if (head.header("transfer-encoding").toLowerCase(Locale.ROOT).contains("chunked")) {
            return chunked(out);
        }
        String length = head.header("content-length");
        if (length.matches("\\d+")) {
            long wanted = Long.parseLong(length);
            long got = copy(wanted, out);
            if (got < wanted) {
                throw new CurlException(
                        18, "transfer closed with " + (wanted - got) + " bytes remaining to read");
            }
            return got;
        }
        return copy(Long.MAX_VALUE, out);
    }

    private long chunked(OutputStream out) throws IOException, CurlException {
        long total = 0;
        try {
            while (true) {
                String line = line();
                if (line == null) {
                    throw new EOFException();
                }
                int size = Integer.parseInt(line.split(";", 2)[0].strip(), 16);
                if (size == 0) {
                    String trailer = line();
                    while (trailer != null && !trailer.isEmpty()) {
                        trailer = line();
                    }
                    return total;
                }
                long got = copy(size, out);
                total += got;
                if (got < size || line() == null) {
                    throw new EOFException();
                }
            }
        } catch (EOFException e) {
            throw new CurlException(18, "transfer closed with outstanding read data remaining");
        } catch (NumberFormatException e) {
            throw new CurlException(
                    56, "Illegal or missing hexadecimal sequence in chunked-encoding");
        }
    }

    private long copy(long most, OutputStream out) throws IOException {
        byte[] buffer = new byte[16 * 1024];
        long left = most;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                break;
            }
            out.write(buffer, 0, count);
            out.flush();
            left -= count;
        }
        return most - left;
    }
}
