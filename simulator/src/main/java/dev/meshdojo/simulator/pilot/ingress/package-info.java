/** Kubernetes Ingresses as Istio Gateways and VirtualServices. */
@NullMarked
package dev.meshdojo.simulator.pilot.ingress;

import org.jspecify.annotations.NullMarked;
