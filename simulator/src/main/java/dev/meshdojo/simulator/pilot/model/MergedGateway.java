package dev.meshdojo.simulator.pilot.model;

import dev.meshdojo.simulator.pilot.ProxyIdentity;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All servers that one gateway pod serves, by listening port. Who comes first in age decides what a
 * port speaks; later servers that do not fit are left out, as Istio leaves them out.
 *
 * @param ports the listening ports in order of first appearance
 * @param byRoute servers by the route table their requests use, in merge order
 */
public record MergedGateway(List<Port> ports, Map<String, List<GatewayServer>> byRoute) {

    /** Annotation that binds a Gateway to Services instead of pods. */
    public static final String SERVICES = "internal.istio.io/gateway-service";

    /** Annotation of such Gateways: the account of the pods, empty when somebody deploys them. */
    public static final String SERVICE_ACCOUNT = "internal.istio.io/service-account-name";

    /** Annotation of such Gateways: where the Services are, when not beside the Gateway. */
    public static final String PARENT_NAMESPACE = "internal.istio.io/parent-namespace";

    private static final String NO_TRANSLATION =
            "experimental.istio.io/disable-gateway-port-translation";

    /**
     * One listening port.
     *
     * @param number the port that the pod listens on
     * @param protocol what the first server speaks
     * @param bind address; empty for all
     * @param route route table of plain HTTP servers; empty otherwise
     * @param servers the servers on it, in merge order
     */
    public record Port(
            int number,
            Protocol protocol,
            String bind,
            String route,
            List<GatewayServer> servers) {}

    /**
     * One Service port in front of the proxy.
     *
     * @param service the Service
     * @param port the Service port's number
     * @param targetPort the port of the pod it leads to
     */
    public record Target(Service service, int port, int targetPort) {}

    /** Whether some server passes mesh TLS through to any Service. */
    public boolean autoPassthrough() {
        return ports.stream()
                .flatMap(port -> port.servers().stream())
                .anyMatch(
                        server ->
                                server.tls().present()
                                        && server.mode() == GatewayServer.TlsMode.AUTO_PASSTHROUGH);
    }

    /** Merges the Gateways that apply to a proxy; null when none does. */
    public static @Nullable MergedGateway of(
            List<KubeObject> gateways, ProxyIdentity proxy, List<Target> targets) {
        List<Instance> instances = new ArrayList<>();
        for (KubeObject gateway : gateways) {
            String services = gateway.annotations().get(SERVICES);
            Map<String, String> selector = gateway.spec().textMap("selector");
            if (services != null) {
                Set<String> known = Set.of(services.split(","));
                List<Target> own =
                        targets.stream()
                                .filter(target -> known.contains(target.service().hostname()))
                                .filter(
                                        target ->
                                                target.service()
                                                        .namespace()
                                                        .equals(servicesNamespace(gateway)))
                                .toList();
                if (!own.isEmpty()) {
                    instances.add(new Instance(gateway, false, own));
                }
            } else if (proxy.labels().entrySet().containsAll(selector.entrySet())) {
                instances.add(new Instance(gateway, true, targets));
            }
        }
        List<Instance> kept = strictly(instances);
        return kept.isEmpty() ? null : new Merger().merge(kept);
    }

    private static String servicesNamespace(KubeObject gateway) {
        return gateway.annotations().getOrDefault(PARENT_NAMESPACE, gateway.namespace());
    }

    /**
     * Beside Gateways whose pods Istio deploys for the Gateway API, Istio's own Gateways count only
     * in the same namespaces.
     */
    private static List<Instance> strictly(List<Instance> instances) {
        Set<String> managed = new HashSet<>();
        for (Instance instance : instances) {
            Map<String, String> annotations = instance.gateway.annotations();
            if (!annotations.getOrDefault(SERVICE_ACCOUNT, "").isEmpty()
                    && annotations.containsKey(SERVICES)) {
                managed.add(instance.gateway.namespace());
            }
        }
        return managed.isEmpty()
                ? instances
                : instances.stream()
                        .filter(
                                instance ->
                                        instance.gateway.annotations().containsKey(SERVICES)
                                                || managed.contains(instance.gateway.namespace()))
                        .toList();
    }

    private record Instance(KubeObject gateway, boolean bySelector, List<Target> targets) {

        List<Integer> resolve(int number) {
            Set<Integer> out = new java.util.TreeSet<>();
            for (Target target : targets) {
                if (target.port() != number
                        || (bySelector && target.service().labels().containsKey(NO_TRANSLATION))) {
                    continue;
                }
                if (bySelector) {
                    return List.of(target.targetPort());
                }
                out.add(target.targetPort());
            }
            return out.isEmpty() && bySelector ? List.of(number) : List.copyOf(out);
        }
    }

    private record Key(int number, Protocol protocol, String bind) {}

    /** The state of one merge. */
    private static final class Merger {
        private final Map<Key, Port> ports = new LinkedHashMap<>();
        private final Map<String, List<GatewayServer>> byRoute = new LinkedHashMap<>();
        private final Map<Integer, Key> plainText = new HashMap<>();
        private final Map<Integer, Map<String, String>> tlsHosts = new HashMap<>();
        private final Set<Integer> taken = new HashSet<>();

        MergedGateway merge(List<Instance> instances) {
            for (Instance instance : instances) {
                for (JsonView written : instance.gateway.spec().list("servers")) {
                    if (!written.has("port")) {
                        continue;
                    }
                    GatewayServer server = GatewayServer.of(instance.gateway, written);
                    for (int port : instance.resolve(server.portNumber())) {
                        place(server, port);
                    }
                }
            }
            return new MergedGateway(List.copyOf(ports.values()), byRoute);
        }

        private void place(GatewayServer server, int port) {
            String route = routeName(server, port);
            if (server.tls().present() && !claimHosts(server, port)) {
                return;
            }
            Key key = new Key(port, server.protocol(), server.bind());
            if (taken.add(port)) {
                addPlain(server, key, route);
                return;
            }
            Key current = plainText.get(port);
            if (current != null) {
                joinPlain(server, key, current, route);
            } else if (!server.tlsServer()) {
                plainText.put(port, key);
                if (server.httpServer()) {
                    byRoute.put(route, new ArrayList<>(List.of(server)));
                }
                ports.put(key, port(key, route, server));
            } else {
                joinTls(server, key, route);
            }
        }

        private void joinPlain(GatewayServer server, Key key, Key current, String route) {
            boolean sameBind = current.bind.equals(key.bind);
            boolean mergeable =
                    (key.protocol.http() || key.protocol == current.protocol)
                            && current.protocol.http();
            if (sameBind && (!mergeable || route.isEmpty())) {
                return;
            }
            if (!sameBind && !ports.containsKey(key)) {
                addPlain(server, key, route);
                return;
            }
            Port joined = ports.get(sameBind ? current : key);
            if (joined != null) {
                joined.servers().add(server);
                byRoute.computeIfAbsent(route, r -> new ArrayList<>()).add(server);
            }
        }

        private void joinTls(GatewayServer server, Key key, String route) {
            if (server.httpServer()) {
                if (route.isEmpty() || byRoute.containsKey(route)) {
                    return;
                }
                byRoute.put(route, new ArrayList<>(List.of(server)));
            }
            Port known = ports.get(key);
            if (known == null) {
                ports.put(key, port(key, "", server));
            } else {
                known.servers().add(server);
            }
        }

        private void addPlain(GatewayServer server, Key key, String route) {
            if (!server.tlsServer()) {
                plainText.put(key.number, key);
            }
            if (server.httpServer()) {
                byRoute.put(route, new ArrayList<>(List.of(server)));
            }
            ports.put(key, port(key, route, server));
        }

        private boolean claimHosts(GatewayServer server, int port) {
            Map<String, String> known = tlsHosts.computeIfAbsent(port, p -> new HashMap<>());
            for (String host : server.hosts()) {
                if (server.bind().equals(known.get(host))) {
                    return false;
                }
            }
            server.hosts().forEach(host -> known.put(host, server.bind()));
            return true;
        }

        private static Port port(Key key, String route, GatewayServer first) {
            return new Port(
                    key.number, key.protocol, key.bind, route, new ArrayList<>(List.of(first)));
        }
    }

    /** The name of the route table that a server's requests use; empty for TCP. */
    public static String routeName(GatewayServer server, int listeningPort) {
        String bind = server.bind().isEmpty() ? "" : "." + server.bind();
        if (server.protocol().http()) {
            return "http." + listeningPort + bind;
        }
        if (server.protocol() == Protocol.HTTPS && !server.passthrough()) {
            return "https."
                    + server.portNumber()
                    + "."
                    + server.portName()
                    + "."
                    + server.object().name()
                    + "."
                    + server.object().namespace()
                    + bind;
        }
        return "";
    }
}
