package dev.meshdojo.simulator.pilot;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.gateway.GatewayOptions;
import dev.meshdojo.gateway.GatewayRuntime;
import dev.meshdojo.gateway.config.XdsSnapshot;
import dev.meshdojo.simulator.pilot.model.MeshIndex;
import dev.meshdojo.simulator.pilot.model.ObjectSet;
import dev.meshdojo.simulator.pilot.security.JwksSource;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntFunction;

/**
 * How long the control plane takes to translate many VirtualServices at first and one more, and the
 * data plane to put the result in force, in processor time. Run by the profile {@code
 * configuration-benchmark}; prints a table in milliseconds. Not a test: the figures depend on the
 * machine, see docs/performance.md.
 */
public final class TranslationBenchmark {

    private static final int WARM_UP = 3;
    private static final int ROUNDS = 200;

    private TranslationBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args numbers of VirtualServices; none: 1,000 and 10,000
     */
    public static void main(String[] args) {
        List<Integer> sizes =
                args.length == 0
                        ? List.of(1_000, 10_000)
                        : Arrays.stream(args).map(Integer::parseInt).toList();
        for (int i = 0; i < WARM_UP; i++) {
            measure(sizes.getFirst(), new PrintStream(PrintStream.nullOutputStream()));
        }
        System.out.println("| what | VirtualServices | median ms | p99 ms | worst ms |");
        System.out.println("| --- | ---: | ---: | ---: | ---: |");
        for (int size : sizes) {
            measure(size, System.out);
        }
    }

    private static void measure(int size, PrintStream out) {
        TreeMap<String, ObjectNode> services = new TreeMap<>();
        TreeMap<String, ObjectNode> routes = new TreeMap<>();
        TreeMap<String, ObjectNode> slices = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            routes.put("apps/vs-%05d".formatted(i), virtualService(i, 0));
            services.put("apps/s-%05d".formatted(i), service(i));
            slices.put("apps/s-%05d".formatted(i), slice(i, 1));
        }
        Map<String, ObjectSet> kinds = new HashMap<>();
        kinds.put("gateways.networking.istio.io", ObjectSet.of(List.of(gateway())));
        kinds.put("services", ObjectSet.of(List.copyOf(services.values())));
        kinds.put("endpointslices.discovery.k8s.io", ObjectSet.of(List.copyOf(slices.values())));
        kinds.put(
                "virtualservices.networking.istio.io", ObjectSet.of(List.copyOf(routes.values())));
        MeshIndex index = Pilot.index();
        ProxyTranslator translator = new ProxyTranslator(proxy());
        try (GatewayRuntime runtime = GatewayRuntime.start(GatewayOptions.defaults())) {
            long begin = cpu();
            XdsSnapshot first = translate(index, translator, kinds);
            long translated = cpu();
            runtime.apply(first);
            long applied = cpu();
            print(out, "translate all, cold index", size, new long[] {translated - begin});
            print(out, "apply all, cold data plane", size, new long[] {applied - translated});
            rounds(
                    out,
                    "one VirtualService changed",
                    size,
                    index,
                    translator,
                    runtime,
                    kinds,
                    "virtualservices.networking.istio.io",
                    routes,
                    i -> virtualService(i % size, i + 1));
            rounds(
                    out,
                    "one VirtualService more",
                    size,
                    index,
                    translator,
                    runtime,
                    kinds,
                    "virtualservices.networking.istio.io",
                    routes,
                    i -> virtualService(size + i, 0));
            rounds(
                    out,
                    "one endpoint changed",
                    size,
                    index,
                    translator,
                    runtime,
                    kinds,
                    "endpointslices.discovery.k8s.io",
                    slices,
                    i -> slice(i % size, i + 2));
        }
    }

    private static void rounds(
            PrintStream out,
            String what,
            int size,
            MeshIndex index,
            ProxyTranslator translator,
            GatewayRuntime runtime,
            Map<String, ObjectSet> kinds,
            String kind,
            NavigableMap<String, ObjectNode> objects,
            IntFunction<ObjectNode> change) {
        long[] translating = new long[ROUNDS];
        long[] applying = new long[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ObjectNode changed = change.apply(i);
            objects.put("apps/" + changed.path("metadata").path("name").asText(), changed);
            List<ObjectNode> items = new ArrayList<>(objects.values());
            long begin = cpu();
            kinds.computeIfPresent(kind, (k, before) -> before.next(items));
            XdsSnapshot snapshot = translate(index, translator, kinds);
            long translated = cpu();
            runtime.apply(snapshot);
            translating[i] = translated - begin;
            applying[i] = cpu() - translated;
        }
        print(out, what + ": translate", size, translating);
        print(out, what + ": apply", size, applying);
    }

    private static XdsSnapshot translate(
            MeshIndex index, ProxyTranslator translator, Map<String, ObjectSet> kinds) {
        return translator.translate(
                index.update(new MeshSnapshot("1", kinds)), "1", JwksSource.NONE);
    }

    private static void print(PrintStream out, String what, int size, long[] nanos) {
        Arrays.sort(nanos);
        out.printf(
                "| %s | %,d | %.2f | %.2f | %.2f |%n",
                what,
                size,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) Math.ceil(nanos.length * 0.99) - 1] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    /** Time that this thread ran, in nanoseconds: what others do meanwhile does not count. */
    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port for the gateway's listener", e);
        }
    }

    private static ProxyIdentity proxy() {
        return new ProxyIdentity(
                ProxyIdentity.Role.ROUTER,
                "istio-system",
                "gw",
                "10.0.0.1",
                Map.of("istio", "ingressgateway"),
                Map.of());
    }

    private static ObjectNode object(String version, String kind, String name) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("apiVersion", version).put("kind", kind);
        out.putObject("metadata")
                .put("namespace", "apps")
                .put("name", name)
                .put("creationTimestamp", "2026-01-01T00:00:00Z");
        return out;
    }

    private static ObjectNode gateway() {
        ObjectNode out = object("networking.istio.io/v1", "Gateway", "gateway");
        ObjectNode spec = out.putObject("spec");
        spec.putObject("selector").put("istio", "ingressgateway");
        ObjectNode server = spec.putArray("servers").addObject();
        server.putObject("port")
                .put("number", freePort())
                .put("name", "http")
                .put("protocol", "HTTP");
        server.putArray("hosts").add("*");
        return out;
    }

    private static ObjectNode virtualService(int number, int version) {
        ObjectNode out =
                object("networking.istio.io/v1", "VirtualService", "vs-%05d".formatted(number));
        ObjectNode spec = out.putObject("spec");
        spec.putArray("hosts").add("host-" + number + ".example.com");
        spec.putArray("gateways").add("gateway");
        ObjectNode api = spec.putArray("http").addObject();
        api.putArray("match").addObject().putObject("uri").put("prefix", "/api/v" + version);
        api.put("timeout", "3s");
        destination(api, number);
        destination(spec.withArray("http").addObject(), number);
        return out;
    }

    private static void destination(ObjectNode rule, int number) {
        rule.putArray("route")
                .addObject()
                .putObject("destination")
                .put("host", "s-%05d".formatted(number % 10_000))
                .putObject("port")
                .put("number", 80);
    }

    private static ObjectNode service(int number) {
        ObjectNode out = object("v1", "Service", "s-%05d".formatted(number));
        ObjectNode spec = out.putObject("spec");
        spec.putObject("selector").put("app", "s" + number);
        spec.putArray("ports").addObject().put("name", "http").put("port", 80);
        return out;
    }

    private static ObjectNode slice(int number, int version) {
        ObjectNode out = object("discovery.k8s.io/v1", "EndpointSlice", "s-%05d".formatted(number));
        ((ObjectNode) out.get("metadata"))
                .putObject("labels")
                .put("kubernetes.io/service-name", "s-%05d".formatted(number));
        out.put("addressType", "IPv4");
        out.putArray("ports").addObject().put("name", "http").put("port", 8080);
        ObjectNode endpoint = out.putArray("endpoints").addObject();
        endpoint.putArray("addresses")
                .add("10.%d.%d.%d".formatted(version % 250, number / 250, number % 250));
        endpoint.putObject("conditions").put("ready", true);
        return out;
    }
}
