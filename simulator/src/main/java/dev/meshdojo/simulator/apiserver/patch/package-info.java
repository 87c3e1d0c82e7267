/** Patches: JSON Patch, merge patch, strategic merge patch, server-side apply. */
@NullMarked
package dev.meshdojo.simulator.apiserver.patch;

import org.jspecify.annotations.NullMarked;
