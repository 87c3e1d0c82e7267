/** The cluster as scenarios see it, and its kinds: in process, k3s, any kubeconfig. */
@NullMarked
package dev.meshdojo.simulator.cluster;

import org.jspecify.annotations.NullMarked;
