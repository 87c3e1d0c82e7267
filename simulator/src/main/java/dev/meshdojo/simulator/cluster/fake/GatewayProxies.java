package dev.meshdojo.simulator.cluster.fake;

import dev.meshdojo.simulator.apps.Container;
import dev.meshdojo.simulator.node.GatewayWorkload;

/** Runs gateway pods. */
final class GatewayProxies implements GatewayWorkload {
    @Override
    public AutoCloseable start(Container container) {
        return () -> {};
    }
}
