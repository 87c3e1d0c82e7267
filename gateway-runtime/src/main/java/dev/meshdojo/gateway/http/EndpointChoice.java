package dev.meshdojo.gateway.http;

import dev.meshdojo.gateway.loop.Worker;
import dev.meshdojo.gateway.route.ForwardAction;
import dev.meshdojo.gateway.upstream.Endpoint;
import dev.meshdojo.gateway.upstream.UpstreamCluster;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint gets the next try of one request: by the route's hash policies, and away from
 * where earlier tries went if the route says so. Owned by one router.
 */
final class EndpointChoice implements UpstreamCluster.Choice {

    private final Exchange exchange;
    private final ForwardAction action;
    private final List<Attempt> earlier;
    private @Nullable HashKey key;

    EndpointChoice(Exchange exchange, ForwardAction action, List<Attempt> earlier) {
        this.exchange = exchange;
        this.action = action;
        this.earlier = earlier;
    }

    /** The next endpoint, chosen by the head as it is by now; null when none is healthy. */
    @Nullable Endpoint next(UpstreamCluster cluster, Worker worker) {
        exchange.record().attempt();
        key = null;
        return cluster.choose(worker, this);
    }

    /** The cookie that the client gets, so that it comes back to the same endpoint. */
    @Nullable String setCookie() {
        return key == null ? null : key.setCookie();
    }

    @Override
    public long hash() {
        if (action.hashPolicies().isEmpty()) {
            return exchange.environment().random().nextLong();
        }
        HashKey now = key;
        if (now == null) {
            now =
                    HashKey.of(
                            action.hashPolicies(),
                            exchange.request(),
                            exchange.record(),
                            exchange.environment().random());
            key = now;
        }
        return now.hash();
    }

    @Override
    public boolean avoid(Endpoint endpoint) {
        for (Attempt attempt : earlier) {
            if (attempt.endpoint() == endpoint) {
                return true;
            }
        }
        return false;
    }

    @Override
    public int attempts() {
        return earlier.isEmpty() || !action.retry().avoidPreviousHosts()
                ? 1
                : Math.max(1, action.retry().hostSelectionAttempts()) + 1;
    }
}
