/** Output formats: tables, YAML, JSON, JSONPath, templates, columns. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.print;

import org.jspecify.annotations.NullMarked;
