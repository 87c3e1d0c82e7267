/** VirtualService HTTP rules to Envoy route configurations. */
@NullMarked
package dev.meshdojo.simulator.pilot.route;

import org.jspecify.annotations.NullMarked;
