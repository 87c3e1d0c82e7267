/** kubectl's commands. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.verb;

import org.jspecify.annotations.NullMarked;
