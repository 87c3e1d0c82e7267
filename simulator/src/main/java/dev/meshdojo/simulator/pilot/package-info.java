/** The control plane: a mesh snapshot and a proxy identity make an xDS snapshot. Pure functions. */
@NullMarked
package dev.meshdojo.simulator.pilot;

import org.jspecify.annotations.NullMarked;
