/** The small shell and the few commands that run inside containers. */
@NullMarked
package dev.meshdojo.simulator.apps.shell;

import org.jspecify.annotations.NullMarked;
