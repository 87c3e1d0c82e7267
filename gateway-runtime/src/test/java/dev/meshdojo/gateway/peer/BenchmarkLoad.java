package dev.meshdojo.gateway.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A way to load a proxy.
 *
 * @param name names it on the command line
 * @param about for people
 * @param peers the proxies that can take it: one port of nginx speaks HTTP/1.1 or, in plain text,
 *     HTTP/2
 * @param command the load generator for a topology and a number of seconds
 */
record BenchmarkLoad(
        String name,
        String about,
        Set<String> peers,
        BiFunction<BenchmarkTopology, Integer, List<String>> command) {

    private static final Set<String> ALL = Set.of("meshdojo", "envoy", "nginx", "haproxy");
    private static final Set<String> WITH_PRIOR_KNOWLEDGE = Set.of("meshdojo", "envoy", "haproxy");

    private static final Pattern WRK_RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern WRK_QUANTILE = Pattern.compile("\\s(50|99)%\\s+([\\d.]+\\w+)");
    private static final Pattern WRK_ERRORS =
            Pattern.compile(
                    "Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
    private static final Pattern WRK_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern H2_RATE = Pattern.compile("finished in [^,]+, ([\\d.]+) req/s");
    private static final Pattern H2_ERRORS = Pattern.compile("(\\d+) failed, (\\d+) errored");
    private static final Pattern H2_TIME =
            Pattern.compile("time for request:\\s+\\S+\\s+(\\S+)\\s+(\\S+)");

    /**
     * What came out.
     *
     * @param perSecond requests, or handshakes where each request has a connection of its own
     * @param p50 as the generator prints it; for h2load the slowest request stands for p99 and the
     *     mean for p50
     */
    record Result(double perSecond, String p50, String p99, long errors) {}

    static List<BenchmarkLoad> all() {
        return List.of(
                new BenchmarkLoad(
                        "http1",
                        "HTTP/1.1 keep-alive, 1 KB replies, 64 connections",
                        ALL,
                        (topology, seconds) ->
                                wrk(seconds, "http://127.0.0.1:" + topology.httpPort() + "/")),
                new BenchmarkLoad(
                        "http2",
                        "HTTP/2 prior knowledge, 1 KB replies, 8 connections x 16 streams",
                        WITH_PRIOR_KNOWLEDGE,
                        (topology, seconds) ->
                                h2load(seconds, "http://127.0.0.1:" + topology.httpPort() + "/")),
                new BenchmarkLoad(
                        "tls-http1",
                        "HTTP/1.1 keep-alive over TLS 1.3, 1 KB replies, 64 connections",
                        ALL,
                        (topology, seconds) ->
                                wrk(seconds, "https://127.0.0.1:" + topology.tlsPort() + "/")),
                new BenchmarkLoad(
                        "tls-http2",
                        "HTTP/2 over TLS 1.3, 1 KB replies, 8 connections x 16 streams",
                        ALL,
                        (topology, seconds) ->
                                h2load(seconds, "https://127.0.0.1:" + topology.tlsPort() + "/")),
                new BenchmarkLoad(
                        "tls-bulk",
                        "HTTP/1.1 over TLS 1.3, 100 KB replies, 64 connections",
                        ALL,
                        (topology, seconds) ->
                                wrk(seconds, "https://127.0.0.1:" + topology.tlsPort() + "/big")),
                new BenchmarkLoad(
                        "tls-handshakes",
                        "TLS 1.3 handshakes, ECDSA P-256, one request each",
                        ALL,
                        (topology, seconds) -> {
                            List<String> command =
                                    wrk(seconds, "https://127.0.0.1:" + topology.tlsPort() + "/");
                            command.addAll(List.of("-H", "Connection: close"));
                            return command;
                        }));
    }

    private static List<String> wrk(int seconds, String url) {
        return new ArrayList<>(
                List.of("wrk", "-t1", "-c64", "-d" + seconds + "s", "--latency", url));
    }

    private static List<String> h2load(int seconds, String url) {
        return List.of("h2load", "-t1", "-c8", "-m16", "-D" + seconds, url);
    }

    /** Runs it on core 1 and reads what it prints. */
    Result run(BenchmarkTopology topology, int seconds) throws IOException, InterruptedException {
        List<String> line = BenchmarkProxies.pinned(1, command.apply(topology, seconds));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", line) + ": " + output);
        }
        return output.contains("Requests/sec:") ? wrkResult(output) : h2Result(output);
    }

    private static Result wrkResult(String output) {
        String p50 = "";
        String p99 = "";
        Matcher quantiles = WRK_QUANTILE.matcher(output);
        while (quantiles.find()) {
            if (quantiles.group(1).equals("50")) {
                p50 = quantiles.group(2);
            } else {
                p99 = quantiles.group(2);
            }
        }
        return new Result(
                Double.parseDouble(found(WRK_RATE, output).group(1)),
                p50,
                p99,
                sum(WRK_ERRORS, output) + sum(WRK_STATUS, output));
    }

    private static Result h2Result(String output) {
        Matcher time = found(H2_TIME, output);
        return new Result(
                Double.parseDouble(found(H2_RATE, output).group(1)),
                time.group(2),
                time.group(1),
                sum(H2_ERRORS, output));
    }

    private static Matcher found(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in: " + output);
        }
        return matcher;
    }

    private static long sum(Pattern pattern, String output) {
        Matcher matcher = pattern.matcher(output);
        long total = 0;
        if (matcher.find()) {
            for (int group = 1; group <= matcher.groupCount(); group++) {
                total += Long.parseLong(matcher.group(group));
            }
        }
        return total;
    }
}
