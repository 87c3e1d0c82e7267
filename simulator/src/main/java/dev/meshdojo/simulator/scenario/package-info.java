/** Scenario operations, assertions and reports: what labs check and scenario files do. */
@NullMarked
package dev.meshdojo.simulator.scenario;

import org.jspecify.annotations.NullMarked;
