package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import dev.meshdojo.simulator.apiserver.ResourceKey;
import dev.meshdojo.simulator.cluster.ClusterSpec;
import dev.meshdojo.simulator.cluster.ClusterSpec.IstioProfile;
import dev.meshdojo.simulator.cluster.ClusterSpec.LoadBalancer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * What a cluster costs: start to first answer, a hundred at once, many objects with many watchers.
 * Prints figures and asserts nothing; {@code docs/performance.md} tells how to run it.
 */
public final class ClusterBenchmark {

    private static final int STARTS = 40;
    private static final int CLUSTERS = 100;
    private static final int OBJECTS = 10_000;
    private static final int WATCHERS = 50;
    private static final int WRITES = 2_000;

    private ClusterBenchmark() {}

    /**
     * Runs the parts that are named, {@code starts}, {@code hundred}, {@code watchers}; all without
     * names.
     */
    public static void main(String[] args) throws Exception {
        List<String> parts =
                args.length == 0 ? List.of("starts", "hundred", "watchers") : List.of(args);
        if (parts.contains("starts")) {
            starts();
        }
        if (parts.contains("hundred")) {
            hundred();
        }
        if (parts.contains("watchers")) {
            watchers();
        }
    }

    private static FakeCluster start() throws InterruptedException {
        return FakeCluster.start(new ClusterSpec(IstioProfile.NONE, LoadBalancer.NONE));
    }

    private static void starts() throws Exception {
        double[] answers = new double[STARTS];
        double[] processor = new double[STARTS];
        try (HttpClient client = client()) {
            for (int i = -STARTS; i < STARTS; i++) {
                long begin = System.nanoTime();
                long busy = processorNanos();
                try (FakeCluster cluster = start()) {
                    get(client, cluster, "/api/v1/namespaces/default");
                    if (i >= 0) {
                        answers[i] = (System.nanoTime() - begin) / 1e6;
                        processor[i] = (processorNanos() - busy) / 1e6;
                    }
                }
            }
        }
        print("start to first HTTPS answer, warm JVM", answers);
        print("processor time of the whole JVM meanwhile", processor);
    }

    private static long processorNanos() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    private static void hundred() throws Exception {
        long before = heap();
        int threads = Thread.activeCount();
        long begin = System.nanoTime();
        List<FakeCluster> clusters = new ArrayList<>();
        List<Integer> ports = new ArrayList<>();
        try (HttpClient client = client()) {
            for (int i = 0; i < CLUSTERS; i++) {
                FakeCluster cluster = start();
                clusters.add(cluster);
                ports.add(cluster.apiServer().address().getPort());
            }
            for (FakeCluster cluster : clusters) {
                get(client, cluster, "/api/v1/nodes/lab-node");
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d clusters at once: %.1f s to start, %d MiB of heap, %d platform threads%n",
                    CLUSTERS,
                    (System.nanoTime() - begin) / 1e9,
                    (heap() - before) >> 20,
                    Thread.activeCount());
        } finally {
            clusters.forEach(FakeCluster::close);
        }
        clusters.clear();
        int free = 0;
        for (int port : ports) {
            free += isFree(port) ? 1 : 0;
        }
        System.out.printf(
                Locale.ROOT,
                "closed again: %d of %d ports free, %d MiB of heap left, %d threads (%d before)%n",
                free,
                CLUSTERS,
                (heap() - before) >> 20,
                Thread.activeCount(),
                threads);
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(
                    new java.net.InetSocketAddress(
                            java.net.InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void watchers() throws Exception {
        try (FakeCluster cluster = start();
                HttpClient client = client()) {
            ResourceApi api = cluster.api();
            long begin = System.nanoTime();
            for (int i = 0; i < OBJECTS; i++) {
                api.create(configMap(i));
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d objects: %.0f creates/s%n",
                    OBJECTS,
                    OBJECTS / ((System.nanoTime() - begin) / 1e9));
            AtomicLong seen = new AtomicLong();
            CountDownLatch all = new CountDownLatch(WATCHERS);
            List<ResourceApi.EventStream> streams = new ArrayList<>();
            String from = api.resourceVersion();
            for (int i = 0; i < WATCHERS; i++) {
                ResourceApi.EventStream stream = api.watch("", "configmaps", "default", from);
                streams.add(stream);
                Thread.startVirtualThread(() -> follow(stream, seen, all));
            }
            double[] writes = new double[WRITES];
            double[] reads = new double[WRITES / 20];
            begin = System.nanoTime();
            for (int i = 0; i < WRITES; i++) {
                int value = i;
                long at = System.nanoTime();
                api.edit(
                        new ResourceKey("", "configmaps", "default", "m" + i),
                        live -> {
                            if (live != null) {
                                live.withObject("/data").put("k", "w" + value);
                            }
                            return live;
                        });
                writes[i] = (System.nanoTime() - at) / 1e6;
                if (i % 20 == 0) {
                    at = System.nanoTime();
                    get(client, cluster, "/api/v1/namespaces/default/configmaps?limit=500");
                    reads[i / 20] = (System.nanoTime() - at) / 1e6;
                }
            }
            all.await();
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "%d watchers: %d events delivered, %.0f events/s%n",
                    WATCHERS,
                    seen.get(),
                    seen.get() / seconds);
            print("write beside " + OBJECTS + " objects and " + WATCHERS + " watchers", writes);
            print("list of 500 by HTTPS beside them", reads);
            double[] full = new double[10];
            for (int i = 0; i < full.length; i++) {
                long at = System.nanoTime();
                get(client, cluster, "/api/v1/namespaces/default/configmaps");
                full[i] = (System.nanoTime() - at) / 1e6;
            }
            print("list of all by HTTPS", full);
            streams.forEach(ResourceApi.EventStream::close);
        }
    }

    private static void follow(
            ResourceApi.EventStream stream, AtomicLong seen, CountDownLatch all) {
        try {
            for (int i = 0; i < WRITES; i++) {
                if (stream.next() == null) {
                    return;
                }
                seen.incrementAndGet();
            }
            all.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode configMap(int number) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("apiVersion", "v1").put("kind", "ConfigMap");
        object.putObject("metadata").put("name", "m" + number).put("namespace", "default");
        object.putObject("data").put("k", "v".repeat(200));
        return object;
    }

    private static long heap() {
        System.gc();
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static void print(String what, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%s: median %.1f ms, p90 %.1f ms, worst %.1f ms%n",
                what,
                millis[millis.length / 2],
                millis[millis.length * 9 / 10],
                millis[millis.length - 1]);
    }

    private static void get(HttpClient client, FakeCluster cluster, String path)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> answer =
                client.send(
                        HttpRequest.newBuilder(URI.create(cluster.apiServer().address() + path))
                                .header("Authorization", "Bearer " + cluster.apiServer().token())
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(path + ": " + answer.statusCode());
        }
    }

    /** A client that trusts every cluster. */
    private static HttpClient client() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
