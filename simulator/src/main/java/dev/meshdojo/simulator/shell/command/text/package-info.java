/** The usual text and file tools, in the subset that labs use. */
@NullMarked
package dev.meshdojo.simulator.shell.command.text;

import org.jspecify.annotations.NullMarked;
