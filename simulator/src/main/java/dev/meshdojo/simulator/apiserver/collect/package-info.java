/** What follows deletions: garbage collection by owner references, and the end of namespaces. */
@NullMarked
package dev.meshdojo.simulator.apiserver.collect;

import org.jspecify.annotations.NullMarked;
