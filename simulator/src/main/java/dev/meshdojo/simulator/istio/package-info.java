/** Installing Istio as {@code istioctl} does, and its control plane's presence in the cluster. */
@NullMarked
package dev.meshdojo.simulator.istio;

import org.jspecify.annotations.NullMarked;
