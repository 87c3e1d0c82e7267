/**
 * Reads lab and scenario files: YAML with the line and column of everything, and problems that name
 * them.
 */
@NullMarked
package dev.meshdojo.simulator.scenario.spec;

import org.jspecify.annotations.NullMarked;
