/** Command lines, errors and sessions in kubectl's manner. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.cli;

import org.jspecify.annotations.NullMarked;
