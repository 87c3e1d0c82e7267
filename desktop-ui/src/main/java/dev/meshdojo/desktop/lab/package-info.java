/** The lab page: steps, commands, output, checks. */
@NullMarked
package dev.meshdojo.desktop.lab;

import org.jspecify.annotations.NullMarked;
