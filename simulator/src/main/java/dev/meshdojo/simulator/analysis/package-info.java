/**
 * The analyzers behind {@code istioctl analyze}: what Istio says of a set of objects beyond what
 * each of them says by itself.
 */
@NullMarked
package dev.meshdojo.simulator.analysis;

import org.jspecify.annotations.NullMarked;
