/** TLS contexts and secrets, authorization and request authentication filters. */
@NullMarked
package dev.meshdojo.simulator.pilot.security;

import org.jspecify.annotations.NullMarked;
