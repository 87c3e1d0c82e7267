/** The programs of the lab shell. */
@NullMarked
package dev.meshdojo.simulator.shell.command;

import org.jspecify.annotations.NullMarked;
