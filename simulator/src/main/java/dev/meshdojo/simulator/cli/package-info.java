/** The {@code meshdojo} command. */
@NullMarked
package dev.meshdojo.simulator.cli;

import org.jspecify.annotations.NullMarked;
