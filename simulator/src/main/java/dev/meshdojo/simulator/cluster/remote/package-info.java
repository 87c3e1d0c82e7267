/** A gateway for a cluster that runs elsewhere, known by a kubeconfig. */
@NullMarked
package dev.meshdojo.simulator.cluster.remote;

import org.jspecify.annotations.NullMarked;
