/** Services and destination rules to Envoy clusters and endpoint assignments. */
@NullMarked
package dev.meshdojo.simulator.pilot.cluster;

import org.jspecify.annotations.NullMarked;
