/** What kubectl apply sends: three-way merges. */
@NullMarked
package dev.meshdojo.simulator.shell.command.kubectl.merge;

import org.jspecify.annotations.NullMarked;
