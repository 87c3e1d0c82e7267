/** The in-process Kubernetes API server. */
@NullMarked
package dev.meshdojo.simulator.apiserver;

import org.jspecify.annotations.NullMarked;
