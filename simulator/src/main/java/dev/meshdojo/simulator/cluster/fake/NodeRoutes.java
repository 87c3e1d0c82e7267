package dev.meshdojo.simulator.cluster.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.meshdojo.simulator.apiserver.webhook.WebhookRoutes;
import dev.meshdojo.simulator.network.ClusterNetwork;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Webhooks through the cluster's network, as an API server on the node reaches them. istiod's
 * webhooks are what this cluster's own plugins do; they count as called when istiod is there.
 *
 * @param network carries the calls
 */
record NodeRoutes(ClusterNetwork network) implements WebhookRoutes {

    @Override
    public @Nullable InetSocketAddress resolve(String host, int port) {
        return network.resolve("default", host, port);
    }

    @Override
    public boolean answersFor(ObjectNode service, String path) {
        JsonNode labels = service.path("metadata").path("labels");
        return labels.path("app").asText().equals("istiod")
                && (path.startsWith("/inject") || path.startsWith("/validate"));
    }
}
