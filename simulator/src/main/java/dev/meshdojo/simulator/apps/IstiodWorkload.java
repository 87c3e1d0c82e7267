package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.AppServer;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * {@code istio/pilot}: the presence in the cluster of the control plane, which itself runs beside
 * the API server. It serves xDS, readiness, and which proxies are in sync.
 */
public final class IstiodWorkload implements Workload, HttpApp {

    /** The ports that only the control plane can serve. */
    public interface ControlPlanePorts {

        /**
         * Serves ADS in istiod's container.
         *
         * @return closed when the container stops
         * @throws IOException when a port cannot be opened
         */
        AutoCloseable open(Container container) throws IOException;

        /** The connected proxies as istiod's {@code /debug/syncz} prints them: JSON. */
        String syncz();
    }

    private static final int HTTP_PORT = 8080;
    private static final int MONITORING_PORT = 15014;
    private static final int WEBHOOK_PORT = 15017;

    private final ControlPlanePorts ports;

    /** istiod with ports that {@code ports} serves. */
    public IstiodWorkload(ControlPlanePorts ports) {
        this.ports = ports;
    }

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        var addressing = container.network().addressing();
        var loops = container.eventLoops().group();
        try (AppServer _ = AppServer.http(addressing, loops, any(HTTP_PORT), this);
                AppServer _ = AppServer.http(addressing, loops, any(MONITORING_PORT), this);
                AppServer _ = AppServer.http(addressing, loops, any(WEBHOOK_PORT), this)) {
            AutoCloseable xds = ports.open(container);
            try {
                container.started();
                new CountDownLatch(1).await();
            } finally {
                close(xds);
            }
        }
        return 0;
    }

    private static void close(AutoCloseable xds) throws IOException {
        try {
            xds.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("istiod's xDS ports", e);
        }
    }

    private static InetSocketAddress any(int port) {
        return new InetSocketAddress("0.0.0.0", port);
    }

    @Override
    public CompletionStage<Reply> answer(Request request) {
        return CompletableFuture.completedFuture(
                switch (request.path()) {
                    case "/ready" -> Reply.of(200, "text/plain", "");
                    case "/debug/syncz" -> Reply.of(200, "application/json", ports.syncz());
                    default -> Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n");
                });
    }
}
