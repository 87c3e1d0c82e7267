/** The built-in {@code istioctl}. */
@NullMarked
package dev.meshdojo.simulator.shell.command.istioctl;

import org.jspecify.annotations.NullMarked;
