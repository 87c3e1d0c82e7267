/** Istio's validation as pure functions from an object to a verdict. */
@NullMarked
package dev.meshdojo.simulator.admission;

import org.jspecify.annotations.NullMarked;
