package dev.meshdojo.simulator.apps;

import dev.meshdojo.simulator.apps.http.AppServer;
import dev.meshdojo.simulator.apps.http.HttpApp;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntFunction;

/** Serves HTTP on a container's ports until the container stops. */
public final class Serving {

    private Serving() {}

    /** An application whose answers may block; each runs on a virtual thread. */
    @FunctionalInterface
    public interface BlockingApp {
        /** The answer; an exception becomes a bare 500. */
        HttpApp.Reply answer(HttpApp.Request request) throws IOException, InterruptedException;
    }

    /** Serves an application that may block. */
    public static int blocking(Container container, List<Integer> ports, BlockingApp app)
            throws IOException, InterruptedException {
        return run(container, ports, blockingApp(app));
    }

    private static HttpApp blockingApp(BlockingApp app) {
        return request -> {
            CompletableFuture<HttpApp.Reply> reply = new CompletableFuture<>();
            Thread.startVirtualThread(
                    () -> {
                        try {
                            reply.complete(app.answer(request));
                        } catch (IOException | InterruptedException | RuntimeException e) {
                            reply.completeExceptionally(e);
                        }
                    });
            return reply;
        };
    }

    /** An application that may block and asks which port a request came to. */
    @FunctionalInterface
    public interface PortApp {
        /** The answer; an exception becomes a bare 500. */
        HttpApp.Reply answer(int port, HttpApp.Request request)
                throws IOException, InterruptedException;
    }

    /** Serves an application that may block and tells it the port. */
    public static int blockingByPort(Container container, List<Integer> ports, PortApp app)
            throws IOException, InterruptedException {
        return serve(container, ports, port -> blockingApp(request -> app.answer(port, request)));
    }

    /** Serves an application that never blocks. */
    public static int run(Container container, List<Integer> ports, HttpApp app)
            throws IOException, InterruptedException {
        return serve(container, ports, port -> app);
    }

    private static int serve(Container container, List<Integer> ports, IntFunction<HttpApp> apps)
            throws IOException, InterruptedException {
        List<AppServer> servers = new ArrayList<>();
        try {
            for (int port : ports) {
                servers.add(
                        AppServer.http(
                                container.network().addressing(),
                                container.eventLoops().group(),
                                new InetSocketAddress("0.0.0.0", port),
                                apps.apply(port)));
            }
            container.started();
            new CountDownLatch(1).await();
            return 0;
        } finally {
            servers.forEach(AppServer::close);
        }
    }

    /** The port of {@code 0.0.0.0:9090} or {@code :9090}. */
    static int port(String address, int fallback) {
        String number = address.substring(address.lastIndexOf(':') + 1);
        return number.matches("\\d{1,5}") ? Integer.parseInt(number) : fallback;
    }

    /** The value of {@code -name=value} or {@code -name value}, one dash or two. */
    static String flag(Container container, String name, String fallback) {
        List<String> words = new ArrayList<>(container.command());
        words.addAll(container.args());
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i).replaceFirst("^--?", "");
            if (word.startsWith(name + "=")) {
                return word.substring(name.length() + 1);
            }
            if (word.equals(name) && words.get(i).startsWith("-") && i + 1 < words.size()) {
                return words.get(i + 1);
            }
        }
        return fallback;
    }
}
