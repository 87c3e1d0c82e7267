/**
 * What the control plane makes of Kubernetes and Istio objects before any xDS: services, endpoints,
 * destination rules, virtual services, gateways, mesh configuration.
 */
@NullMarked
package dev.meshdojo.simulator.pilot.model;

import org.jspecify.annotations.NullMarked;
