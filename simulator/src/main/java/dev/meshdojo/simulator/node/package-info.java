/** The kubelet: pod life cycle, probes, logs and exec, and which image runs which program. */
@NullMarked
package dev.meshdojo.simulator.node;

import org.jspecify.annotations.NullMarked;
