/** Sidecar and gateway injection into pods. */
@NullMarked
package dev.meshdojo.simulator.istio.injection;

import org.jspecify.annotations.NullMarked;
