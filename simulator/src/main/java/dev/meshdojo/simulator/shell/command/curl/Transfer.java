package dev.meshdojo.simulator.shell.command.curl;

import dev.meshdojo.simulator.shell.Invocation;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One request and its response. */
final class Transfer {

    static final String AGENT = "curl/7.88.1";

    private final CurlOptions options;
    private final Invocation in;
    private final Instant deadline;

    Transfer(CurlOptions options, Invocation in, Instant deadline) {
        this.options = options;
        this.in = in;
        this.deadline = deadline;
    }

    /** What {@code -w} may print. */
    record Outcome(
            Target target,
            String method,
            ResponseReader.Head head,
            long downloaded,
            long uploaded,
            long requestSize) {}

    private void note(String line) {
        if (options.has("verbose")) {
            in.stderr().print("* " + line + "\n");
        }
    }

    Outcome run(Target target, String method, @Nullable RequestBody body, OutputStream out)
            throws CurlException, InterruptedException {
        Socket plain = connect(target);
        try (plain) {
            plain.setSoTimeout(remainingMillis());
            Socket socket = plain;
            if (target.secure()) {
                note("ALPN: offers http/1.1");
                SSLSocket tls = new CurlTls(options, in).wrap(plain, target.host(), target.port());
                CurlTls.described(tls, options.has("insecure")).forEach(this::note);
                note("using HTTP/1.1");
                socket = tls;
            }
            return exchange(socket, target, method, body, out);
        } catch (CurlException e) {
            note(String.valueOf(e.getMessage()).split("\n", 2)[0]);
            note("Closing connection 0");
            throw e;
        } catch (SocketTimeoutException e) {
            note("Closing connection 0");
            throw timedOut();
        } catch (SocketException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String text = String.valueOf(e.getMessage());
            String message =
                    text.contains("roken pipe")
                            ? "Send failure: Broken pipe"
                            : "Recv failure: Connection reset by peer";
            note(message);
            note("Closing connection 0");
            throw new CurlException(text.contains("roken pipe") ? 55 : 56, message);
        } catch (IOException e) {
            throw new CurlException(56, "Recv failure: " + e.getMessage());
        }
    }

    private int remainingMillis() throws CurlException {
        long left = java.time.Duration.between(in.host().clock().instant(), deadline).toMillis();
        if (left <= 0) {
            throw timedOut();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    private CurlException timedOut() throws CurlException {
        long millis = (long) (options.seconds("max-time") * 1000);
        return new CurlException(
                28, "Operation timed out after " + millis + " milliseconds with 0 bytes received");
    }

    private Socket connect(Target target) throws CurlException, InterruptedException {
        String host = target.host();
        int port = target.port();
        String address = Mapping.resolve(options.all("resolve"), host, port);
        if (!address.isEmpty()) {
            note("Added " + host + ":" + port + ":" + address + " to DNS cache");
            note("Hostname " + host + " was found in DNS cache");
        }
        Mapping.Place place = Mapping.connectTo(options.all("connect-to"), host, port);
        if (place != null) {
            note("Connecting to hostname: " + place.host());
            note("Connecting to port: " + place.port());
        }
        String toHost = place != null ? place.host() : address.isEmpty() ? host : address;
        int toPort = place != null ? place.port() : port;
        try {
            Socket socket = in.cluster().connector().connect(toHost, toPort);
            String remote =
                    socket.getInetAddress() == null
                            ? toHost
                            : literal(toHost) ? toHost : socket.getInetAddress().getHostAddress();
            String shown = remote.contains(":") ? "[" + remote + "]" : remote;
            note("  Trying " + shown + ":" + toPort + "...");
            note("Connected to " + host + " (" + remote + ") port " + toPort + " (#0)");
            return socket;
        } catch (UnknownHostException e) {
            note("Could not resolve host: " + toHost);
            note("Closing connection 0");
            throw new CurlException(6, "Could not resolve host: " + toHost);
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            note("  Trying " + toHost + ":" + toPort + "...");
            note("connect to " + toHost + " port " + toPort + " failed: " + e.getMessage());
            String message =
                    "Failed to connect to "
                            + host
                            + " port "
                            + toPort
                            + " after 0 ms: Couldn't connect to server";
            note(message);
            note("Closing connection 0");
            throw new CurlException(7, message);
        }
    }

    private static boolean literal(String host) {
        return host.matches("[0-9.]+|.*:.*");
    }

    private Outcome exchange(
            Socket socket,
            Target target,
            String method,
            @Nullable RequestBody body,
            OutputStream out)
            throws IOException, CurlException {
        List<String> head = requestHead(target, method, body);
        if (options.has("verbose")) {
            head.forEach(line -> in.stderr().print("> " + line + "\n"));
            in.stderr().print("> \n");
        }
        byte[] bytes = (String.join("\r\n", head) + "\r\n\r\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(bytes);
        if (body != null) {
            message.writeBytes(body.bytes());
        }
        socket.getOutputStream().write(message.toByteArray());
        socket.getOutputStream().flush();
        ResponseReader reader =
                new ResponseReader(new BufferedInputStream(socket.getInputStream()));
        ResponseReader.Head answer = reader.head();
        show(answer, out);
        while (answer.status() >= 100 && answer.status() < 200 && answer.status() != 101) {
            answer = reader.head();
            show(answer, out);
        }
        boolean refused = options.has("fail") && answer.status() >= 400;
        OutputStream sink = refused || redirects(answer) ? OutputStream.nullOutputStream() : out;
        long length = refused ? 0 : reader.body(answer, method.equals("HEAD"), sink);
        note(
                refused
                        ? "The requested URL returned error: " + answer.status()
                        : "Connection #0 to host " + target.host() + " left intact");
        if (refused) {
            note("Closing connection 0");
        }
        return new Outcome(
                target,
                method,
                answer,
                length,
                body == null ? 0 : body.bytes().length,
                bytes.length);
    }

    boolean redirects(ResponseReader.Head head) {
        boolean follows = options.has("location") || options.has("location-trusted");
        return follows && head.status() / 100 == 3 && !head.header("location").isEmpty();
    }

    private void show(ResponseReader.Head head, OutputStream out) throws IOException {
        if (options.has("verbose")) {
            head.lines().forEach(line -> in.stderr().print("< " + line + "\n"));
            in.stderr().print("< \n");
        }
        boolean refused = options.has("fail") && head.status() >= 400 && !options.has("include");
        if ((options.has("include") || options.has("head")) && !refused) {
            String text = String.join("\r\n", head.lines()) + "\r\n\r\n";
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }
    }

    private List<String> requestHead(Target target, String method, @Nullable RequestBody body)
            throws CurlException {
        Headers headers = new Headers();
        headers.add("Host", target.hostHeader());
        String user = options.value("user", target.userInfo());
        if (!user.isEmpty()) {
            String pair = user.contains(":") ? user : user + ":";
            headers.add(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        if (options.has("oauth2-bearer")) {
            headers.add("Authorization", "Bearer " + options.value("oauth2-bearer", ""));
        }
        headers.add("User-Agent", options.value("user-agent", AGENT));
        headers.add("Accept", options.has("json") ? "application/json" : "*/*");
        if (options.has("compressed")) {
            headers.add("Accept-Encoding", "identity");
        }
        if (options.has("referer")) {
            headers.add("Referer", options.value("referer", ""));
        }
        if (options.has("cookie")) {
            headers.add("Cookie", String.join("; ", options.all("cookie")));
        }
        if (body != null) {
            headers.add("Content-Length", String.valueOf(body.bytes().length));
            if (!body.contentType().isEmpty()) {
                headers.add("Content-Type", body.contentType());
            }
        }
        options.all("header").forEach(headers::override);
        String version = options.has("http1.0") ? "HTTP/1.0" : "HTTP/1.1";
        List<String> lines = new ArrayList<>();
        lines.add(method + " " + target.target() + " " + version);
        lines.addAll(headers.lines());
        return lines;
    }

    /** Headers that {@code -H} replaces, removes or adds. */
    private static final class Headers {
        private final List<String> own = new ArrayList<>();
        private final List<String> given = new ArrayList<>();

        void add(String name, String value) {
            if (!value.isEmpty()) {
                own.add(name + ": " + value);
            }
        }

        void override(String header) {
            int end = header.indexOf(':');
            int semicolon = header.indexOf(';');
            if (end < 0 && semicolon == header.length() - 1 && semicolon > 0) {
                given.add(header.substring(0, semicolon) + ":");
                return;
            }
            if (end < 0) {
                return;
            }
            String prefix = header.substring(0, end + 1).toLowerCase(Locale.ROOT);
            boolean host = prefix.equals("host:");
            for (int i = 0; i < own.size(); i++) {
                if (own.get(i).toLowerCase(Locale.ROOT).startsWith(prefix)) {
                    if (host && !header.substring(end + 1).isBlank()) {
                        own.set(i, header.strip());
                        return;
                    }
                    own.remove(i);
                    break;
                }
            }
            if (!header.substring(end + 1).isBlank()) {
                given.add(header);
            }
        }

        List<String> lines() {
            List<String> all = new ArrayList<>(own);
            int place = all.size();
            for (int i = 0; i < all.size(); i++) {
                if (all.get(i).startsWith("Content-Length:")
                        || all.get(i).startsWith("Content-Type:")) {
                    place = i;
                    break;
                }
            }
            all.addAll(place, given);
            return all;
        }
    }
}
