package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.AppServer;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;

/**
 * {@code istio/pilot}: ready, and nothing more. The control plane itself runs beside the API
 * server; this is its presence in the cluster.
 */
public final class IstiodWorkload implements Workload, HttpApp {

    private static final int HTTP_PORT = 8080;
    private static final int MONITORING_PORT = 15014;

    @Override
    public int run(Container container) throws IOException, InterruptedException {
        var addressing = container.network().addressing();
        var loops = container.eventLoops().group();
        try (AppServer _ = AppServer.http(addressing, loops, any(HTTP_PORT), this);
                AppServer _ = AppServer.http(addressing, loops, any(MONITORING_PORT), this)) {
            container.started();
            new CountDownLatch(1).await();
        }
        return 0;
    }

    private static InetSocketAddress any(int port) {
        return new InetSocketAddress("0.0.0.0", port);
    }

    @Override
    public CompletionStage<Reply> answer(Request request) {
        return CompletableFuture.completedFuture(
                request.path().equals("/ready")
                        ? Reply.of(200, "text/plain", "")
                        : Reply.of(404, "text/plain; charset=utf-8", "404 page not found\n"));
    }
}
