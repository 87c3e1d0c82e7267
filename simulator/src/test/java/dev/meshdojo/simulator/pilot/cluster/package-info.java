@NullMarked
package dev.meshdojo.simulator.pilot.cluster;

import org.jspecify.annotations.NullMarked;
