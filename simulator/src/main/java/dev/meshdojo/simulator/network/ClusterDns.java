package dev.meshdojo.simulator.network;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Names of the cluster's zone, as CoreDNS answers them to a pod whose resolver has the usual search
 * list and {@code ndots:5}.
 *
 * <p>Source: Kubernetes "DNS for Services and Pods". Not modelled: SRV records and names outside
 * the zone, which do not resolve.
 */
final class ClusterDns {

    private static final String ZONE = "cluster.local";
    private static final int NDOTS = 5;
    private static final int MAX_ALIASES = 8;

    private final ServiceTable services;

    ClusterDns(ServiceTable services) {
        this.services = services;
    }

    /** What a name stands for. */
    sealed interface Answer {
        /** A Service with a cluster IP. */
        record Service(ServiceRecord service) implements Answer {}

        /** Addresses of pods, of a headless Service or one by one. */
        record Addresses(List<String> ips) implements Answer {}
    }

    /** The answer for {@code host}, or null when it does not resolve. */
    @Nullable Answer lookup(String namespace, String host) {
        return lookup(namespace, host, MAX_ALIASES);
    }

    private @Nullable Answer lookup(String namespace, String host, int aliases) {
        if (aliases == 0) {
            return null;
        }
        InetAddress literal = IpAddresses.literal(host);
        if (literal != null) {
            return new Answer.Addresses(List.of(literal.getHostAddress()));
        }
        for (String name : candidates(namespace, host.toLowerCase(Locale.ROOT))) {
            Answer answer = absolute(name, aliases);
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    private static List<String> candidates(String namespace, String host) {
        if (host.endsWith(".")) {
            return List.of(host.substring(0, host.length() - 1));
        }
        List<String> searched =
                List.of(
                        host + "." + namespace + ".svc." + ZONE,
                        host + ".svc." + ZONE,
                        host + "." + ZONE);
        List<String> names = new ArrayList<>(searched);
        long dots = host.chars().filter(c -> c == '.').count();
        names.add(dots >= NDOTS ? 0 : names.size(), host);
        return names;
    }

    private @Nullable Answer absolute(String name, int aliases) {
        if (name.equals("localhost")) {
            return new Answer.Addresses(List.of("127.0.0.1"));
        }
        if (!name.endsWith("." + ZONE)) {
            return null;
        }
        String[] labels = name.substring(0, name.length() - ZONE.length() - 1).split("\\.", -1);
        int kind = labels.length - 1;
        if (kind == 2 && labels[kind].equals("pod")) {
            InetAddress ip = IpAddresses.literal(labels[0].replace('-', '.'));
            return ip == null ? null : new Answer.Addresses(List.of(ip.getHostAddress()));
        }
        if (kind < 2 || kind > 3 || !labels[kind].equals("svc")) {
            return null;
        }
        ServiceRecord service = services.service(labels[kind - 1], labels[kind - 2]);
        if (service == null) {
            return null;
        }
        return kind == 2 ? ofService(service, aliases) : ofHostname(service, labels[0]);
    }

    private @Nullable Answer ofService(ServiceRecord service, int aliases) {
        String alias = service.externalName();
        if (alias != null) {
            return lookup(service.namespace(), alias + ".", aliases - 1);
        }
        if (!service.headless()) {
            return new Answer.Service(service);
        }
        List<String> ips =
                services.ready(service).stream().map(EndpointRecord::ip).distinct().toList();
        return ips.isEmpty() ? null : new Answer.Addresses(ips);
    }

    private @Nullable Answer ofHostname(ServiceRecord service, String hostname) {
        List<String> ips =
                services.ready(service).stream()
                        .filter(endpoint -> endpoint.hostname().equals(hostname))
                        .map(EndpointRecord::ip)
                        .distinct()
                        .toList();
        return ips.isEmpty() ? null : new Answer.Addresses(ips);
    }
}
