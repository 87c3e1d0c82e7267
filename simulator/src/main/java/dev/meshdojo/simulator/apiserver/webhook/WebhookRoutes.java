package dev.meshdojo.simulator.apiserver.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** How the API server reaches webhooks. Thread-safe; lookups do not block. */
public interface WebhookRoutes {

    /**
     * The real socket address behind a cluster IP or a host name, as the node sees it.
     *
     * @return null when nothing answers there
     */
    @Nullable InetSocketAddress resolve(String host, int port);

    /**
     * Whether this server does itself what the webhook behind a Service does, so that the webhook
     * has to be there, but is not asked.
     *
     * @param service the Service
     * @param path where the webhook stands
     */
    boolean answersFor(ObjectNode service, String path);

    /** Straight to the host's own addresses, without a cluster's network. */
    WebhookRoutes HOST =
            new WebhookRoutes() {
                @Override
                public InetSocketAddress resolve(String host, int port) {
                    return new InetSocketAddress(host, port);
                }

                @Override
                public boolean answersFor(ObjectNode service, String path) {
                    return false;
                }
            };
}
