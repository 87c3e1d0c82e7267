/** IstioOperator input: paths, merging, profiles and overlays. */
@NullMarked
package dev.meshdojo.simulator.istio.operator;

import org.jspecify.annotations.NullMarked;
