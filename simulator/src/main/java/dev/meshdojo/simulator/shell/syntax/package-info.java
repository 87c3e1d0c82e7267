/** The shell language: from text to a tree. Knows nothing of running it. */
@NullMarked
package dev.meshdojo.simulator.shell.syntax;

import org.jspecify.annotations.NullMarked;
