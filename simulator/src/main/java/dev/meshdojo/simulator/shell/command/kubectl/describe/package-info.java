/** kubectl describe, one describer per family of kinds. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.describe;

import org.jspecify.annotations.NullMarked;
