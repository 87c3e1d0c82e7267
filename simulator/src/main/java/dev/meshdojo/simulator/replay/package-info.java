/**
 * Replays recorded kubectl and helm transcripts against a cluster and tells, line by line, where it
 * answers otherwise than a real one.
 */
@NullMarked
package dev.meshdojo.simulator.replay;

import org.jspecify.annotations.NullMarked;
