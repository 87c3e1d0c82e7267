package dev.meshdojo.simulator.network;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a real listener for each node port and load-balancer port that has something behind it. A
 * port whose endpoints are all gone or listen on nothing has no listener, so the system refuses its
 * clients, as it would with kube-proxy's rules.
 */
final class EdgePorts implements AutoCloseable {

    private static final InetAddress NODE = IpAddresses.parse("127.0.0.1");

    private final ServiceTable services;
    private final EndpointPicker picker;
    private final PortRegistry registry;
    private final LoopbackBlock block;
    private final EventLoopGroup loops;
    private final Consumer<ExposedPort> moved;
    private final ChannelGroup connections =
            new DefaultChannelGroup("edge", GlobalEventExecutor.INSTANCE, true);
    private final Map<Edge, EdgeListener> listeners = new HashMap<>();
    private volatile Map<Edge, InetSocketAddress> open = Map.of();
    private boolean closed;

    /** An address and port of the cluster's edge. */
    private record Edge(String ip, int port) {}

    private record Wanted(ServiceRecord service, ServiceRecord.Port port) {}

    EdgePorts(
            ServiceTable services,
            EndpointPicker picker,
            PortRegistry registry,
            LoopbackBlock block,
            EventLoopGroup loops,
            Consumer<ExposedPort> moved) {
        this.services = services;
        this.picker = picker;
        this.registry = registry;
        this.block = block;
        this.loops = loops;
        this.moved = moved;
    }

    /** The real address of a node port ({@code ip} the node's) or load-balancer port, or null. */
    @Nullable InetSocketAddress real(String ip, int port) {
        return open.get(new Edge(ip, port));
    }

    /** What is open now, by Service name and port. */
    synchronized List<ExposedPort> exposed() {
        List<ExposedPort> result = new ArrayList<>();
        wanted().forEach(
                        (edge, wanted) -> {
                            InetSocketAddress real = open.get(edge);
                            if (real != null) {
                                result.add(describe(edge, wanted, real));
                            }
                        });
        result.sort(
                java.util.Comparator.comparing(ExposedPort::namespace)
                        .thenComparing(ExposedPort::service)
                        .thenComparingInt(ExposedPort::port));
        return result;
    }

    /** Opens and closes listeners until they are what Services and pods ask for. */
    synchronized void reconcile() {
        if (closed) {
            return;
        }
        Map<Edge, Wanted> wanted = wanted();
        listeners
                .entrySet()
                .removeIf(
                        entry -> {
                            if (wanted.containsKey(entry.getKey())) {
                                return false;
                            }
                            entry.getValue().close();
                            return true;
                        });
        wanted.forEach(
                (edge, target) -> {
                    if (!listeners.containsKey(edge)) {
                        open(edge, target);
                    }
                });
        Map<Edge, InetSocketAddress> now = new HashMap<>();
        listeners.forEach((edge, listener) -> now.put(edge, listener.address()));
        open = Map.copyOf(now);
    }

    private Map<Edge, Wanted> wanted() {
        Map<Edge, Wanted> wanted = new HashMap<>();
        for (ServiceRecord service : services.services()) {
            for (ServiceRecord.Port port : service.ports()) {
                if (!port.protocol().equals("TCP") || !answers(service, port)) {
                    continue;
                }
                Wanted target = new Wanted(service, port);
                if (port.nodePort() != 0) {
                    wanted.put(new Edge(LoopbackNetwork.NODE_IP, port.nodePort()), target);
                }
                for (String ip : service.externalIps()) {
                    wanted.put(new Edge(ip, port.port()), target);
                }
            }
        }
        return wanted;
    }

    private boolean answers(ServiceRecord service, ServiceRecord.Port port) {
        return picker.targets(service, port).stream()
                .anyMatch(target -> registry.outside(target.ip(), target.port()) != null);
    }

    private void open(Edge edge, Wanted wanted) {
        InetAddress ip = IpAddresses.parse(edge.ip());
        InetAddress host = block.isLoadBalancer(ip) ? ip : NODE;
        boolean own = block.isLoadBalancer(ip) || edge.ip().equals(LoopbackNetwork.NODE_IP);
        EdgeListener listener = own ? listen(new InetSocketAddress(host, edge.port()), edge) : null;
        if (listener == null) {
            listener = listen(new InetSocketAddress(host, 0), edge);
            if (listener == null) {
                return;
            }
            ExposedPort port = describe(edge, wanted, listener.address());
            Thread.startVirtualThread(() -> moved.accept(port));
        }
        listeners.put(edge, listener);
    }

    private @Nullable EdgeListener listen(InetSocketAddress address, Edge edge) {
        try {
            return EdgeListener.open(address, loops, connections, () -> backend(edge));
        } catch (IOException e) {
            return null;
        }
    }

    private @Nullable InetSocketAddress backend(Edge edge) {
        ServiceRecord service =
                edge.ip().equals(LoopbackNetwork.NODE_IP)
                        ? services.byNodePort(edge.port())
                        : services.byAddress(edge.ip());
        if (service == null) {
            return null;
        }
        for (ServiceRecord.Port port : service.ports()) {
            boolean meant =
                    edge.ip().equals(LoopbackNetwork.NODE_IP)
                            ? port.nodePort() == edge.port()
                            : port.port() == edge.port();
            if (meant) {
                EndpointPicker.Target target =
                        picker.pick(LoopbackNetwork.OUTSIDE_IP, service, port);
                return target == null ? null : registry.outside(target.ip(), target.port());
            }
        }
        return null;
    }

    private static ExposedPort describe(Edge edge, Wanted wanted, InetSocketAddress real) {
        boolean node = edge.ip().equals(LoopbackNetwork.NODE_IP);
        return new ExposedPort(
                wanted.service().namespace(),
                wanted.service().name(),
                wanted.port().port(),
                node ? ExposedPort.Kind.NODE_PORT : ExposedPort.Kind.LOAD_BALANCER,
                InetSocketAddress.createUnresolved(edge.ip(), edge.port()),
                real);
    }

    /** Closes every listener and every connection through one. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            listeners.clear();
            open = Map.of();
        }
        connections.close().awaitUninterruptibly();
    }
}
