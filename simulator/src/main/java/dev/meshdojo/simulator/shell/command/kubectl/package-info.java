/** The built-in {@code kubectl}. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl;

import org.jspecify.annotations.NullMarked;
