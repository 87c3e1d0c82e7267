package dev.meshdojo.simulator.network;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoint of a connection to a Service as kube-proxy does: by chance, among the ready
 * ones, and with {@code sessionAffinity: ClientIP} the same for each client. Thread-safe.
 */
final class EndpointPicker {

    /** A pod's address and port. */
    record Target(String ip, int port) {}

    private final ServiceTable services;
    private final RandomGenerator random;
    private final Clock clock;
    private final Map<Stickiness, Choice> choices = new ConcurrentHashMap<>();

    private record Stickiness(String client, String namespace, String service) {}

    private record Choice(String ip, Instant until) {}

    EndpointPicker(ServiceTable services, RandomGenerator random, Clock clock) {
        this.services = services;
        this.random = random;
        this.clock = clock;
    }

    /** The endpoints that port {@code port} of a Service leads to. */
    List<Target> targets(ServiceRecord service, ServiceRecord.Port port) {
        return services.ready(service).stream()
                .filter(endpoint -> endpoint.ports().containsKey(port.name()))
                .map(endpoint -> new Target(endpoint.ip(), endpoint.ports().get(port.name())))
                .distinct()
                .toList();
    }

    /**
     * One of them, or null when there is none.
     *
     * @param client the client's address
     */
    @Nullable Target pick(String client, ServiceRecord service, ServiceRecord.Port port) {
        List<Target> targets = targets(service, port);
        if (targets.isEmpty()) {
            return null;
        }
        if (service.affinitySeconds() == 0) {
            return any(targets);
        }
        Instant now = clock.instant();
        Stickiness stickiness = new Stickiness(client, service.namespace(), service.name());
        Choice before = choices.get(stickiness);
        Target target = null;
        if (before != null && now.isBefore(before.until())) {
            target =
                    targets.stream()
                            .filter(t -> t.ip().equals(before.ip()))
                            .findFirst()
                            .orElse(null);
        }
        Target chosen = target == null ? any(targets) : target;
        choices.put(
                stickiness, new Choice(chosen.ip(), now.plusSeconds(service.affinitySeconds())));
        return chosen;
    }

    private Target any(List<Target> targets) {
        if (targets.size() == 1) {
            return targets.getFirst();
        }
        synchronized (random) {
            return targets.get(random.nextInt(targets.size()));
        }
    }
}
