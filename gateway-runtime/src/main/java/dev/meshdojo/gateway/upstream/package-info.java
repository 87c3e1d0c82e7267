/** Clusters, endpoint choice, connection pools, outlier ejection and circuit breakers. */
@NullMarked
package dev.meshdojo.gateway.upstream;

import org.jspecify.annotations.NullMarked;
