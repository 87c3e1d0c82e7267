package dev.meshdojo.simulator.network;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.ResourceApi;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's network on loopback sockets. Services and their endpoints come from the API server,
 * once {@link #follow} was called.
 *
 * <p>Pods get addresses of 10.244.0.0/24, in order. The node is 192.168.49.2. Whoever connects from
 * outside is called 192.168.49.1. Documentation addresses (RFC 5737) swallow packets; other
 * addresses outside the cluster mean what they say.
 */
public final class LoopbackNetwork implements ClusterNetwork {

    /** The node's address. */
    public static final String NODE_IP = "192.168.49.2";

    /** What clients outside the cluster are called. */
    public static final String OUTSIDE_IP = "192.168.49.1";

    private static final int PODS = 254;
    private static final int POOL = 199;

    private final EventLoops loops;
    private final LoopbackBlock block;
    private final BlackHole blackHole;
    private final PortRegistry registry = new PortRegistry();
    private final ServiceTable services = new ServiceTable();
    private final ClusterDns dns = new ClusterDns(services);
    private final EndpointPicker picker;
    private final EdgePorts edge;
    private final Map<String, LoopbackPod> pods = new ConcurrentHashMap<>();
    private final Map<InetAddress, LoopbackPod> byReal = new ConcurrentHashMap<>();
    private final boolean[] used = new boolean[PODS + 1];
    private final List<ResourceInformer> informers = new ArrayList<>();
    private int last;

    /**
     * @param random chooses among endpoints
     * @param clock for session affinity
     * @param moved told of each exposed port that could not keep its address, on a virtual thread
     */
    public LoopbackNetwork(RandomGenerator random, Clock clock, Consumer<ExposedPort> moved) {
        this(random, clock, moved, null);
    }

    /**
     * The same, with load-balancer addresses of a former run where nobody else took them.
     *
     * @param formerly the first address of the former {@link #loadBalancerPool()}, or null
     */
    public LoopbackNetwork(
            RandomGenerator random,
            Clock clock,
            Consumer<ExposedPort> moved,
            @Nullable String formerly) {
        this.loops = EventLoops.lease();
        this.block = LoopbackBlock.reserve(formerly == null ? null : IpAddresses.parse(formerly));
        this.blackHole = new BlackHole(IpAddresses.parse("127.0.0.1"));
        this.picker = new EndpointPicker(services, random, clock);
        this.edge = new EdgePorts(services, picker, registry, block, loops.group(), moved);
        services.onChange(edge::reconcile);
        registry.onChange(edge::reconcile);
    }

    /** Starts to follow Services and EndpointSlices; ends with {@link #close}. */
    public synchronized void follow(ResourceApi api) {
        informers.add(
                ResourceInformer.start(
                        api,
                        "",
                        "services",
                        listener(services::putService, services::removeService)));
        informers.add(
                ResourceInformer.start(
                        api,
                        "discovery.k8s.io",
                        "endpointslices",
                        listener(services::putSlice, services::removeSlice)));
    }

    private static ResourceInformer.Listener listener(
            Consumer<ObjectNode> put, java.util.function.BiConsumer<String, String> remove) {
        return new ResourceInformer.Listener() {
            @Override
            public void stored(ObjectNode object) {
                put.accept(object);
            }

            @Override
            public void removed(ObjectNode object) {
                remove.accept(
                        object.path("metadata").path("namespace").asText(),
                        object.path("metadata").path("name").asText());
            }
        };
    }

    /** Lets pods reach a server of this host at a port of the node: the API server. */
    public void serveOnNode(int port, InetSocketAddress real) {
        registry.bound(NODE_IP, port, false, real);
    }

    /** The event loops that carry this network; workloads may share them while it is open. */
    public EventLoops eventLoops() {
        return loops;
    }

    /**
     * The addresses a load-balancer controller may give to Services, in order. Empty where the
     * system routes 127.0.0.1 alone: any address may be given there, and each port is mapped to a
     * free one of 127.0.0.1.
     */
    public List<String> loadBalancerPool() {
        if (!block.addressPerPod()) {
            return List.of();
        }
        List<String> pool = new ArrayList<>();
        for (int i = 1; i <= POOL; i++) {
            pool.add(block.loadBalancer(i).getHostAddress());
        }
        return pool;
    }

    /** The node ports and load-balancer ports that the host can reach now. */
    public List<ExposedPort> exposed() {
        return edge.exposed();
    }

    /**
     * The Service that a name or address stands for, as {@code namespace/name}; null when none.
     *
     * @param namespace the namespace whose search list completes short names
     */
    public @Nullable String serviceOf(String namespace, String host) {
        return switch (dns.lookup(namespace, host)) {
            case null -> null;
            case ClusterDns.Answer.Service(ServiceRecord service) -> service.fullName();
            case ClusterDns.Answer.Addresses(List<String> ips) -> services.nameOf(ips.getFirst());
        };
    }

    @Override
    public PodAttachment attachPod(String namespace, String pod, @Nullable String requestedIp) {
        synchronized (used) {
            if (requestedIp != null && pods.containsKey(requestedIp)) {
                throw new IllegalArgumentException(
                        "address " + requestedIp + " belongs to another pod; ask for a free one");
            }
            int number = freeNumber();
            used[number] = true;
            String ip = requestedIp == null ? "10.244.0." + number : requestedIp;
            LoopbackPod attachment =
                    new LoopbackPod(this, namespace, ip, number, block.pod(number));
            pods.put(ip, attachment);
            if (block.addressPerPod()) {
                byReal.put(block.pod(number), attachment);
            }
            return attachment;
        }
    }

    private int freeNumber() {
        for (int i = 1; i <= PODS; i++) {
            int number = (last + i - 1) % PODS + 1;
            if (!used[number] && !pods.containsKey("10.244.0." + number)) {
                last = number;
                return number;
            }
        }
        throw new IllegalStateException(
                "no pod address is free in 10.244.0.0/24 (254 pods run); delete some pods");
    }

    void detach(LoopbackPod pod) {
        synchronized (used) {
            if (pods.remove(pod.podIp(), pod)) {
                used[pod.number()] = false;
                byReal.remove(pod.real());
                registry.forget(pod.podIp());
            }
        }
    }

    PortRegistry registry() {
        return registry;
    }

    boolean addressPerPod() {
        return block.addressPerPod();
    }

    /** The pod whose own loopback address that is, or null. */
    @Nullable LoopbackPod podAt(@Nullable InetAddress real) {
        return real == null ? null : byReal.get(real);
    }

    InetSocketAddress refusing() {
        return block.refusing();
    }

    @Override
    public @Nullable InetSocketAddress resolve(String namespace, String host, int port) {
        return route(OUTSIDE_IP, namespace, host, port);
    }

    /**
     * Where a process on this host reaches a destination: {@link #resolve}, and an address that
     * refuses where nothing answers.
     */
    public InetSocketAddress fromHost(String namespace, String host, int port) {
        InetSocketAddress real = resolve(namespace, host, port);
        return real == null ? refusing() : real;
    }

    /** Whether a pod of the cluster has that address. */
    public boolean isPod(String ip) {
        return pods.containsKey(ip);
    }

    /** {@link #resolve} for the client with that address. */
    @Nullable InetSocketAddress route(String client, String namespace, String host, int port) {
        return switch (dns.lookup(namespace, host)) {
            case null -> null;
            case ClusterDns.Answer.Service(ServiceRecord service) ->
                    byService(client, service, port);
            case ClusterDns.Answer.Addresses(List<String> ips) -> firstOf(client, ips, port);
        };
    }

    private @Nullable InetSocketAddress firstOf(String client, List<String> ips, int port) {
        for (String ip : ips) {
            InetSocketAddress real = byIp(client, ip, port);
            if (real != null) {
                return real;
            }
        }
        return null;
    }

    private @Nullable InetSocketAddress byService(
            String client, ServiceRecord service, int number) {
        ServiceRecord.Port port = service.tcpPort(number);
        EndpointPicker.Target target = port == null ? null : picker.pick(client, service, port);
        return target == null ? null : registry.outside(target.ip(), target.port());
    }

    private @Nullable InetSocketAddress byIp(String client, String ip, int port) {
        LoopbackPod pod = pods.get(ip);
        if (pod != null) {
            return pod.podIp().equals(client)
                    ? registry.inside(ip, port)
                    : registry.outside(ip, port);
        }
        ServiceRecord service = services.byAddress(ip);
        if (service != null) {
            return byService(client, service, port);
        }
        if (ip.equals(NODE_IP)) {
            InetSocketAddress served = registry.outside(NODE_IP, port);
            return served == null ? edge.real(NODE_IP, port) : served;
        }
        InetAddress address = IpAddresses.parse(ip);
        if (address.isLoopbackAddress()) {
            return client.equals(OUTSIDE_IP) ? new InetSocketAddress(address, port) : null;
        }
        if (isCluster(address)) {
            return null;
        }
        return IpAddresses.isUnrouted(address)
                ? blackHole.address()
                : new InetSocketAddress(address, port);
    }

    /** 10.244.0.0/16 and 10.96.0.0/16. */
    private static boolean isCluster(InetAddress address) {
        byte[] b = address.getAddress();
        return b.length == 4 && b[0] == 10 && ((b[1] & 0xff) == 244 || b[1] == 96);
    }

    @Override
    public List<String> lookup(String namespace, String host) {
        return switch (dns.lookup(namespace, host)) {
            case null -> List.of();
            case ClusterDns.Answer.Service(ServiceRecord service) -> service.clusterIps();
            case ClusterDns.Answer.Addresses(List<String> ips) -> ips;
        };
    }

    @Override
    public Socket connect(@Nullable PodAttachment from, String host, int port) throws IOException {
        LoopbackPod pod = from instanceof LoopbackPod own ? own : null;
        String namespace = pod == null ? "default" : pod.namespace();
        String client = pod == null ? OUTSIDE_IP : pod.podIp();
        if (dns.lookup(namespace, host) == null) {
            throw new UnknownHostException("Could not resolve host: " + host);
        }
        InetSocketAddress real =
                pod != null && pod.isOwn(host)
                        ? registry.inside(pod.podIp(), port)
                        : route(client, namespace, host, port);
        if (real == null) {
            throw new ConnectException("Connection refused");
        }
        Socket socket = new Socket();
        try {
            InetSocketAddress source =
                    pod == null || !real.getAddress().isLoopbackAddress()
                            ? null
                            : pod.addressing().sourceAddress();
            if (source != null) {
                socket.bind(source);
            }
            socket.setTcpNoDelay(true);
            socket.connect(real);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Ends informers, closes every edge port and connection, and gives the addresses back. */
    @Override
    public void close() {
        List<ResourceInformer> running;
        synchronized (this) {
            running = List.copyOf(informers);
            informers.clear();
        }
        running.forEach(ResourceInformer::close);
        edge.close();
        blackHole.close();
        block.close();
        loops.close();
    }
}
