package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long after the API server acknowledged a change the gateway answers by it, seen from a client
 * that asks again and again on one connection. Run by the profile {@code configuration-benchmark};
 * not a test, see docs/performance.md.
 */
public final class PropagationBenchmark {

    private static final int ROUNDS = 300;

    private PropagationBenchmark() {}

    /**
     * Runs the benchmark.
     *
     * @param args the number of VirtualServices; none: 1,000
     */
    public static void main(String[] args) throws Exception {
        int size = args.length == 0 ? 1_000 : Integer.parseInt(args[0]);
        try (FakeCluster cluster =
                FakeCluster.start(new ClusterSpec(IstioProfile.DEFAULT, LoadBalancer.NONE))) {
            cluster.api().create(gateway());
            for (int i = 0; i < size; i++) {
                cluster.api().create(virtualService(i, 0));
            }
            cluster.awaitConfigured(Duration.ofSeconds(60));
            try (Socket socket =
                    cluster.connector()
                            .connect("istio-ingressgateway.istio-system.svc.cluster.local", 80)) {
                socket.setTcpNoDelay(true);
                run(cluster, socket, size);
            }
        }
    }

    private static void run(FakeCluster cluster, Socket socket, int size) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        long[] nanos = new long[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            int number = Math.floorMod(round * 7, size);
            int version = round + ROUNDS + 1;
            cluster.api().update(virtualService(number, version));
            long acknowledged = System.nanoTime();
            String wanted = "v" + version;
            while (!ask(socket, in, number).equals(wanted)) {
                Thread.onSpinWait();
            }
            if (round >= 0) {
                nanos[round] = System.nanoTime() - acknowledged;
            }
        }
        Arrays.sort(nanos);
        System.out.println("| what | VirtualServices | median ms | p99 ms | worst ms |");
        System.out.println("| --- | ---: | ---: | ---: | ---: |");
        System.out.printf(
                "| acknowledged to answered | %,d | %.2f | %.2f | %.2f |%n",
                size,
                nanos[ROUNDS / 2] / 1e6,
                nanos[ROUNDS * 99 / 100] / 1e6,
                nanos[ROUNDS - 1] / 1e6);
    }

    private static String ask(Socket socket, InputStream in, int number) throws IOException {
        socket.getOutputStream()
                .write(
                        ("GET / HTTP/1.1\r\nHost: host-" + number + ".example.com\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the gateway closed the connection");
            }
            head.append((char) next);
        }
        int at = head.indexOf("content-length: ");
        int length = at < 0 ? 0 : Integer.parseInt(head.substring(at + 16, head.indexOf("\r", at)));
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private static ObjectNode object(String kind, String name) {
        ObjectNode out = JsonNodeFactory.instance.objectNode();
        out.put("apiVersion", "networking.istio.io/v1").put("kind", kind);
        out.putObject("metadata").put("namespace", "default").put("name", name);
        return out;
    }

    private static ObjectNode gateway() {
        ObjectNode out = object("Gateway", "gateway");
        ObjectNode spec = out.putObject("spec");
        spec.putObject("selector").put("istio", "ingressgateway");
        ObjectNode server = spec.putArray("servers").addObject();
        server.putObject("port").put("number", 80).put("name", "http").put("protocol", "HTTP");
        server.putArray("hosts").add("*");
        return out;
    }

    private static ObjectNode virtualService(int number, int version) {
        ObjectNode out = object("VirtualService", "vs-" + number);
        ObjectNode spec = out.putObject("spec");
        spec.putArray("hosts").add("host-" + number + ".example.com");
        spec.putArray("gateways").add("gateway");
        ObjectNode response = spec.putArray("http").addObject().putObject("directResponse");
        response.put("status", 200).putObject("body").put("string", "v" + version);
        return out;
    }
}
