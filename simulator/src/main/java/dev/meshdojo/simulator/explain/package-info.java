/** Says which route answers a request, and why no other did: {@code meshdojo explain}. */
@NullMarked
package dev.meshdojo.simulator.explain;

import org.jspecify.annotations.NullMarked;
