package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.http.HttpApp;
import dev.meshdojo.simulator.apps.http.HttpClient;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** {@code curl} inside containers: HTTP/1.1 with the options of everyday use. */
final class Curl implements Program {

    private static final int MAX_REDIRECTS = 50;

    @Override
    public int run(Process process, List<String> args) throws IOException, InterruptedException {
        CurlOptions options;
        try {
            options = CurlOptions.parse(args);
        } catch (IllegalArgumentException e) {
            return process.fail(
                    2,
                    "curl: " + e.getMessage() + "\ncurl: try 'curl --help' for more information");
        }
        if (options.urls.isEmpty()) {
            return process.fail(
                    2, "curl: (2) no URL specified\ncurl: try 'curl --help' for more information");
        }
        int code = 0;
        for (String url : options.urls) {
            code = fetch(process, options, url);
        }
        return code;
    }

    private static int fetch(Process process, CurlOptions options, String text) throws IOException {
        String url = text.contains("://") ? text : "http://" + text;
        long start = System.nanoTime();
        for (int redirects = 0; ; redirects++) {
            Target target = Target.of(url, options);
            if (target == null) {
                return tell(process, options, 3, "URL rejected: Malformed input to a URL function");
            }
            HttpClient.Answer answer;
            try {
                answer = exchange(process, options, target, start);
            } catch (IOException e) {
                return failure(process, options, target, e, start);
            }
            String location = answer.header("location");
            boolean redirect = answer.status() / 100 == 3 && location != null;
            if (!redirect || !options.follow || redirects == MAX_REDIRECTS) {
                return print(process, options, answer, start);
            }
            if (options.include) {
                process.stdout().write(head(answer));
            }
            url = URI.create(url).resolve(location).toString();
        }
    }

    /** Where a URL leads. */
    private record Target(boolean tls, String host, int port, String connectHost, String path) {

        static @org.jspecify.annotations.Nullable Target of(String url, CurlOptions options) {
            int scheme = url.indexOf("://");
            boolean tls = url.startsWith("https:");
            String rest = url.substring(scheme + 3);
            int slash = rest.indexOf('/');
            int query = rest.indexOf('?');
            int end = slash < 0 ? (query < 0 ? rest.length() : query) : slash;
            String authority = rest.substring(0, end);
            String path = rest.substring(end);
            int fragment = path.indexOf('#');
            path = fragment < 0 ? path : path.substring(0, fragment);
            path = path.startsWith("/") ? path : "/" + path;
            int colon = authority.lastIndexOf(':');
            String host = colon < 0 ? authority : authority.substring(0, colon);
            String port = colon < 0 ? (tls ? "443" : "80") : authority.substring(colon + 1);
            if (host.isEmpty() || !port.matches("\\d{1,5}") || path.indexOf(' ') >= 0) {
                return null;
            }
            String connect = options.resolved.getOrDefault(host + ":" + port, host);
            return new Target(tls, host, Integer.parseInt(port), connect, path);
        }

        String authority() {
            return port == (tls ? 443 : 80) ? host : host + ":" + port;
        }
    }

    private static HttpClient.Answer exchange(
            Process process, CurlOptions options, Target target, long start) throws IOException {
        int status = 0;
        try (Socket plain = NetworkPrograms.connect(process, target.connectHost(), target.port())) {
            plain.setSoTimeout(options.timeoutMillis(start));
            Socket socket = target.tls() ? secure(plain, target, options) : plain;
            String host = options.hasHeader("host") ? null : target.authority();
            List<HttpApp.Header> headers = options.requestHeaders(host);
            if (options.verbose) {
                StringBuilder told = new StringBuilder();
                told.append("> ")
                        .append(options.method())
                        .append(' ')
                        .append(target.path())
                        .append(" HTTP/1.1\n");
                headers.forEach(
                        h ->
                                told.append("> ")
                                        .append(h.name())
                                        .append(": ")
                                        .append(h.value())
                                        .append('\n'));
                process.fail(0, told + "> ");
            }
            HttpClient.Answer answer =
                    HttpClient.exchange(
                            socket, options.method(), target.path(), headers, options.body());
            status = answer.status();
            return answer;
        } finally {
            process.container()
                    .called(target.host(), options.method() + " " + target.path(), status);
        }
    }

    private static Socket secure(Socket plain, Target target, CurlOptions options)
            throws IOException {
        try {
            SSLSocketFactory factory =
                    options.insecure
                            ? TrustAll.context().getSocketFactory()
                            : SSLContext.getDefault().getSocketFactory();
            SSLSocket socket =
                    (SSLSocket) factory.createSocket(plain, target.host(), target.port(), true);
            socket.startHandshake();
            return socket;
        } catch (GeneralSecurityException e) {
            throw new SSLException(e);
        }
    }

    private static byte[] head(HttpClient.Answer answer) {
        StringBuilder head = new StringBuilder(answer.statusLine()).append("\r\n");
        answer.headers()
                .forEach(h -> head.append(h.name()).append(": ").append(h.value()).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static int print(
            Process process, CurlOptions options, HttpClient.Answer answer, long start)
            throws IOException {
        if (options.verbose) {
            String head = new String(head(answer), StandardCharsets.ISO_8859_1);
            process.fail(0, "< " + head.stripTrailing().replace("\r\n", "\n< ") + "\n< ");
        }
        if (options.fail && answer.status() >= 400) {
            writeOut(process, options, answer.status(), answer.body().length, start);
            return tell(
                    process, options, 22, "The requested URL returned error: " + answer.status());
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (options.include || options.headOnly) {
            all.writeBytes(head(answer));
        }
        all.writeBytes(answer.body());
        if (options.output.isEmpty()) {
            all.writeTo(process.stdout());
            process.stdout().flush();
        } else {
            try (OutputStream file = Userland.open(process, process.path(options.output), false)) {
                all.writeTo(file);
            }
        }
        writeOut(process, options, answer.status(), answer.body().length, start);
        return 0;
    }

    private static void writeOut(
            Process process, CurlOptions options, int status, int size, long start)
            throws IOException {
        String seconds =
                String.format(Locale.ROOT, "%.6f", (System.nanoTime() - start) / 1_000_000_000.0);
        process.out(
                options.writeOut
                        .replace("%{http_code}", "%03d".formatted(status))
                        .replace("%{response_code}", "%03d".formatted(status))
                        .replace("%{size_download}", Integer.toString(size))
                        .replace("%{time_total}", seconds)
                        .replace("\\n", "\n")
                        .replace("\\t", "\t"));
    }

    private static int failure(
            Process process, CurlOptions options, Target target, IOException e, long start)
            throws IOException {
        writeOut(process, options, 0, 0, start);
        String where = target.host() + " port " + target.port();
        long millis = (System.nanoTime() - start) / 1_000_000;
        return switch (e) {
            case UnknownHostException _ ->
                    tell(process, options, 6, "Could not resolve host: " + target.host());
            case ConnectException _ ->
                    tell(
                            process,
                            options,
                            7,
                            "Failed to connect to "
                                    + where
                                    + " after "
                                    + millis
                                    + " ms: Could not connect to server");
            case SocketTimeoutException _ ->
                    tell(
                            process,
                            options,
                            28,
                            "Operation timed out after "
                                    + millis
                                    + " milliseconds with 0 bytes received");
            case EOFException _ -> tell(process, options, 52, String.valueOf(e.getMessage()));
            case SSLException _ ->
                    tell(process, options, 60, "SSL certificate problem: " + e.getMessage());
            default -> tell(process, options, 56, "Recv failure: " + e.getMessage());
        };
    }

    private static int tell(Process process, CurlOptions options, int code, String message)
            throws IOException {
        return options.silent && !options.showError
                ? code
                : process.fail(code, "curl: (" + code + ") " + message);
    }
}
