package dev.meshdojo.simulator.shell.command.curl;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code curl} over the cluster's connector: HTTP/1.1, TLS, redirects, forms, retries; messages and
 * exit codes of curl 7.88. Not modelled: HTTP/2, cookies kept in files, proxies, other protocols.
 */
public final class CurlCommand implements ShellCommand {

    private static final int MOST_REDIRECTS = 50;

    @Override
    public String name() {
        return "curl";
    }

    @Override
    public String summary() {
        return "sends HTTP requests; knows the cluster's addresses and names";
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        CurlOptions options;
        try {
            options = CurlOptions.parse(arguments);
            refuse(options);
        } catch (CurlException e) {
            invocation.stderr().print("curl: " + e.getMessage() + "\n");
            if (e.code() == 2) {
                invocation
                        .stderr()
                        .print("curl: try 'curl --help' or 'curl --manual' for more information\n");
            }
            return e.code();
        }
        if (options.has("version")) {
            invocation
                    .stdout()
                    .print(
                            "curl 7.88.1 (built into Mesh Dojo)\nProtocols: http https\nFeatures: SSL\n");
            return 0;
        }
        if (options.urls().isEmpty()) {
            invocation
                    .stderr()
                    .print("curl: try 'curl --help' or 'curl --manual' for more information\n");
            return 2;
        }
        int status = 0;
        for (int i = 0; i < options.urls().size(); i++) {
            status = new Run(options, invocation, options.urls().get(i), i).go();
        }
        return status;
    }

    private static void refuse(CurlOptions options) throws CurlException {
        if (options.has("http2-prior-knowledge")) {
            throw new CurlException(
                    1, "the built-in curl speaks HTTP/1.1 only; leave --http2-prior-knowledge out");
        }
        if (options.has("proxy")) {
            throw new CurlException(5, "the built-in curl uses no proxy; leave -x out");
        }
    }

    /** One URL. */
    private static final class Run {
        private final CurlOptions options;
        private final Invocation in;
        private final String url;
        private final int index;
        private int redirects;

        Run(CurlOptions options, Invocation in, String url, int index) {
            this.options = options;
            this.in = in;
            this.url = url;
            this.index = index;
        }

        int go() throws InterruptedException {
            Instant start = in.host().clock().instant();
            Transfer.Outcome outcome = null;
            int code = 0;
            try {
                outcome = attempts(start);
                if (outcome.head().status() >= 400
                        && (options.has("fail") || options.has("fail-with-body"))) {
                    throw new Refused(outcome);
                }
            } catch (Refused e) {
                code = 22;
                outcome = e.outcome;
                complain(22, "The requested URL returned error: " + e.outcome.head().status());
            } catch (CurlException e) {
                code = e.code();
                complain(code, String.valueOf(e.getMessage()));
            }
            if (options.has("write-out")) {
                Duration taken = Duration.between(start, in.host().clock().instant());
                in.stdout()
                        .print(
                                WriteOut.format(
                                        options.value("write-out", ""),
                                        outcome,
                                        taken,
                                        redirects,
                                        code,
                                        url));
            }
            return code;
        }

        private void complain(int code, String message) {
            if (!options.has("silent") || options.has("show-error")) {
                in.stderr().print("curl: (" + code + ") " + message + "\n");
            }
        }

        private Transfer.Outcome attempts(Instant start)
                throws CurlException, InterruptedException, Refused {
            int retries = (int) options.seconds("retry");
            for (int attempt = 0; ; attempt++) {
                try {
                    Transfer.Outcome outcome = follow(start);
                    boolean transient_ =
                            List.of(408, 429, 500, 502, 503, 504).contains(outcome.head().status());
                    if (!transient_ || attempt >= retries) {
                        return outcome;
                    }
                } catch (CurlException e) {
                    boolean again =
                            e.code() == 28
                                    || options.has("retry-all-errors")
                                    || (e.code() == 7 && options.has("retry-connrefused"));
                    if (!again || attempt >= retries) {
                        throw e;
                    }
                }
                pause(attempt);
            }
        }

        private void pause(int attempt) throws CurlException, InterruptedException {
            double seconds =
                    options.has("retry-delay")
                            ? options.seconds("retry-delay")
                            : Math.pow(2, attempt);
            if (!options.has("silent")) {
                in.stderr()
                        .print(
                                "Warning: Problem: transient error. Will retry in "
                                        + (long) seconds
                                        + " seconds.\n");
            }
            boolean woken =
                    new CountDownLatch(1).await((long) (seconds * 1000), TimeUnit.MILLISECONDS);
            if (woken) {
                throw new InterruptedException();
            }
        }

        private Transfer.Outcome follow(Instant start)
                throws CurlException, InterruptedException, Refused {
            RequestBody body = RequestBody.of(options, in);
            Target target = Target.parse(url, options.has("path-as-is"));
            if (options.has("get") && body != null) {
                String joint = target.target().contains("?") ? "&" : "?";
                String query = new String(body.bytes(), java.nio.charset.StandardCharsets.UTF_8);
                target = Target.parse(target.url() + joint + query, options.has("path-as-is"));
                body = null;
            }
            String method = method(body);
            double limit = options.seconds("max-time");
            Instant deadline =
                    limit > 0
                            ? start.plusMillis((long) (limit * 1000))
                            : start.plus(Duration.ofDays(1));
            Transfer transfer = new Transfer(options, in, deadline);
            try (OutputStream out = output()) {
                Transfer.Outcome outcome = transfer.run(target, method, body, out);
                while (transfer.redirects(outcome.head())) {
                    if (++redirects > MOST_REDIRECTS) {
                        throw new CurlException(
                                47, "Maximum (" + MOST_REDIRECTS + ") redirects followed");
                    }
                    int status = outcome.head().status();
                    if (status != 307 && status != 308 && !options.has("request")) {
                        method = method.equals("HEAD") ? method : "GET";
                        body = null;
                    }
                    target =
                            Target.parse(
                                    location(target, outcome.head().header("location")),
                                    options.has("path-as-is"));
                    if (options.has("verbose")) {
                        in.stderr()
                                .print(
                                        "* Issue another request to this URL: '"
                                                + target.url()
                                                + "'\n");
                    }
                    outcome = transfer.run(target, method, body, out);
                }
                return outcome;
            } catch (IOException e) {
                throw new CurlException(23, "Failure writing output to destination");
            }
        }

        private String method(@Nullable RequestBody body) {
            String usual =
                    options.has("head")
                            ? "HEAD"
                            : options.has("upload-file") ? "PUT" : body != null ? "POST" : "GET";
            return options.value("request", usual);
        }

        private static String location(Target from, String location) {
            if (location.matches("(?i)https?://.*")) {
                return location;
            }
            String root = from.scheme() + "://" + from.hostHeader();
            if (location.startsWith("//")) {
                return from.scheme() + ":" + location;
            }
            if (location.startsWith("/")) {
                return root + location;
            }
            String path = from.target().split("\\?", 2)[0];
            return root + path.substring(0, path.lastIndexOf('/') + 1) + location;
        }

        private OutputStream output() throws IOException {
            List<String> names = options.all("output");
            String name = index < names.size() ? names.get(index) : "";
            if (name.isEmpty() && options.has("remote-name")) {
                String path = url.split("\\?", 2)[0];
                name = path.substring(path.lastIndexOf('/') + 1);
            }
            if (name.isEmpty() || name.equals("-")) {
                return new Unclosed(in.stdout());
            }
            if (name.equals("/dev/null")) {
                return OutputStream.nullOutputStream();
            }
            Path file = in.file(name);
            if (options.has("create-dirs") && file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            return Files.newOutputStream(file);
        }
    }

    /** {@code -f} met a status of 400 or more. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Transfer.Outcome outcome;

        Refused(Transfer.Outcome outcome) {
            this.outcome = outcome;
        }
    }

    /** Standard output, which outlives a transfer. */
    private static final class Unclosed extends java.io.FilterOutputStream {
        Unclosed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
        }

        @Override
        public void close() throws IOException {
            flush();
        }
    }
}
