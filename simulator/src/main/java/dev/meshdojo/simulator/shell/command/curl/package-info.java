/** The built-in {@code curl}. */
@NullMarked
package dev.meshdojo.simulator.shell.command.curl;

import org.jspecify.annotations.NullMarked;
