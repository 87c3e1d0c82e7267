/**
 * The in-process cluster, put together: API server, controllers, node, network, control plane,
 * gateways.
 */
@NullMarked
package dev.meshdojo.simulator.cluster.fake;

import org.jspecify.annotations.NullMarked;
