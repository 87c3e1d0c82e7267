/**
 * Kubernetes Gateway API: Gateways and routes become Istio Gateways and VirtualServices, which are
 * then translated by the same path as written ones; and their status conditions.
 */
@NullMarked
package dev.meshdojo.simulator.pilot.gatewayapi;

import org.jspecify.annotations.NullMarked;
