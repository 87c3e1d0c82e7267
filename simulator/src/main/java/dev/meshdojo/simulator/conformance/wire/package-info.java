/**
 * Clients that write requests byte for byte as a recorded case asks for, and say what came back.
 */
@NullMarked
package dev.meshdojo.simulator.conformance.wire;

import org.jspecify.annotations.NullMarked;
