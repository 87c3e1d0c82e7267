package dev.meshdojo.simulator.node;

import dev.meshdojo.simulator.apps.Container;
import java.io.IOException;

/**
 * Starts the proxy behind {@code istio/proxyv2}, {@code auto} and {@code envoyproxy/envoy}
 * containers. The control plane's side provides it, since only it knows how a proxy gets its
 * configuration.
 */
@FunctionalInterface
public interface GatewayWorkload {

    /**
     * Starts a proxy in the container: identity, environment and network are the container's; the
     * proxy's log lines go to {@link Container#log}. Returns once its admin port answers.
     *
     * @return closed when the container stops
     */
    AutoCloseable start(Container container) throws IOException, InterruptedException;
}
