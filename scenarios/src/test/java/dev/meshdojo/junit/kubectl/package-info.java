/** Replays of recorded kubectl and helm sessions. */
@NullMarked
package dev.meshdojo.junit.kubectl;

import org.jspecify.annotations.NullMarked;
