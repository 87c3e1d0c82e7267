package dev.meshdojo.gateway.peer;

import static java.util.Objects.requireNonNull;

import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.Acknowledgement;
import dev.meshdojo.gateway.loop.EventLoops;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Requests a second through one hop: our gateway, Envoy, nginx and HAProxy in front of the same
 * backend, one after the other in each round, so that they share what the machine does meanwhile.
 * The proxy has core 0 to itself; backend and client share core 1. Prints medians, and ratios to
 * Envoy; a bare figure says nothing about another machine.
 *
 * <p>A program, not a test: it needs wrk, h2load, nginx, haproxy, taskset and an Envoy binary.
 * {@code docs/performance.md} tells how to run it.
 */
public final class ThroughputBenchmark {

    private static final int SECONDS = Integer.getInteger("bench.seconds", 5);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int WARM_UP_SECONDS = Integer.getInteger("bench.warmup", 30);

    /** A proxy that stood still is let run for so long before each measurement. */
    private static final int AWAKE_SECONDS = 2;

    private ThroughputBenchmark() {}

    /**
     * {@code [load...]}: which loads to run, all by default. {@code serve HTTP TLS BACKEND DIR}:
     * runs our gateway, as the benchmark's child.
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("serve")) {
            serve(
                    new BenchmarkTopology(
                            Integer.parseInt(arguments[1]),
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            Path.of(arguments[4])));
            return;
        }
        List<String> chosen = List.of(arguments);
        for (BenchmarkLoad load : BenchmarkLoad.all()) {
            if (chosen.isEmpty() || chosen.contains(load.name())) {
                print(load, measure(load), System.out);
            }
        }
    }

    private static void serve(BenchmarkTopology topology) throws InterruptedException {
        try (EventLoops loops = EventLoops.start(1);
                GatewayRuntime runtime =
                        GatewayRuntime.start(GatewayOptions.defaults().withLoops(loops))) {
            Acknowledgement acknowledgement = runtime.apply(topology.snapshot());
            if (!acknowledgement.accepted()) {
                throw new IllegalStateException("refused: " + acknowledgement.rejections());
            }
            new CountDownLatch(1).await();
        }
    }

    private static Map<String, List<BenchmarkLoad.Result>> measure(BenchmarkLoad load)
            throws IOException, InterruptedException {
        Map<String, List<BenchmarkLoad.Result>> results = new LinkedHashMap<>();
        try (BenchmarkProxies proxies = BenchmarkProxies.start()) {
            List<BenchmarkProxies.Proxy> peers =
                    proxies.all().stream()
                            .filter(proxy -> load.peers().contains(proxy.name()))
                            .toList();
            for (BenchmarkProxies.Proxy proxy : peers) {
                proxies.alone(proxy, () -> load.run(proxy.topology(), WARM_UP_SECONDS));
            }
            for (int round = 0; round < ROUNDS; round++) {
                for (BenchmarkProxies.Proxy proxy : peers) {
                    BenchmarkLoad.Result result =
                            proxies.alone(
                                    proxy,
                                    () -> {
                                        load.run(proxy.topology(), AWAKE_SECONDS);
                                        return load.run(proxy.topology(), SECONDS);
                                    });
                    results.computeIfAbsent(proxy.name(), name -> new ArrayList<>()).add(result);
                }
            }
        }
        return results;
    }

    private static void print(
            BenchmarkLoad load, Map<String, List<BenchmarkLoad.Result>> results, PrintStream out) {
        double envoy = median(requireNonNull(results.get("envoy"))).perSecond();
        out.printf("%n%s: %s%n", load.name(), load.about());
        out.println("| proxy | per second | ratio to Envoy | p50 | p99 | errors |");
        out.println("| --- | --- | --- | --- | --- | --- |");
        results.forEach(
                (name, all) -> {
                    BenchmarkLoad.Result result = median(all);
                    out.printf(
                            "| %s | %,.0f | %.2f | %s | %s | %d |%n",
                            name,
                            result.perSecond(),
                            result.perSecond() / envoy,
                            result.p50(),
                            result.p99(),
                            all.stream().mapToLong(BenchmarkLoad.Result::errors).sum());
                });
    }

    private static BenchmarkLoad.Result median(List<BenchmarkLoad.Result> results) {
        return results.stream()
                .sorted(Comparator.comparingDouble(BenchmarkLoad.Result::perSecond))
                .toList()
                .get(results.size() / 2);
    }
}
