/**
 * What a cluster would say of files, without a cluster: verdicts of a real API server's kind and
 * Istio's analysis, each with the place in the file.
 */
@NullMarked
package dev.meshdojo.simulator.check;

import org.jspecify.annotations.NullMarked;
