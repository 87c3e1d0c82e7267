package dev.meshdojo.simulator.shell.command.curl;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;

/** What is sent. */
final class RequestBody {

    private static final String BOUNDARY = "------------------------d74496d66958873e";

    private final byte[] bytes;
    private final String contentType;

    private RequestBody(byte[] bytes, String contentType) {
        this.bytes = bytes;
        this.contentType = contentType;
    }

    /** The body; do not change it. */
    byte[] bytes() {
        return bytes;
    }

    /** Empty to send none. */
    String contentType() {
        return contentType;
    }

    /** From {@code -d}, {@code -F}, {@code -T}; null when there is none. */
    static @org.jspecify.annotations.Nullable RequestBody of(CurlOptions options, Invocation in)
            throws CurlException {
        if (options.has("upload-file")) {
            return new RequestBody(read(options.value("upload-file", "-"), in), "");
        }
        if (options.has("form") || options.has("form-string")) {
            return form(options, in);
        }
        List<String> parts = options.all("body");
        if (parts.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean json = false;
        for (String part : parts) {
            String name = part.substring(0, part.indexOf('\0'));
            String value = part.substring(part.indexOf('\0') + 1);
            json |= name.equals("json");
            if (body.size() > 0 && !name.equals("json")) {
                body.write('&');
            }
            body.writeBytes(data(name, value, in));
        }
        return new RequestBody(
                body.toByteArray(),
                json ? "application/json" : "application/x-www-form-urlencoded");
    }

    private static byte[] data(String name, String value, Invocation in) throws CurlException {
        if (name.equals("data-raw")) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        if (name.equals("data-urlencode")) {
            int equals = value.indexOf('=');
            String key = equals <= 0 ? "" : value.substring(0, equals + 1);
            String text = equals < 0 ? value : value.substring(equals + 1);
            return (key + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20"))
                    .getBytes(StandardCharsets.UTF_8);
        }
        if (!value.startsWith("@")) {
            return value.getBytes(StandardCharsets.UTF_8);
        }
        byte[] file = read(value.substring(1), in);
        boolean exact = name.equals("data-binary") || name.equals("json");
        return exact
                ? file
                : new String(file, StandardCharsets.ISO_8859_1)
                        .replaceAll("[\r\n\0]", "")
                        .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(String name, Invocation in) throws CurlException {
        try {
            return name.equals("-") || name.equals(".")
                    ? in.stdin().readAllBytes()
                    : Files.readAllBytes(in.file(name));
        } catch (IOException e) {
            throw new CurlException(26, "Failed to open " + name);
        }
    }

    private static RequestBody form(CurlOptions options, Invocation in) throws CurlException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String field : options.all("form")) {
            int equals = field.indexOf('=');
            if (equals < 0) {
                throw new CurlException(2, "option -F: is badly used here");
            }
            String name = field.substring(0, equals);
            String value = field.substring(equals + 1);
            boolean file = value.startsWith("@");
            String path = file ? value.substring(1).split(";", 2)[0] : "";
            String base = path.substring(path.lastIndexOf('/') + 1);
            String head =
                    "--"
                            + BOUNDARY
                            + "\r\nContent-Disposition: form-data; name=\""
                            + name
                            + "\""
                            + (file
                                    ? "; filename=\""
                                            + base
                                            + "\"\r\nContent-Type: application/octet-stream"
                                    : "")
                            + "\r\n\r\n";
            body.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            body.writeBytes(file ? read(path, in) : value.getBytes(StandardCharsets.UTF_8));
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return new RequestBody(body.toByteArray(), "multipart/form-data; boundary=" + BOUNDARY);
    }
}
