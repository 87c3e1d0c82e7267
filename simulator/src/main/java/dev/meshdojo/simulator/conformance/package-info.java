/**
 * Runs recorded cases, {@code meshdojo conformance}, and compares what comes out with the
 * recording.
 */
@NullMarked
package dev.meshdojo.simulator.conformance;

import org.jspecify.annotations.NullMarked;
