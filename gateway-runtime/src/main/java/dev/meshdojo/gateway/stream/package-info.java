/**
 * One request as rules, formatters and logs see it: head lines, stream facts, response flags and
 * Envoy's command operators. No Netty, no sockets; everything above builds on this.
 */
@NullMarked
package dev.meshdojo.gateway.stream;

import org.jspecify.annotations.NullMarked;
