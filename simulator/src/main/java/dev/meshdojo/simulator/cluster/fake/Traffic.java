package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.gateway.telemetry.TrafficEvent;
import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.cluster.TrafficHop;
import dev.meshdojo.simulator.network.LoopbackNetwork;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Turns what gateways and workloads tell into hops for whoever watches. Thread-safe. */
final class Traffic {

    private static final String CLIENT = "client";

    private final List<Consumer<TrafficHop>> watchers = new CopyOnWriteArrayList<>();
    private final List<BiConsumer<String, TrafficEvent>> explained = new CopyOnWriteArrayList<>();

    AutoCloseable watch(Consumer<TrafficHop> watcher) {
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Like {@link #watch}, for all that gateways tell; while somebody does, they explain. */
    AutoCloseable watchGateways(BiConsumer<String, TrafficEvent> watcher) {
        explained.add(watcher);
        return () -> explained.remove(watcher);
    }

    /** Whether gateways are to tell why they chose a route. */
    boolean explains() {
        return !explained.isEmpty();
    }

    /** A request, or a connection without one, ended at a gateway. */
    void passedGateway(String gateway, TrafficEvent event) {
        explained.forEach(watcher -> watcher.accept(gateway, event));
        if (watchers.isEmpty()) {
            return;
        }
        TrafficEvent.Request request = event.request();
        String shown =
                request == null ? "connection" : request.method() + " " + pathOf(request.path());
        var end = event.start().plus(event.duration());
        tell(new TrafficHop(CLIENT, gateway, shown, event.response().status(), end));
        TrafficEvent.RouteChoice route = event.route();
        if (route == null || route.cluster() == null || event.attempts().isEmpty()) {
            return;
        }
        int status = event.attempts().getLast().status();
        tell(new TrafficHop(gateway, service(route.cluster()), shown, status, end));
    }

    /**
     * A program in a pod sent a request.
     *
     * @param network knows the Services
     * @param status 0 when there was no answer
     */
    void passedWorkload(
            LoopbackNetwork network, Container from, String host, String request, int status) {
        if (watchers.isEmpty()) {
            return;
        }
        String namespace = from.pod().namespace();
        String sender = network.serviceOf(namespace, from.pod().ip());
        String receiver = network.serviceOf(namespace, host);
        tell(
                new TrafficHop(
                        sender == null ? namespace + "/" + workload(from) : sender,
                        receiver == null ? host : receiver,
                        pathOf(request),
                        status,
                        from.clock().instant()));
    }

    /** The workload of a container's pod: what Istio's injection says, or the pod's generator. */
    static String workload(Container container) {
        return container.env(
                "ISTIO_META_WORKLOAD_NAME",
                container.pod().name().replaceFirst("(-[a-z0-9]{6,10})?-[a-z0-9]{5}$", ""));
    }

    private void tell(TrafficHop hop) {
        watchers.forEach(watcher -> watcher.accept(hop));
    }

    private static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** {@code outbound|9090||order.apps.svc.cluster.local} is {@code apps/order}. */
    private static String service(String cluster) {
        String host = cluster.substring(cluster.lastIndexOf('|') + 1);
        String[] labels = host.split("\\.", 3);
        return labels.length == 3 && labels[2].startsWith("svc.")
                ? labels[1] + "/" + labels[0]
                : host;
    }
}
