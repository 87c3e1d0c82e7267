/** Pod and Service addresses, cluster DNS, and what is exposed to the host. */
@NullMarked
package dev.meshdojo.simulator.network;

import org.jspecify.annotations.NullMarked;
