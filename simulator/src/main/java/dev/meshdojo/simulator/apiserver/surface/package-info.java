/** Puts together what makes the API server look like a Kubernetes one to clients. */
@NullMarked
package dev.meshdojo.simulator.apiserver.surface;

import org.jspecify.annotations.NullMarked;
